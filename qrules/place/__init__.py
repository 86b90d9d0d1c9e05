"""Where devices go: from a config and wishes to a problem for `qrules.solve`, and from its answer to a config that was tried.

The stages, each with a value that the next one takes:

wants        what is asked besides the config itself
sites        the buses of a machine, of the user's controllers and of those that could be added, with their places
fitting      which device may stand on which bus, and the rule that strikes the others out
controllers  which controllers could be added, and what buses each brings; `nodes` which NUMA nodes they can be given
setting      the config laid out: its pools, each a site with who brings it (`Setting`)
problem      the question to the solver, with the way back (`Question`); `pins` the places that are written or kept
writing      the solver's answer as a config (`Written`); `pinning` writes a device so that it stands where it stands
ordering     devices that stand, each bus before what stands on it
settling     solve, write down, strike what the rules refuse of that, and solve again (`Settled`)
serving      whether what stands serves the wishes, and how many more fit onto it
stepwise     where that leads to nothing: devices put down one by one on the machine; `chains` leads to a bus, `vain` nowhere
unserved     wishes that no machine could serve
competing    the true reason of a no: what can stand nowhere, and what only stands in one another's way
placing      all of it, and the judge: the config is run as it is printed (`Placed`)
policies     where what is found is refused as a whole by a rule of a site: controllers added for that rule

On these stand the further questions: `spare`, `ways`, `elsewhere` and `repairs`. What all of them answer with is in `answer`.

Repairs have steps of their own: a draft is a command line with what was changed in it (`drafts`, `changing`), and what could be
changed comes from the rule that refuses (`mending`), from names that are near (`misnamed`), from types that serve the same
(`stand_ins`), from values that nobody has (`free_values`) and, last, from what can be left
out (`relaxing`); `refusing` tells what is still in the way, `shown` has what comes of it.
"""
