"""Which kinds of buses a chain of added controllers can lead to."""

from __future__ import annotations

from qrules.linked.kinds import Kinds
from qrules.place.controllers import Addition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Chains:
    """Answers for the controllers that may be added to one config."""

    def __init__(self, kinds: Kinds, additions: Sequence[Addition]) -> None:
        self.kinds, self.additions = kinds, additions
        self._bringing: dict[str, list[tuple[Addition, str]]] = {}

    def bringing(self, bus_kind: str) -> list[tuple[Addition, str]]:
        """What could be added that brings a bus of a kind, each with the kind of bus that it goes onto."""
        found = self._bringing.get(bus_kind)
        if found is None:
            kinds = ((a, self.kinds.type(a.device.driver)) for a in self.additions)
            found = self._bringing[bus_kind] = [
                (addition, kind.bus_kind)
                for addition, kind in kinds
                if kind is not None
                and kind.bus_kind is not None
                and any(bus_kind in self.kinds.bus(made).kinds for made in kind.provided_kinds(self.kinds))
            ]
        return found

    def lead(self, standing: Iterable[str], bus_kind: str, depth: int) -> bool:
        """Whether a chain of so many controllers leads from one of the kinds of buses that stand to another kind."""
        wanted = {bus_kind}
        for _ in range(depth):
            wanted = {onto for kind in wanted for _, onto in self.bringing(kind)}
        return not wanted.isdisjoint(standing)
