"""What is doubtful in rules that compile: conditions that decide nothing, names that mean something else than they seem to, gaps.

`judging` puts it together: `conditions` asks the solver, `names`, `attributes`, `versions` and `overlays` look at the text,
`ignoring` leaves out what a comment says, and `mending` makes the edits that are safe.
"""
