"""Answers as data: verdicts with their reasons, why a device plugs or does not, what a machine has.

Everything here is made of a run's outcome and the rules' notes; text and JSON are made of it in `qrules.report`.

Other rooms come in by these doors:

verdicts    a config's verdict, with the machine that stands in the end where one does
reasons     a refusal as a reason; the worst of several
why         a device that plugs or does not, with remedies
hotplug     a device that comes while the machine runs
inventory   the buses, types and holders of a machine; `room` how much room a bus has
makers      types that make a bus of some kind
picture     all that stands, as a tree of buses and devices
messages    what the emulator's words mean; `codes` what ours mean
diff        two machines or two versions beside each other
bulk        a stream of questions

`reasons` imports nothing of this room but `room`; `verdicts` stands on `reasons`, and all other answers on these.
"""
