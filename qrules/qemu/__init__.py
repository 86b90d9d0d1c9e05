"""Real QEMU binaries: start one and see whether it takes a machine, ask it over QMP, harvest its catalogue.

Answers never need this package; it serves `qrules harvest`, `qrules verify` and the conformance tests.
"""
