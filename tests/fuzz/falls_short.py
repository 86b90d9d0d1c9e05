"""Inputs of the corpus at which qrules falls short of what should hold, each with why: they run in `scripts/measure-corpus` alone."""

from __future__ import annotations

FALLS_SHORT = {
    "place-bridges-123": "each bridge is tried behind each other one, and advice asked of all: time grows with the third power of a chain",
    "convert-bridges-123": "what is converted is proven as it is printed, at each step on the whole machine: 14 CPU s for such a chain",
    "commands-300000": "each command of a script is looked at by itself: linear, 7 CPU s for 300,000",
    "place-2000": "2,000 devices that had no room have it against advice now, and finding that takes 6 CPU s",
    "uses-all": "compiles all shipped rules, which alone takes more than the limit",
}
