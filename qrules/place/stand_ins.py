"""Types that serve the same, by the rules (``serves-as``)."""

from __future__ import annotations

from qrules.plugging.board import Board

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def serving_as(board: Board, driver: str) -> list[str]:
    """Other types that the rules say serve the same, in the order of their names; none for an unknown type."""
    kinds, types = board.knowledge.shared["kinds"], board.knowledge.shared["types"]
    real = board.knowledge.real_name(driver)
    if real not in types:
        return []
    wanted = _serves(kinds, types[real][2])
    same = [n for n, facts in types.items() if n != real and facts[0] == "user" and wanted and _serves(kinds, facts[2]) == wanted]
    return sorted(same)


def _serves(kinds: dict[str, Any], line: list[str]) -> object:
    for kind in line:
        for value, _ in kinds.get(kind, {}).get("attributes", {}).get("serves-as", ()):
            return value
    return None
