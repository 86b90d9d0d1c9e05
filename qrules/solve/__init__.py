"""Placement: items, places, capacities and couplings. Knows no hardware, no emulator and no rules.

`problem` says what is asked, `answers` what comes back, `solver` answers. A caller turns a machine and a configuration into
a `Problem` and the `Placement` into whatever it prints; nothing here is loaded by other questions.

Words have the meaning of `problem` here, whatever they mean elsewhere: a *plan* is how many expanders are added (not the short
cut of `qrules.plans`), a *wish* what an item asks for besides a place, a *step* an expander in a pool of some type.
"""
