"""Python's garbage collector for a long stream of answers."""

from __future__ import annotations

import gc

_WARM = 256  # answers after which most of what is kept has been made
_OBJECTS = 50_000  # that stand more than at the last look for garbage: a config leaves none behind unless something was refused


class Collector:
    """It looks seldom, and not at what is kept for all answers."""

    def __init__(self) -> None:
        self._left = _WARM
        gc.enable()
        gc.set_threshold(_OBJECTS)

    def answered(self) -> None:
        """Counts an answer; what stands after the first ones stays for all of them."""
        if self._left:
            self._left -= 1
            if not self._left:
                gc.collect()
                gc.freeze()
