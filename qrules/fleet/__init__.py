"""Fleets: many configs at once, of which most are alike."""
