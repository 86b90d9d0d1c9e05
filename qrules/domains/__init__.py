"""Documents that describe a whole machine: read, completed in the steps that rules give, and judged."""
