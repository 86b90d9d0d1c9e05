"""Inputs of the corpus at which qrules falls short of what should hold, each with why: they run in `scripts/measure-corpus` alone."""

from __future__ import annotations

FALLS_SHORT = {
    "uses-all": "compiles all shipped rules, which alone takes more than the limit",
}
