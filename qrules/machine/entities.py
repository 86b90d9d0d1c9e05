"""Devices, buses and the machine: what rules speak of.

Copies of a state share them, so once they stand nothing of them changes that an answer could see. What is added later is worked
out from them and the rules alone: a bus keeps its `shape` and its invariant attributes (`known`), a device its `plan`, and an
id that is filled ``at plug``, the last step of plugging. Before it stands a device is changed by each step.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from qrules.machine.contracts import BusKind, Checks, DeviceKind, Family, Line, Plan, Plans, Shape, View
    from qrules.machine.request import Global, Request, Where

_MISSING = object()
DEEP = 16  # buses above one another: with fewer nothing is kept, and all ask one another as they like


class Entity:
    """Something with attributes. `key` (hashable) names it in claims; `label` in sentences; `kinds` are all that it is."""

    __slots__ = ()
    kinds: frozenset[str]
    key: object
    label: str

    def get(self, name: str, state: View) -> Any:
        """The value of an attribute: int, str, bool, tuple or entity, None where it is unset or there is no such attribute."""
        raise NotImplementedError

    def was_given(self, name: str) -> bool:
        """Whether a user (or the line that brought it) wrote a property."""
        return False


class Device(Entity):
    """A device that stands, or is about to. `number` counts devices from 0 in the order of plugging, -1 for one that is only
    asked about. `values` are its properties, typed; `address` the parts of its address; `given` what was written.

    `origin` is the note of the line that brought it (-1: the user did), `request` its index among the user's devices.
    `wish` is what the machine brought it for; a wish is a device on no bus, and `where` is the option that it comes from.
    """

    __slots__ = (
        "address", "bus", "checks", "creator", "given", "hotplugged", "id", "kind", "kinds", "known", "named", "number", "origin",
        "plan", "request", "values", "where", "wish",
    )  # fmt: skip
    number: int
    kind: DeviceKind
    id: str | None
    bus: Bus | None
    creator: Device | None
    request: int | None
    hotplugged: bool
    checks: Checks  # those that can apply to it, by phase
    plan: Plan | None  # what is left to ask of devices like it, once that is known
    known: dict[str, Any] | None  # of a wish what was worked out and will not change
    wish: Device | None
    where: Where | None

    def __init__(
        self,
        number: int,
        kind: DeviceKind,
        identity: str | None = None,
        given: Mapping[str, object] | None = None,
        values: Mapping[str, Any] | None = None,
        origin: int = -1,
        request: int | None = None,
        creator: Device | None = None,
        hotplugged: bool = False,
        checks: Checks | None = None,
    ) -> None:
        self.number = number
        self.kind = kind
        self.kinds = kind.kinds
        self.id = identity
        self.named = identity is not None  # a rule may give it an id later
        self.bus = None
        self.given: Mapping[str, object] = given or {}
        self.values: dict[str, Any] = dict(values) if values else {}
        self.address: dict[str, Any] = {}
        self.origin = origin
        self.request = request
        self.creator = creator
        self.hotplugged = hotplugged
        self.checks = kind.checks_for(self) if checks is None else checks
        self.known = self.wish = self.where = self.plan = None

    @property
    def key(self) -> object:  # type: ignore[override]
        return ("device", self.number)

    @property
    def label(self) -> str:  # type: ignore[override]
        return f"{self.kind.name} '{self.id}'" if self.id else self.kind.name

    def was_given(self, name: str) -> bool:
        return name in self.given or (name == "id" and self.named)

    def get(self, name: str, state: View) -> Any:
        if name in self.address:
            return self.address[name]
        if name in self.values:
            return self.values[name]
        if name in DEVICE_BUILT_IN:
            return DEVICE_BUILT_IN[name](self, state)
        return self.kind.attribute(name, self, state)


class Bus(Entity):
    """A bus instance. `nth` counts the buses of one line; `provided` is that line, None for a bus that only has a name."""

    __slots__ = ("depth", "id", "kind", "kinds", "known", "nth", "number", "owner", "provided", "shape")
    number: int
    kind: BusKind
    id: str
    owner: Entity | None
    nth: int
    provided: Line | None
    shape: Shape | None  # what is certain of it, once somebody has asked
    known: dict[str, Any]  # attributes that will not change, as far as they were asked for

    def __init__(
        self, number: int, kind: BusKind, identity: str, owner: Entity | None, nth: int, provided: Line | None = None
    ) -> None:
        self.number = number
        self.kind = kind
        self.kinds = kind.kinds
        self.id = identity
        self.owner = owner
        self.nth = nth
        self.provided = provided
        self.shape = None
        self.known = {}
        above = owner.bus if isinstance(owner, Device) else None
        self.depth: int = above.depth + 1 if above is not None else 0  # how many buses stand above it

    @property
    def origin(self) -> int:
        """The note of the line that provides it."""
        return self.provided.note if self.provided is not None else -1

    @property
    def key(self) -> object:  # type: ignore[override]
        return self.number

    @property
    def label(self) -> str:  # type: ignore[override]
        return self.id

    @property
    def parent(self) -> Bus | None:
        """The bus that its owner stands on."""
        return self.owner.bus if isinstance(self.owner, Device) else None

    def get(self, name: str, state: View) -> Any:
        value = self.known.get(name, _MISSING)
        if value is _MISSING:
            if self.depth > DEEP:
                return self._deeply_found(name, state)
            value = self._found(name, state)
            if self.shape is not None and self.shape.invariant(name):
                self.known[name] = value
        return value

    def _deeply_found(self, name: str, state: View) -> Any:
        """The same on a bus with many above it, which it may ask for the same, and they those above them.

        What is found without a look at the state stays so, and is kept. Where `DEEP` buses have asked one another, those above
        are asked beginning with the highest, so that depth costs no stack of Python's.
        """
        key, chain = (self.number, name), state.chain
        if key in chain.found:
            return chain.found[key]
        if chain.length >= DEEP:
            above, bus = [], self.parent
            while bus is not None and bus.depth > DEEP and name not in bus.known and (bus.number, name) not in chain.found:
                above.append(bus)
                bus = bus.parent
            length, chain.length = chain.length, 1  # those above have their answers before those below ask them
            for bus in reversed(above):
                chain.found[bus.number, name] = bus.get(name, state)
            chain.length = length
        looks = state.looks
        chain.length += 1
        try:
            value = self._found(name, state)
        finally:
            chain.length -= 1
            if not chain.length:
                chain.found.clear()
        if state.looks == looks:
            self.known[name] = value
        return value

    def _found(self, name: str, state: View) -> Any:
        closure = self.provided.attributes.get(name) if self.provided is not None else None
        if closure is not None:
            value = closure(state.frame_for(self.owner, self.nth))
            if value is not None:
                return value
        built_in = BUS_BUILT_IN.get(name)
        return built_in(self, state) if built_in else self.kind.attribute(name, self, state)


class Machine(Entity):
    """The machine that is asked about: its options, and what the request says before anything is plugged."""

    __slots__ = ("arch", "family", "fitting", "kinds", "name", "plans", "qemu", "request", "silenced", "values", "version")
    key = "machine"
    name: str
    arch: str
    version: tuple[int, ...] | None
    qemu: tuple[int, ...]
    family: Family | None
    request: Request
    plans: Plans | None  # for the devices of configs, once several have asked for the machine
    fitting: dict[str, list[Global]]  # by type: the values for all its devices that are of properties which it has

    def __init__(
        self,
        name: str,
        version: str,
        qemu: str,
        arch: str,
        family: Family | None,
        request: Request,
        silenced: Mapping[str, object],
    ) -> None:
        self.name = name
        self.arch = arch
        self.family = family
        self.kinds = family.kinds if family is not None else frozenset()
        self.version = tuple(int(p) for p in version.split(".")) if version else None
        self.qemu = tuple(int(p) for p in qemu.split(".") if p.isdigit())
        self.request = request
        self.silenced = silenced
        self.values: dict[str, Any] = {}
        self.plans, self.fitting = None, {}

    @property
    def label(self) -> str:  # type: ignore[override]
        return self.name

    def was_given(self, name: str) -> bool:
        return name in self.request.options or name in self.request.facts

    def role_open(self, role: str) -> bool:
        """Whether the machine brings its device of a role: wanted in any case, or by default and not silenced."""
        return role in self.request.opened or (not self.request.nodefaults and role not in self.silenced)

    def role_replaced(self, role: str) -> bool:
        """Whether a device of the config stands in for the machine's default one; an option can silence a role, too."""
        return role in self.silenced and role not in self.request.silenced and not self.role_open(role)

    def role_type(self, role: str) -> str | None:
        """The device type that the config names for a role; None where the machine's own default is meant."""
        return self.request.opened.get(role)

    def get(self, name: str, state: View) -> Any:
        value = self.values.get(name, _MISSING)
        if value is not _MISSING:
            return value
        built_in = MACHINE_BUILT_IN.get(name)
        if built_in:
            return built_in(self, state)
        return self.family.attribute(name, self, state) if self.family is not None else None


