"""Points: places that a bus offers by name."""

from __future__ import annotations

from qrules.machine.entities import Bus, Device, Entity
from qrules.machine.frames import Closure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from qrules.machine.contracts import View


class Point(Entity):
    """A place that a bus offers by name, such as a USB port; attributes are those of the line that made it."""

    __slots__ = ("attributes", "bus", "maker", "n", "name", "note")
    kinds = frozenset(("point",))

    def __init__(self, name: Any, n: int, bus: Bus, maker: Device | None, attributes: dict[str, Closure], note: int) -> None:
        self.name, self.n, self.bus, self.maker, self.attributes, self.note = name, n, bus, maker, attributes, note

    @property
    def key(self) -> object:  # type: ignore[override]
        return ("point", self.bus.number, self.name)

    @property
    def label(self) -> str:  # type: ignore[override]
        return str(self.name)

    def get(self, name: str, state: View) -> Any:
        closure = self.attributes.get(name)
        if closure is None:
            built_in = POINT_BUILT_IN.get(name)
            return built_in(self) if built_in is not None else None
        return closure(state.frame_for(self.maker, self.n))


POINT_BUILT_IN: dict[str, Callable[[Point], Any]] = {"name": lambda p: p.name, "maker": lambda p: p.maker, "bus": lambda p: p.bus}
