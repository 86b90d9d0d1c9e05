"""A shell's patterns, as rules write values with a star in them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Wildcards:
    """Some patterns: plain texts are looked up, of the others each is tried; the commonest, with one star, without `fnmatch`."""

    __slots__ = ("_plain", "_starred")

    def __init__(self, patterns: Iterable[str]) -> None:
        patterns = tuple(patterns)
        self._starred = [pattern for pattern in patterns if not {"*", "?", "["}.isdisjoint(pattern)]
        self._plain = frozenset(patterns).difference(self._starred)

    def takes(self, text: str) -> bool:
        """Whether a text is like one of the patterns."""
        return text in self._plain or any(_is_like(text, pattern) for pattern in self._starred)


def _is_like(text: str, pattern: str) -> bool:
    before, _, behind = pattern.partition("*")
    if "?" in pattern or "[" in pattern or "*" in behind:
        from fnmatch import fnmatchcase

        return fnmatchcase(text, pattern)
    return len(text) >= len(before) + len(behind) and text.startswith(before) and text.endswith(behind)
