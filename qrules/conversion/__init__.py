"""A config of one machine as one of another: carry over, place what is left, write down, judge."""
