"""What may be done about one refusal: first what its rule says (``repair``), then what follows from the refusal itself."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.diagnostics import nearest
from qrules.explain.kin import creatable, kin_of, near
from qrules.linked.domains import domain_of, integer, is_switch, resolved
from qrules.linked.expressions import build
from qrules.machine.entities import Device
from qrules.machine.frames import CONTEXT
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest
from qrules.place.drafts import Desk, Draft
from qrules.place.fitting import without_place
from qrules.place.free_values import FreeValues
from qrules.place.stand_ins import serving_as
from qrules.plugging.board import Outcome
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    _Drafts = Iterator[Draft | None]

_NEAR = 2  # names that are tried for a wrong one
_UNREAD = ("no-such-type", "no-driver", "no-such-property", "abstract-type", "not-creatable")  # nothing else could be asked yet


class Wound(NamedTuple):
    """A refusal of a draft, with what stands there."""

    draft: Draft
    refusal: Refusal
    outcome: Outcome | None


class Mending:
    """Drafts that may be without some refusal. `cost` gives what the rules declare for an edit of a kind."""

    def __init__(self, desk: Desk, cost: Callable[[str], int]) -> None:
        self.desk, self.board, self.cost = desk, desk.board, cost
        self.knowledge = desk.board.knowledge
        self.free = FreeValues(desk.board)

    def drafts(self, wound: Wound) -> _Drafts:
        """All that may help; None for what can't be written."""
        yield from self._by_the_rule(wound)
        special = getattr(self, "_" + wound.refusal.rule.replace("-", "_"), None)
        if special is not None and wound.refusal.occasion == "says":
            yield from special(wound)
        device = self._device(wound)
        if device is not None and wound.refusal.rule not in _UNREAD:
            yield from self._value(wound, device)
            yield from self._properties(wound, device)
            yield from self._models(wound, device)
        elif device is None:
            yield from self._option_of(wound)
        if wound.refusal.phase not in ("reading", "properties", "options") and wound.refusal.rule not in _UNREAD:
            yield from self._switches(wound)

    @staticmethod
    def _device(wound: Wound) -> DeviceRequest | None:
        return wound.draft.request.devices[wound.refusal.device] if wound.refusal.device is not None else None

    # ------------------------------------------------------------------------------ what the rule says
    def _by_the_rule(self, wound: Wound) -> _Drafts:
        refusal = wound.refusal
        if refusal.note is None:
            return
        for action, name, value, on, when in self.knowledge.note(refusal.note).repairs:
            if when is not None and not build(when)(refusal.frame):
                continue
            meant = build(on)(refusal.frame) if on is not None else None
            index = meant.request if isinstance(meant, Device) else refusal.device if on is None else None
            said = build(value)(refusal.frame) if value is not None else None
            key = str(build_name(name, refusal.frame))
            yield from self._step(wound, action, key, said, index)

    def _step(self, wound: Wound, action: str, name: str, value: Any, index: int | None) -> _Drafts:
        draft, desk, cost = wound.draft, self.desk, self.cost("rule")
        match action:
            case "set" | "free" | "drop":
                yield from self._set(wound, action, name, value, index, cost)
            case "type" if index is not None and value is not None:
                yield self.of_type(draft, index, str(value), cost)
            case "option" if value is not None:
                yield desk.option(draft, name, value, cost)
            case "say" if value:
                yield desk.say(draft, name, str(value), cost)
            case "add" if value:
                yield desk.added(draft, name, str(value), index, cost)
            case "replace" if value and wound.refusal.where is not None:
                yield desk.replaced(draft, wound.refusal.where, [name, str(value)], cost)
            case "leave" if wound.refusal.where is not None:
                yield desk.replaced(draft, wound.refusal.where, [], self.cost("option-drop"))

    def _set(self, wound: Wound, action: str, name: str, value: Any, index: int | None, cost: int) -> _Drafts:
        draft, where = wound.draft, wound.refusal.where
        if index is None:
            if where is not None and (value is not None or action == "drop"):
                yield self.desk.option_key(draft, where, name, value, cost)
            return
        device = draft.request.devices[index]
        if action == "free":
            yield from self.free_value(draft, index, name, cost)
        elif action == "drop":
            if name in device.properties:
                yield self.property(draft, index, name, None, cost)
        elif value is not None:
            yield self.property(draft, index, name, value, cost)

    # ------------------------------------------------------------------------------ single changes of a device
    def property(self, draft: Draft, index: int, name: str, value: Any, cost: int) -> Draft | None:
        """Another value for a property; None: it is not said."""
        device = draft.request.devices[index]
        kept = {key: was for key, was in device.properties.items() if key != name or value is not None}
        if value is not None:
            kept[name] = (
                value if device.json or isinstance(value, str) else "on" if value is True else "off" if value is False else value
            )
        return self.desk.device(draft, index, device._replace(properties=kept), "property", cost)

    def free_value(self, draft: Draft, index: int, name: str, cost: int) -> _Drafts:
        """A value for a property that nobody else has; for one that names a host resource an idle one, or one more."""
        for value, option in self.free.values(draft.request, index, name):
            changed = self.property(draft, index, name, value, cost)
            if changed is not None and option is not None:
                changed = self.desk.added(changed, option[0], option[1], index, self.cost("resource"))
            yield changed

    def of_type(self, draft: Draft, index: int, name: str, cost: int, place: bool = True) -> Draft | None:
        """Another type, with those properties that it has too; not held to its place where that is another kind of bus's."""
        device = draft.request.devices[index]
        kind, old = self.board.kinds.named(name), self.board.kinds.named(device.driver)
        if kind is None or not creatable(self.knowledge, kind.name):
            return None
        scheme = self.board.kinds.bus(kind.bus_kind).scheme if kind.bus_kind is not None else None
        kept = {
            key: value
            for key, value in device.properties.items()
            if kind.catalogued(key) is not None or (scheme is not None and scheme.says(key))
        }
        other = device._replace(driver=name, properties=kept)
        if not place or (old is not None and old.bus_kind != kind.bus_kind):
            freed = without_place(self.board.kinds, device)
            held = {key: value for key, value in kept.items() if key in freed.properties}
            other = other._replace(bus=None, properties=held)
            other = without_place(self.board.kinds, other)
        changed = self.desk.device(draft, index, other, "model", cost)
        if changed is None or len(kept) < len(device.properties):
            return changed
        edit = changed.edits[-1]._replace(before=device.driver, after=name)
        same = other.bus == device.bus and other.properties == device.properties
        return changed._replace(edits=(*changed.edits[:-1], edit)) if same else changed

    # ------------------------------------------------------------------------------ the engine's own refusals
    def _no_such_type(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None:
            return
        for at, name in enumerate(kin_of(self.knowledge, device.driver)):
            yield self.of_type(wound.draft, index, name, self.cost("type") + at)
        for at, name in enumerate(near(self.knowledge, device.driver, frozenset(device.properties))[:_NEAR]):
            yield self.of_type(wound.draft, index, name, self.cost("type") + 2 + at)

    def _abstract_type(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        types = self.knowledge.shared["types"]
        if device is None or index is None:
            return
        for at, name in enumerate(kin_of(self.knowledge, device.driver)):
            yield self.of_type(wound.draft, index, name, self.cost("type") + at)
        for name in sorted((n for n, f in types.items() if device.driver in f[2] and f[0] == "user"), key=lambda n: (len(n), n))[
            :_NEAR
        ]:
            yield self.of_type(wound.draft, index, name, self.cost("model"))

    _not_creatable = _abstract_type

    def _no_such_property(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        name = str(wound.refusal.frame[CONTEXT["property"]])
        if device is None or index is None or name not in device.properties:
            return
        kind = self.board.kinds.named(device.driver)
        value = device.properties[name]
        for known in nearest(name, self.knowledge.property_names(kind.line) if kind is not None else ())[:_NEAR]:
            if known not in device.properties:
                kept = {known if key == name else key: was for key, was in device.properties.items()}
                yield self.desk.device(wound.draft, index, device._replace(properties=kept), "property", self.cost("name"))
        yield self.property(wound.draft, index, name, None, self.cost("property"))
        for other in kin_of(self.knowledge, device.driver):
            found = self.board.kinds.named(other)
            if found is not None and found.catalogued(name) is not None and value is not None:
                yield self.of_type(wound.draft, index, other, self.cost("model"))

    def _duplicate_id(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None or device.id is None:
            return
        used = {d.id for d in wound.draft.request.devices} | set(wound.draft.request.backends)
        stem = device.id.rstrip("0123456789")
        first = int(device.id[len(stem) :][:9] or 1) + 1
        other = next(f"{stem}{n}" for n in range(first, first + len(used) + 2) if f"{stem}{n}" not in used)
        yield self.desk.device(wound.draft, index, device._replace(id=other), "property", self.cost("id"))

    _duplicate_option_id = _duplicate_id

    def _malformed_id(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None or device.id is None:
            return
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in device.id).strip("-")
        name = plain if plain[:1].isalpha() else f"dev{plain}"
        changed = self.desk.device(wound.draft, index, device._replace(id=name), "property", self.cost("id"))
        for later, other in enumerate(wound.draft.request.devices):
            if changed is not None and other.bus is not None and other.bus.split(".")[0] == device.id:
                bus = name + other.bus[len(device.id) :]
                changed = self.desk.device(changed, later, changed.request.devices[later]._replace(bus=bus), "move", 0)
        yield changed

    def _bus_not_found(self, wound: Wound) -> _Drafts:
        device, index, outcome = self._device(wound), wound.refusal.device, wound.outcome
        if device is None or index is None or device.bus is None or outcome is None:
            return
        kind = self.board.kinds.named(device.driver)
        names = [b.id for b in outcome.state.buses if kind is None or kind.bus_kind is None or kind.bus_kind in b.kinds]
        for name in nearest(device.bus, [n for n in names if n != device.bus])[:_NEAR]:
            yield self.desk.device(wound.draft, index, device._replace(bus=name), "move", self.cost("name"))
        yield self.desk.device(wound.draft, index, device._replace(bus=None), "move", self.cost("move"))

    _device_not_found = _no_child_bus = _bus_full = _wrong_bus_kind = _several_child_buses = _bus_not_found

    def _no_bus(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None:
            return
        for at, name in enumerate(kin_of(self.knowledge, device.driver)):
            yield self.of_type(wound.draft, index, name, self.cost("type") + at, place=False)

    _every_bus_full = _no_bus

    def _no_such_machine(self, wound: Wound) -> _Drafts:
        name = wound.draft.request.machine
        known = self.knowledge.machine_names()
        aliases = [a for n in known for a in self.knowledge.machine(n).aliases]  # type: ignore[union-attr]
        for other in nearest(name, (*known, *aliases))[:_NEAR]:
            facts = self.knowledge.machine(other)
            yield self.desk.machine(wound.draft, other, wound.draft.request.options, self.cost("name")) if facts else None

    def _no_such_option(self, wound: Wound) -> _Drafts:
        name = str(wound.refusal.frame[CONTEXT["property"]])
        facts = self.knowledge.machine(wound.draft.request.machine)
        for known in nearest(name, self.knowledge.property_names(facts.line) if facts is not None else ())[:1]:
            left = self.desk.option(wound.draft, name, None, 0)
            value = wound.draft.request.options.get(name)
            yield self.desk.option(left, known, value, self.cost("name")) if left is not None and value is not None else None

    def _no_such_command_option(self, wound: Wound) -> _Drafts:
        where, name = wound.refusal.where, str(wound.refusal.frame[CONTEXT["name"]])
        if where is None:
            return
        words = wound.draft.words
        behind = [w for w in words[where.argument + 1 : where.argument + 2] if not w.startswith("-")]
        for known in self.free.options_near(name):
            yield self.desk.replaced(wound.draft, where, [known, *behind], self.cost("name"))
        yield self.desk.replaced(wound.draft, where, [], self.cost("option-drop"))

    # ------------------------------------------------------------------------------ what any refusal may mean
    def _value(self, wound: Wound, device: DeviceRequest) -> _Drafts:
        """A value that its domain lacks: the nearest one that is in it."""
        index, name = wound.refusal.device, wound.refusal.frame[CONTEXT["property"]]
        if index is None or not isinstance(name, str) or name not in device.properties:
            return
        for value in self.free.near_values(wound.draft.request, device, name, wound.refusal):
            yield self.property(wound.draft, index, name, value, self.cost("name"))
        if wound.refusal.occasion == "missing":
            yield from self.free_value(wound.draft, index, name, self.cost("name"))

    def _properties(self, wound: Wound, device: DeviceRequest) -> _Drafts:
        """Each property that was written left out, and another value for what only one device can have."""
        index = wound.refusal.device
        if index is None:
            return
        kind = self.board.kinds.named(device.driver)
        for name in device.properties:
            yield self.property(wound.draft, index, name, None, self.cost("property"))
            found = domain_of(kind, name, True) if kind is not None else None
            numbers = found is not None and resolved(found[0], self.knowledge)[:1] == ["range"]
            if numbers and kind is not None and kind.claims_reading(name) and integer(device.properties[name]) is not None:
                yield from self.free_value(wound.draft, index, name, self.cost("property") - 1)
        if device.bus is not None:
            yield self.desk.device(wound.draft, index, device._replace(bus=None), "move", self.cost("property"))

    def _models(self, wound: Wound, device: DeviceRequest) -> _Drafts:
        """Another type that serves the same."""
        index = wound.refusal.device
        if index is None or wound.refusal.phase == "reading":
            return
        others = dict.fromkeys((*kin_of(self.knowledge, device.driver), *serving_as(self.board, device.driver)))
        for name in others:
            yield self.of_type(wound.draft, index, name, self.cost("model"), place=False)

    def _option_of(self, wound: Wound) -> _Drafts:
        """An option that can't be had: another value, or left out, whole or its one wrong key."""
        refusal = wound.refusal
        name = refusal.frame[CONTEXT["property"]]
        if isinstance(name, str) and name in wound.draft.request.options:
            facts = self.knowledge.machine(wound.draft.request.machine)
            family = self.board.family(facts) if facts is not None and facts.family is not None else None
            clause = family.properties.get(name) if family is not None else None
            domain = resolved(clause.domain, self.knowledge) if clause is not None else []
            if domain[:1] == ["words"]:
                for value in nearest(str(wound.draft.request.options[name]), domain[1:])[:_NEAR]:
                    yield self.desk.option(wound.draft, name, value, self.cost("name"))
            yield self.desk.option(wound.draft, name, None, self.cost("property"))
        if refusal.where is not None:
            if isinstance(name, str):
                yield self.desk.option_key(wound.draft, refusal.where, name, None, self.cost("property"))
            yield self.desk.replaced(wound.draft, refusal.where, [], self.cost("option-drop"))

    def _switches(self, wound: Wound) -> _Drafts:
        """Each switch of the machine that its parts or rules ask about, turned."""
        facts = self.knowledge.machine(wound.draft.request.machine)
        if facts is None or facts.family is None or wound.outcome is None:
            return
        state = wound.outcome.state
        family = self.board.family(facts)
        for name, clause in family.properties.items():
            if name not in family.facts and is_switch(clause.domain, self.knowledge):
                now = state.machine.get(name, state)
                yield self.desk.option(wound.draft, name, now is not True, self.cost("option"))


def build_name(name: str, frame: Any) -> str:
    """The name in a repair; one that is the name of an attribute in braces is what that attribute gives."""
    if name.startswith("{") and name.endswith("}"):
        subject, state = frame[2], frame[0]
        return str(subject.get(name[1:-1], state))
    return name
