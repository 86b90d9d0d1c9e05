"""What was tried in vain: places that refused a device of a nature, so that those that are alike are not put there again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any


class Vain:
    """Places by bus. None as a place: no place of the bus would do."""

    def __init__(self) -> None:
        self._tried: dict[int, set[tuple[object, Any]]] = {}

    def __contains__(self, asked: tuple[int, object, Any]) -> bool:
        """Whether a place (or all) of a bus refused a device of a nature."""
        bus, nature, place = asked
        tried = self._tried.get(bus, ())
        return (nature, place) in tried or (nature, None) in tried

    def note(self, bus: int, nature: object, place: Any) -> None:
        """A place of a bus refused a device of a nature; nothing is noted where the device has none."""
        if nature is not None:
            self._tried.setdefault(bus, set()).add((nature, place))

    def keep(self, buses: Container[int]) -> None:
        """Only these buses stand; others that come may get the numbers of those that went."""
        self._tried = {bus: tried for bus, tried in self._tried.items() if bus in buses}
