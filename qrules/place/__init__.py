"""Where devices go: from a config and wishes to a problem for `qrules.solve`, and from its answer to a config that was tried.

sites      the buses of a machine, of the user's controllers and of those that could be added, with their places
fitting    which device may stand on which bus, and the rule that strikes the others out
problem    devices, buses and controllers as items, pools and expanders
placing    solve, write down, and run the result through the rules before anybody sees it
converting a config of one machine as one of another: `transfer` has the steps, `counterparts`, `carrying` and `settling` the
           work, `telling` the reasons
"""
