"""What buses above one another have found out while they ask one another."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Chain:
    """Buses that ask one another at this moment: how many, and what some of them said."""

    __slots__ = ("found", "length")

    def __init__(self) -> None:
        self.length = 0
        self.found: dict[tuple[int, str], Any] = {}
