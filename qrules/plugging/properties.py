"""Reading the properties of a device: what was written becomes values, or refusals in the words of the rules.

qemu:system/qdev-monitor.c "qdev_device_add_from_qdict" sets what was written ("object_set_properties_from_keyval", with `json`
for values that have types already); values for all devices of a type were set before
(qemu:hw/core/qdev-properties.c "qdev_prop_set_globals").
"""

from __future__ import annotations

from qrules.linked.domains import Wrong, domain_of, integer, read
from qrules.linked.expressions import build
from qrules.linked.kinds import Kinds
from qrules.machine.budget import MOST_TOLD
from qrules.machine.entities import Device
from qrules.machine.frames import Frame, new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from collections.abc import Set as AbstractSet
    from typing import Any

    from qrules.machine.contracts import DeviceKind
    from qrules.machine.request import Global


def in_turn(wrong: list[tuple[str, Refusal]]) -> list[Refusal]:
    """What is wrong with members that are written together, in the order in which the emulator looks at them."""
    if len(wrong) > 1:
        from qrules.linked.turn import turn

        wrong = sorted(wrong, key=lambda told: turn(told[0]))
    return [refusal for _, refusal in wrong]


class PropertyReader:
    """Reads properties into the devices of one state.

    `blamed` are the values for all devices of a type of which something wrong was told already: each is told once. Who asks for
    that no more (`told`) does not look at those of properties that a type lacks. Behind `most` that are wrong of one device no
    more of it is looked at.
    """

    def __init__(self, kinds: Kinds, state: State, refuse: Callable[..., Refused], told: bool = False) -> None:
        self._kinds, self._state, self._refuse, self._told = kinds, state, refuse, told
        self.most = MOST_TOLD
        self.blamed: set[Global] = set()
        self._said: dict[str, list[Global]] = {}  # by type, in their order
        self._by_name: dict[str, dict[str, list[Global]]] = {}  # by type and property
        self._asked: set[str] = set()  # types of which a device has been asked about all of them
        self.overall: list[Refusal] = []  # what is wrong with values for all devices of a type: no device falls for it

    def told_of_all(self) -> list[Refusal]:
        """What was found wrong with values for all devices of a type since the last time."""
        found = self.overall[:]
        self.overall.clear()
        return found

    def general(self, kind: DeviceKind) -> dict[str, object]:
        """What options say of all devices of a type: the last one counts, and what the device itself is given more."""
        found = self._by_name.get(kind.name)
        if found is None:
            found = self._by_name[kind.name] = {}
            for said in self._said_of(kind):
                found.setdefault(said.property, []).append(said)
        return {name: said[-1].value for name, said in found.items()}

    def _said_of(self, kind: DeviceKind) -> list[Global]:
        """What options say of all devices of a type, in their order."""
        machine = self._state.machine
        if not self._told:
            self._said[kind.name] = [said for said in machine.request.globals if said.driver in kind.kinds]
        elif kind.name not in machine.fitting:
            of_type = (said for said in machine.request.globals if said.driver in kind.kinds)
            machine.fitting[kind.name] = [said for said in of_type if self._has(kind, said.property)]
        return machine.fitting[kind.name] if self._told else self._said[kind.name]

    def _has(self, kind: DeviceKind, name: str) -> bool:
        return kind.has_property(name) or name in self._kinds.knowledge.features_of(kind.line)

    def read(self, device: Device, json: bool = False, general: Container[str] = ()) -> dict[str, Any]:
        """Types what was written into `device.values`. Gives the parts of the address that were given. Raises `Refused`.

        What is wrong with a `general` value, which is said of all devices of a kind, is told once and goes into `overall`.
        """
        if general:
            self._read_general(device, general)
        scheme = device.bus.kind.scheme if device.bus is not None else None
        frame, written = new_frame(self._state, device), device.request is not None
        wrong: list[tuple[str, Refusal]] = []
        address: dict[str, Any] = {}
        for name, value in device.given.items():
            if name in general:
                continue
            if scheme is not None and scheme.written and name == scheme.property:
                if scheme.packed and isinstance(value, int) and device.kind.leaves_open(name, value):
                    continue
                parsed = scheme.parse(value, new_frame(self._state, device.bus, device))
                if parsed is None:
                    bad = new_frame(self._state, device.bus, device, text=value, property=name)
                    wrong.append((name, Refusal(name, scheme.note, "malformed", bad, phase="properties")))
                else:
                    address = parsed
                continue
            typed = self._typed(device, name, value, frame, written, json)
            if isinstance(typed, Refusal):
                wrong.append((name, typed))
                if len(wrong) > self.most:
                    break
            elif typed is None and value == "":
                device.given = {n: v for n, v in device.given.items() if n != name}
            else:
                device.values[name] = typed
                if scheme is not None and name in scheme.names and not device.kind.leaves_open(name, typed):
                    address[name] = typed
        if wrong:
            raise Refused(in_turn(wrong))
        return address

    def tried(self, device: Device) -> list[Refusal]:
        """What is wrong with values for all devices of a type, seen by one that the emulator makes to look at it."""
        general = self.general(device.kind)
        if general:
            device.given = general
            self._read_general(device, general)
        return self.told_of_all()

    def told_apart(self, device: Device, names: AbstractSet[str]) -> AbstractSet[str]:
        """The general values that are read apart. Addresses are read like a device's own, but for those that can be packed."""
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if not names or scheme is None or scheme.packed:
            return names
        return names - ({scheme.property} if scheme.written else set(scheme.names))

    def _read_general(self, device: Device, names: Container[str]) -> None:
        """Types the values that options say of all devices of a kind; a device keeps its default for one that is wrong.

        Of one property the last value counts. Only the first device of a kind is asked about all of them, so that each that is
        wrong is told of; for the next ones a value that another follows is of no matter.
        """
        frame = new_frame(self._state, device)
        gone: set[str] = set()
        settled: set[str] = set()
        first = not self._told and device.kind.name not in self._asked
        self._asked.add(device.kind.name)
        for one in self._said[device.kind.name] if first else self._last_first(device.kind.name, names):
            if one.property not in names or one.property in settled:
                continue
            wrong = self._general_value(device, one.property, one, frame)
            if wrong is not None:
                gone.add(one.property)
                self._blame(one, wrong)
            elif not first:
                settled.add(one.property)
        if gone:
            device.given = {n: v for n, v in device.given.items() if n not in gone}
        for name in gone if first else ():
            if not device.kind.has_property(name):  # it was told, and no device of the type will have it
                del self._by_name[device.kind.name][name]

    def _last_first(self, kind: str, names: Container[str]) -> Iterator[Global]:
        """Of each property the values from the last to the first: who has one that is right needs no other."""
        for name, said in self._by_name[kind].items():
            if name in names:
                yield from reversed(said)

    def _general_value(self, device: Device, name: str, said: Global, frame: Frame) -> Refused | None:
        """Sets one of them, or says what is wrong with it."""
        scheme = device.bus.kind.scheme if device.bus is not None else None
        if scheme is not None and scheme.packed and name == scheme.property:
            return self._refuse("address-for-all", device, name=said.driver, property=name, text=said.value)
        if not self._has(device.kind, name):
            if device.kind.status == "internal" and not self._kinds.knowledge.knows_parts:
                return None  # of parts of boards a catalogue alone does not know all
            kind, text = device.kind.name, said.value if isinstance(said.value, str) else None
            return self._refuse("no-such-global", device, name=said.driver, kind=kind, property=name, text=text)
        typed = self._typed(device, name, said.value, frame, True, False)
        if not isinstance(typed, Refusal):
            device.values[name] = typed
            return None
        return self._refuse("bad-global", device, name=said.driver, element=self._words(typed), property=name, text=said.value)

    def _blame(self, said: Global, refused: Refused) -> None:
        if said not in self.blamed:
            self.blamed.add(said)
            self.overall.append(refused.refusals[0]._replace(where=said.where, phase="properties"))

    def _words(self, refusal: Refusal) -> str:
        """What the emulator says of a value, which it reads here in another way than one of a device itself."""
        words = self._kinds.knowledge.note(refusal.note).words if refusal.note is not None else {}
        typed = "general" if refusal.occasion == "malformed" and "general" in words else refusal.occasion
        template = words.get(typed, words.get(refusal.occasion))
        return str(build(template)(refusal.frame)) if template is not None else ""

    def _typed(self, device: Device, name: str, value: object, frame: Frame, written: bool, json: bool) -> Any:
        kind = device.kind
        found = domain_of(kind, name, written)
        if found is None:
            scheme = device.bus.kind.scheme if device.bus is not None else None
            if scheme is not None and name in scheme.names:
                return self._coordinate(device, name, value)
            if not written:
                return value
            refused = self._refuse("no-such-property", device, property=name, name=kind.name, text=value)
            return refused.refusals[0]._replace(phase="properties")
        typed = read(value, *found, kind, frame, json)
        if isinstance(typed, Wrong):
            owner = self._property_owner(kind, name)
            bad = new_frame(self._state, device, None, text=value, property=name, name=owner, low=typed.low, high=typed.high)
            return Refusal(typed.name or name, typed.note, typed.occasion, bad, phase="properties")
        return typed

    def _coordinate(self, device: Device, name: str, value: object) -> Any:
        """A part of an address that is a property of its own, such as a unit: a number, or the name of a point."""
        assert device.bus is not None
        scheme = device.bus.kind.scheme
        assert scheme is not None
        if next(d for d in scheme.dimensions if d.name == name).within is None:
            return str(value)
        number = integer(value)
        if number is not None:
            return number
        bad = new_frame(self._state, device.bus, device, text=value, property=name)
        return Refusal(scheme.property, scheme.note, "malformed", bad, phase="properties")

    def _property_owner(self, kind: DeviceKind, name: str) -> str:
        """The type that a property belongs to: of two halves of a device the inner one, where both have it."""
        for part in kind.creates:
            half = self._kinds.type(part.type) if part.sharing else None
            if half is not None and half.catalogued(name) is not None:
                return self._property_owner(half, name)
        return kind.name