DEVICE_BUILT_IN: dict[str, Callable[[Device, View], Any]] = {
    "type": lambda d, s: d.kind.name,
    "id": lambda d, s: d.id if s.looked() else None,  # a rule may give it one after others have asked
    "bus": lambda d, s: d.bus,
    "creator": lambda d, s: d.creator if s.looked() else None,  # which may not stand yet
    "written": lambda d, s: d.request is not None,
    "hotplugged": lambda d, s: d.hotplugged,
    "description": lambda d, s: d.kind.description,
    "label": lambda d, s: d.label if s.looked() else None,
    "number": lambda d, s: d.number,
    "address": lambda d, s: s.shown_address(d),
    "child-bus": lambda d, s: s.own_bus(d),
    "point": lambda d, s: s.point_of(d),
    "wish": lambda d, s: d.wish,
}
BUS_BUILT_IN: dict[str, Callable[[Bus, View], Any]] = {
    "id": lambda b, s: b.id,
    "kind": lambda b, s: b.kind.name,
    "owner": lambda b, s: b.owner,
    "parent": lambda b, s: b.parent,
    "label": lambda b, s: b.id,
}
MACHINE_BUILT_IN: dict[str, Callable[[Machine, View], Any]] = {
    "name": lambda m, s: m.name,
    "version": lambda m, s: m.version,
    "qemu": lambda m, s: m.qemu,
    "arch": lambda m, s: m.arch,
    "nodefaults": lambda m, s: m.request.nodefaults,
    "family": lambda m, s: m.family.name if m.family is not None else None,
}


def users_own(owner: Entity | None) -> Device | None:
    """The user's device that something belongs to: itself, or the one that created it; None for the machine's own."""
    device = owner if isinstance(owner, Device) else None
    while device is not None and device.request is None:
        device = device.creator
    return device


def brings(maker: Device, bus: Bus) -> bool:
    """Whether a bus is a device's own, or that of a part which it created."""
    owner = bus.owner
    while isinstance(owner, Device) and owner is not maker:
        owner = owner.creator
    return owner is maker
