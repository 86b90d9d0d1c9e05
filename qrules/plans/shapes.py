"""What is certain of the machine, of buses and of devices before anything is asked of the state: the shapes that plans are for.

Devices of one type that came in one way, with the same properties written, onto the same sort of bus, have one shape. Buses
have one where the same line provides them on owners of one type.
"""

from __future__ import annotations

from collections.abc import Iterator

from qrules.linked.fills import decides
from qrules.machine.entities import BUS_BUILT_IN, DEVICE_BUILT_IN, MACHINE_BUILT_IN, Bus, Device, Machine
from qrules.machine.frames import SELF, SUBJECT
from qrules.plans.folding import UNSURE, Certain, Scope, fold, invariant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.linked.addresses import Dimension
    from qrules.machine.contracts import BusKind, DeviceKind, Line


_LASTING = ("bus", "creator", "written", "hotplugged", "type", "description")  # of what is built in, what never changes
_NOTHING: frozenset[str] = frozenset()


class _Shape(Certain):
    """An entity whose attributes are told by its clauses, where nothing of its own comes before."""

    def __init__(self, kinds: frozenset[str], machine: Certain | None) -> None:
        self.kinds = kinds
        self._machine = machine if machine is not None else self
        self._known: dict[str, Any] = {}
        self._invariant: dict[str, bool] = {}

    def attribute(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = UNSURE  # while it is looked for: a definition may lead back here
            self._known[name] = self._found(name)
        return self._known[name]

    def invariant(self, name: str) -> bool:
        if name not in self._invariant:
            self._invariant[name] = False  # while it is looked for
            self._invariant[name] = self.attribute(name) is not UNSURE or self._found_invariant(name)
        return self._invariant[name]

    def scope(self) -> Scope:
        """What is certain in a frame about this entity."""
        return Scope(self._machine, {SELF: self, SUBJECT: self})

    def _found(self, name: str) -> Any:
        raise NotImplementedError

    def _found_invariant(self, name: str) -> bool:
        return False

    def _all_invariant(self, definitions: Iterator[Any]) -> bool:
        return all(invariant(definition, self.scope()) for definition in definitions)

    def _told(self, definitions: Iterator[Any]) -> Any:
        """What clauses give: the first that has a value, if all before it are certain to have none."""
        for definition in definitions:
            value = fold(definition, self.scope())
            if isinstance(value, list):
                return UNSURE
            if value is not None:
                return value
        return None


class MachineShape(_Shape):
    """A machine that is built: its options are read and will not change."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine.kinds, None)
        self.machine = machine

    def _found(self, name: str) -> Any:
        machine = self.machine
        if name in machine.values:
            return machine.values[name]
        if name in MACHINE_BUILT_IN:
            return MACHINE_BUILT_IN[name](machine, None)  # type: ignore[arg-type]  # these look at the machine alone
        return self._told(machine.family.definitions(name)) if machine.family is not None else None

    def _found_invariant(self, name: str) -> bool:
        family = self.machine.family
        return family is not None and self._all_invariant(family.definitions(name))

    def given(self, name: str) -> bool | None:
        return self.machine.was_given(name)

    def lacks(self, kind: str) -> bool:
        """Kinds of wishes: whether no option asks for one."""
        wishes = self.machine.family.knowledge.shared["wishes"] if self.machine.family is not None else {}
        return kind in wishes and not any(kind in wishes[wish.kind][1] for wish in self.machine.request.wishes)

    def role(self, op: str, name: str) -> bool | None:
        return self.machine.role_open(name) if op == "role-open" else self.machine.role_replaced(name)


class OwnerShape(_Shape):
    """Some device of a type that owns a bus. A user may have given it any property of its type, the machine any of `values`."""

    def __init__(self, kind: DeviceKind, values: frozenset[str], bus: BusShape | None, machine: MachineShape) -> None:
        super().__init__(kind.kinds, machine)
        self.kind, self.values, self.bus = kind, values, bus

    def _found(self, name: str) -> Any:
        kind = self.kind
        if name == "type":
            return kind.name
        if name == "bus" and self.bus is None:
            return None
        if name in DEVICE_BUILT_IN or name in self.values or name in kind.properties or name in kind.filled:
            return UNSURE
        if name in kind.knowledge.dimensions or kind.catalogued(name) is not None:
            return UNSURE
        return self._told(kind.definitions(name))

    def _found_invariant(self, name: str) -> bool:
        if name in DEVICE_BUILT_IN:
            return name in _LASTING
        return name not in self.kind.filled and self._all_invariant(self.kind.definitions(name))

    def related(self, name: str) -> Certain | None:
        return self.bus if name == "bus" and name not in self.values else None


class BusShape(_Shape):
    """Buses that one line provides, on owners of one shape."""

    def __init__(self, kind: BusKind, provided: Line | None, owner: _Shape, machine: MachineShape) -> None:
        super().__init__(kind.kinds, machine)
        self.kind, self.provided, self.owner = kind, provided, owner
        self._reaches: dict[str, range | None] = {}
        self.parent = owner.bus if isinstance(owner, OwnerShape) else None
        self.boundless = self.attribute("capacity") is None

    def _found(self, name: str) -> Any:
        own = self.provided.compiled.get(name) if self.provided is not None else None
        value = fold(own, self.owner.scope())
        if isinstance(value, list):
            return UNSURE
        if value is not None:
            return value
        if name in BUS_BUILT_IN:
            return self.kind.name if name == "kind" else None if name == "parent" and self.parent is None else UNSURE
        return self._told(self.kind.definitions(name))

    def _found_invariant(self, name: str) -> bool:
        own = self.provided.compiled.get(name) if self.provided is not None else None
        if not invariant(own, self.owner.scope()):
            return False
        return name in BUS_BUILT_IN or self._all_invariant(self.kind.definitions(name))

    def given(self, name: str) -> bool | None:
        return False

    def reach(self, dimension: Dimension) -> range | None:
        """The range of a part of addresses, where it is the same on all buses of this shape."""
        if dimension.name not in self._reaches:
            reach = fold(dimension.reach, Scope(self._machine, {SELF: self}))
            self._reaches[dimension.name] = reach if isinstance(reach, range) else None
        return self._reaches[dimension.name]

    def related(self, name: str) -> Certain | None:
        return self.owner if name == "owner" else self.parent if name == "parent" else None


class DeviceShape(_Shape):
    """Devices of one type with the same properties written, on buses of one shape.

    `read`: their properties have been read; `placed`: they have their address.
    """

    def __init__(
        self, device: Device, bus: BusShape | None, machine: MachineShape, read: bool = True, placed: bool = False
    ) -> None:
        super().__init__(device.kinds, machine)
        self.kind, self.bus, self.names, self.named = device.kind, bus, frozenset(device.given), device.named
        self._certain: dict[str, Any] = {
            "type": device.kind.name, "written": device.request is not None, "hotplugged": device.hotplugged,
            "description": device.kind.description,
        }  # fmt: skip
        if bus is None:
            self._certain["bus"] = None
        if device.creator is None:
            self._certain["creator"] = None
        if device.wish is None:
            self._certain["wish"] = None
        scheme = bus.kind.scheme if bus is not None else None
        self._read = read
        self._placed = placed and scheme is not None and all(decides(d.fill) for d in scheme.dimensions)
        self._dimensions = scheme.names if scheme is not None else ()
        self._places = {*scheme.names, scheme.property} if scheme is not None else set[str]()
        self._unsure = self._places | self.names | self.kind.filled if read else set[str]()

    def _found(self, name: str) -> Any:
        if name in self._unsure:
            return UNSURE
        if name in DEVICE_BUILT_IN:
            return self._certain.get(name, UNSURE)
        return self._told(self.kind.definitions(name))

    def stored(self, name: str) -> str | None:
        if name == "bus" and name not in self._unsure and self.bus is not None:
            return "bus"
        if name in self._places:
            return "address" if self._placed and name in self._dimensions else None
        return "values" if self._read and name in self.names else None

    def given(self, name: str) -> bool | None:
        return name in self.names or (name == "id" and self.named)

    def related(self, name: str) -> Certain | None:
        return self.bus if name == "bus" and name not in self._unsure else None


class Shapes:
    """The shapes that a machine has met. A bus keeps its own once somebody has asked."""

    def __init__(self, machine: Machine) -> None:
        self.machine = MachineShape(machine)
        self._buses: dict[Any, BusShape] = {}
        self._owners: dict[Any, OwnerShape] = {}

    def of_bus(self, bus: Bus) -> BusShape | None:
        """The shape of a bus; None for one that hangs on nothing known."""
        known: Any = bus.shape  # nobody else gives a bus its shape
        if known is None:
            known = bus.shape = self._found(bus)
        shape: BusShape | None = known
        return shape

    def _found(self, bus: Bus) -> BusShape | None:
        owner = self._owner(bus)
        if owner is None:
            return None
        key = (bus.kind.name, bus.origin, owner)
        found = self._buses.get(key)
        if found is None:
            found = self._buses[key] = BusShape(bus.kind, bus.provided, owner, self.machine)
        return found

    def _owner(self, bus: Bus) -> _Shape | None:
        owner = bus.owner
        if not isinstance(owner, Device):
            return self.machine if isinstance(owner, Machine) else None
        above = self.of_bus(owner.bus) if owner.bus is not None else None
        if owner.bus is not None and above is None:
            return None
        values = frozenset(owner.given) if owner.request is None else _NOTHING
        key = (owner.kind.name, values, above)
        found = self._owners.get(key)
        if found is None:
            found = self._owners[key] = OwnerShape(owner.kind, values, above, self.machine)
        return found
