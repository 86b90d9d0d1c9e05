"""A config of one machine as one of another: carry over, place what is left, write down, judge.

target        what is asked for: the new machine, what is to be kept and what to be left out
answer        what comes back
counterparts  what a device of the one machine is on the other
parts         devices with where they stood, and which of them shared a place
carrying      each to the place that it had
findings      what the steps have found out, for those who tell of it
shortening    the placed config in the shortest form that brings each device to its place
naming        other ids where buses of the new machine have the names of the user's
showing       what a guest sees of the boards themselves, and what rules say that it sees
telling       a reason for each line, what the guest finds elsewhere, what the machines bring by themselves
beginning     the two machines of an attempt
transfer      the steps, in their order, for one set of options of the new machine
converting    which options are tried
defaults      of properties that nobody wrote: which are others on another machine or version
upgrading     the same config on another version of the emulator: whether it starts, and what its guest would find elsewhere
"""
