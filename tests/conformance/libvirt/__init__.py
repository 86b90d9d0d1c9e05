"""Rules against a real libvirt, and against the data of its own tests: verdicts, stages, addresses, command lines.

Nothing of libvirt stands here. QRULES_ARGS_CORPUS names an archive with its config tests, QRULES_LIBVIRT_CASES a file with reported
domains and libvirt's answers, QRULES_ASK_LIBVIRT a program that asks a libvirt for its answer, QRULES_LIBVIRT_DIR the folder where it
finds one. What is not named is not asked: such tests skip, and say so. ``python -m tests.conformance.libvirt.run`` tells every difference.
"""
