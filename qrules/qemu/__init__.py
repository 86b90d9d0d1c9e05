"""Real QEMU binaries: start one and see whether it takes a machine, ask it over QMP, harvest its catalogue.

Answers never need this package; it serves `qrules harvest`, `verify` and `rules test --binary`, and the conformance tests.

Other rooms come in by these doors: `process` starts a binary, `qtree` reads what it prints of its buses, `harvest` writes a
catalogue, `verify` compares with the rules (`trials` says what to try, `compare` what differs), and `errors` has all that is
raised for a binary that can't be asked.
"""
