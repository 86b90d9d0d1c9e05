"""What stands at a moment: devices, buses, who holds what. All containers are flat, so that a copy is cheap."""

from __future__ import annotations

from qrules.machine.budget import COPIED, current
from qrules.machine.chain import Chain
from qrules.machine.entities import Bus, Device, Machine
from qrules.machine.frames import CONTEXT, Frame, new_frame
from qrules.machine.points import Point
from qrules.machine.retracting import Retracting
from qrules.machine.rows import FEW, INDEXED, with_last, with_newest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from qrules.machine.indices import Index


MOST_STEPS = 100_000  # of evaluating rules about one machine (`qrules.linked.steps`)
MORE_STEPS = 3_000  # for each device of the config, whether or not it comes to stand, and for each option that is judged
_COPIED = ("children", "owned", "holders", "counters", "crowded", "by_name", "ids", "kinds_watched", "points", "_queues")


class State(Retracting):
    """A machine with what has been plugged so far. `left` are the steps that evaluating rules about it may still take.

    `took` are those of the state that it is a copy of; `paid` is what was left when the question's budget was last charged.
    """

    __slots__ = (
        "backends", "chain", "crowded", "left", "looks", "machine", "paid", "rooms", "said", "took", "watched",
    )  # fmt: skip

    def __init__(self, machine: Machine, watched: frozenset[str]) -> None:
        self.machine = machine
        self.watched = watched
        self.left = self.paid = MOST_STEPS
        self.took = 0
        self.backends: Mapping[str, str] = {}
        self.said: Mapping[str, Mapping[str, object]] = {}
        self.devices: list[Device] = []
        self.buses: list[Bus] = []
        self.children: dict[int, Sequence[Device]] = {}  # bus number -> devices, newest first
        self.owned: dict[int, tuple[Bus, ...]] = {}  # device number -> buses, newest first
        self.holders: dict[tuple[Any, ...], Sequence[Device]] = {}
        self.counters: dict[Any, int] = {}
        self.crowded: set[tuple[Any, ...]] = set()  # addresses without their last part, where somebody has or had a place
        self.by_name: dict[str, Sequence[Bus]] = {}
        self.ids: dict[str, Device] = {}
        self.kinds_watched: dict[str, Sequence[Device | Bus]] = {}
        self.points: dict[int, dict[Any, Point]] = {}
        self._queues: dict[int, tuple[list[Any], int, int]] = {}  # names in order, how many surely held, how many free
        self.looks = 0  # how often something was asked whose answer may be another one later
        self.chain = Chain()
        self.rooms: dict[int, tuple[object, Any]] = {}  # how much room buses had, and when
        self._indices: dict[tuple[str, str], Index] = {}  # of kinds that rules look for, by an attribute
        self._mine: set[int] = set()  # buses whose points no other state has a part in

    def copy(self) -> State:
        """A state that can go its own way. What stands is shared; who holds what is not."""
        twin = State(self.machine, self.watched)
        twin.left = twin.paid = max(self.left, MOST_STEPS)
        twin.took = MOST_STEPS - self.left
        current().charge(self, (len(self.devices) + len(self.holders)) // COPIED)
        twin.devices, twin.buses, twin.backends, twin.said = self.devices[:], self.buses[:], self.backends, self.said
        for name in _COPIED:
            setattr(twin, name, getattr(self, name).copy())
        self._mine = set()
        return twin

    # ------------------------------------------------------------------------------ growing
    def add_bus(self, bus: Bus) -> None:
        """Puts up a bus; from now on look-ups find it, the newest of its owner first."""
        self.buses.append(bus)
        self.children[bus.number] = ()
        if not isinstance(bus.owner, Device) or bus.owner.bus is not None:  # others hang on nothing: no look-up meets them
            self.by_name[bus.id] = with_last(self.by_name.get(bus.id, ()), bus)
        if isinstance(bus.owner, Device):
            self.owned[bus.owner.number] = (bus, *self.owned.get(bus.owner.number, ()))
        self._watch(bus)

    def add_device(self, device: Device) -> None:
        """Puts up a device on its bus, the newest first. What it holds is noted by `hold`."""
        self.devices.append(device)
        if device.bus is not None:
            self.children[device.bus.number] = with_newest(self.children[device.bus.number], device)
        if device.id:
            self.ids[device.id] = device
        self._watch(device)

    def grant(self, steps: int) -> None:
        """Gives more steps to the rules about what stands."""
        self.left += steps
        self.paid += steps

    def _watch(self, entity: Device | Bus) -> None:
        watched = self.kinds_watched
        for kind in entity.kind.watched:
            before = watched.get(kind, ())
            watched[kind] = (*before, entity) if len(before) < FEW else with_last(before, entity)

    def hold(self, key: tuple[Any, ...], device: Device) -> None:
        """Notes that a device holds a cell of a pool; `key` is ``(pool, key of the scope, *key)``."""
        before = self.holders.get(key)
        self.holders[key] = (device,) if before is None else with_last(before, device)
        if key[0] == "address" and len(key) > 3:
            self.crowded.add(key[:-1])
        elif key[0] == "address" and not before and key[1] in self._queues and key[2] in self.points[key[1]]:
            order, held, free = self._queues[key[1]]
            self._queues[key[1]] = (order, held, free - 1)

    def who_holds(self, cell: tuple[Any, ...]) -> Device | None:
        """The first holder of a cell."""
        self.looks += 1
        held = self.holders.get(cell)
        return held[0] if held else None

    def backend_kind(self, identity: object) -> str | None:
        """The kind of host resource that an id names; None where the config makes none of that id."""
        self.looks += 1
        found = self.backends.get(str(identity)) if identity is not None else None
        return found.rsplit(" ", 1)[-1] if found is not None else None

    def backend_kinds(self, identity: object) -> frozenset[str]:
        """All kinds of host resources that an id names: options of different names may give one id."""
        self.looks += 1
        return frozenset(self.backends.get(str(identity), "").split()) if identity is not None else frozenset()

    def add_points(self, bus: Bus, points: list[Point]) -> None:
        """Adds points to those of a bus, behind them in the queue; one of a name that is there takes its place."""
        number = bus.number
        offered = self.points.get(number, {})
        if number not in self._mine:  # only this copy may grow in place
            self._mine.add(number)
            self.points[number] = offered = offered.copy()
            order, surely, free = self._queues.get(number, ([], 0, 0))
            self._queues[number] = (order[:], surely, free)
        order, surely, free = self._queues[number]
        new = [p.name for p in points if p.name not in offered]
        order += dict.fromkeys(new)
        offered.update({p.name: p for p in points})
        self._queues[number] = (order, surely, free + sum(not self._held_point(bus, name) for name in dict.fromkeys(new)))

    # ------------------------------------------------------------------------------ looking
    def looked(self) -> bool:
        """Takes note that something was asked whose answer may be another one later."""
        self.looks += 1
        return True

    def frame_for(self, subject: object, n: int) -> Frame:
        """A frame about `subject`, as its `n`-th of several."""
        frame = new_frame(self, subject)
        frame[CONTEXT["n"]] = n
        return frame

    def of_kind(self, kind: str) -> Iterator[Device | Bus]:
        """All devices or buses of a kind that rules look for, in the order in which they came."""
        self.looks += 1
        if kind in self.watched:
            yield from self.kinds_watched.get(kind, ())
            return
        everything: tuple[Device | Bus, ...] = (*self.buses, *self.devices)
        yield from (e for e in everything if kind in e.kinds)

    def equal(self, kind: str, names: Sequence[str], wanted: Sequence[Any]) -> Sequence[Device | Bus] | None:
        """Those of a kind of which attributes may have these values, in their order; None where all have to be looked at.

        For the first of them that is a text there is an index.
        """
        self.looks += 1
        row = self.kinds_watched.get(kind, ())
        if len(row) < INDEXED or not isinstance(wanted[0], str):
            return None
        return self._index(kind, names[0]).with_text(row, wanted[0], self)

    def numbered_below(self, kind: str, number: int) -> int | None:
        """How many of a kind have a lower number; None where all have to be looked at."""
        self.looks += 1
        row = self.kinds_watched.get(kind, ())
        if len(row) < INDEXED:
            return None
        return self._index(kind, "number").below(row, number)

    def least(self, key: object, kind: str) -> tuple[int, Any, Sequence[Device | Bus]] | None:
        """The lowest number and its member of a kind, as kept, and those that came since; None where all are asked."""
        return None

    def _index(self, kind: str, name: str) -> Index:
        index = self._indices.get((kind, name))
        if index is None:
            from qrules.machine.indices import Index  # few configs are so large

            index = self._indices[kind, name] = Index(name)
        return index

    def _held_point(self, bus: Bus, name: Any) -> bool:
        return ("address", bus.number, name) in self.holders

    def free_points(self, bus: Bus) -> int:
        """How many points of a bus nobody holds."""
        self.looks += 1
        return self._queues[bus.number][2] if bus.number in self._queues else 0

    def oldest_free_point(self, bus: Bus) -> Any:
        """The name of the free point that was made first; None where all are held."""
        if bus.number not in self._queues:
            return None
        order, held, free = self._queues[bus.number]
        while held < len(order) and self._held_point(bus, order[held]):
            held += 1
        self._queues[bus.number] = (order, held, free)
        return order[held] if held < len(order) else None

    def has_point(self, bus: Bus, name: Any) -> bool:
        """Whether a bus offers a point of this name, free or not."""
        return name in self.points.get(bus.number, ())

    def point_of(self, device: Device) -> Point | None:
        """The point that a device stands at."""
        self.looks += 1
        points = self.points.get(device.bus.number) if device.bus is not None else None
        if not points:
            return None
        return next((points[v] for v in device.address.values() if v in points), None)

    def next_number(self, what: str) -> int:
        """Numbers for new devices and buses, never used twice."""
        number = self.counters.get(what, 0)
        self.counters[what] = number + 1
        return number

    def shown_address(self, device: Device) -> str:
        """The address as answers show it, such as ``1f.2``; empty where it has none."""
        self.looks += 1
        scheme = device.bus.kind.scheme if device.bus is not None else None
        return scheme.text(device.address) if scheme is not None and device.address else ""

    def first_bus_with_points(self, device: Device) -> Bus | None:
        """The device's first bus whose addresses are points."""
        owned = reversed(self.owned.get(device.number, ()))
        return next((b for b in owned if b.kind.scheme is not None and b.kind.scheme.has_points), None)

    def own_bus(self, device: Device, n: int = 0) -> Bus | None:
        """One of the buses that a device made, the first being 0."""
        self.looks += 1
        owned = self.owned.get(device.number, ())
        return owned[-1 - n] if 0 <= n < len(owned) else None

    def is_full(self, bus: Bus) -> bool:
        """Whether the bus has as many devices as it takes; only buses with a `capacity` are ever full in this sense."""
        if bus.shape is not None and bus.shape.boundless:
            return False
        capacity = bus.get("capacity", self)
        return type(capacity) is int and len(self.children[bus.number]) >= capacity

    def preorder(self, bus: Bus) -> Iterator[Bus]:
        """The bus and all below it: a bus before its children's, the newest device and its newest bus first."""
        stack = [bus]
        while stack:
            current = stack.pop()
            yield current
            below = [b for d in self.children[current.number] for b in self.owned.get(d.number, ())]
            stack.extend(reversed(below))
