"""Where an element stands, in one or two words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.domains.answer import Placed


def address(placed: Placed) -> str:
    """Where an element stands, as libvirt's messages have it; empty where it has no address."""
    if placed.place:
        return placed.place
    given = {p.removeprefix("address/@"): v for p, v in placed.written.items() if p.startswith("address/@")}
    kind = given.pop("type", "")
    told = ", ".join(f"{name} {value}" for name, value in given.items())
    return f"{kind} {told}".strip()
