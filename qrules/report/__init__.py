"""Answers as text and JSON. Both come from the same answer objects; nobody ever has to parse prose.

`text` and `json` are for answers of `qrules.explain`; those of other rooms have a file each with both forms (`placing`, `ways`,
`elsewhere`, `conflicts`, `converting`). `tree` and `dot` draw, `diagnostics` words what is wrong with input, `style` has colours
and columns. Only `api` and `cli` stand above this room. The shapes of JSON answers are in the schemas beside these files.
"""
