"""What may be done about one refusal: first what its rule says (``repair``), then what follows from the refusal itself."""

from __future__ import annotations

from qrules.configs.options import options
from qrules.diagnostics import nearest
from qrules.explain.kin import kin_of
from qrules.explain.pointing import read_by_rule
from qrules.linked.domains import domain_of, integer, is_switch, resolved
from qrules.linked.expressions import build
from qrules.machine.entities import Device
from qrules.machine.frames import CONTEXT
from qrules.machine.request import DeviceRequest, Where
from qrules.place.changing import Wound
from qrules.place.drafts import Draft
from qrules.place.misnamed import Misnamed
from qrules.place.stand_ins import serving_as

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    _Drafts = Iterator[Draft | None]

_NEAR = 2  # names that are tried for a wrong one
UNREAD = ("no-such-type", "no-driver", "no-such-property", "abstract-type", "not-creatable")  # nothing else could be asked yet


class Mending(Misnamed):
    """Drafts that may be without some refusal. `cost` gives what the rules declare for an edit of a kind."""

    def drafts(self, wound: Wound) -> _Drafts:
        """All that may help; None for what can't be written."""
        if (
            wound.refusal.device is None and wound.refusal.where is None
        ):  # a rule of the machine speaks of the option that it reads
            where = read_by_rule(self.knowledge, wound.draft.request, wound.refusal.note)
            wound = wound._replace(refusal=wound.refusal._replace(where=where))
        yield from self._by_the_rule(wound)
        special = getattr(self, "_" + wound.refusal.rule.replace("-", "_"), None)
        if special is not None and wound.refusal.occasion == "says":
            yield from special(wound)
        device = self._device(wound)
        if device is not None and wound.refusal.rule not in UNREAD:
            yield from self._value(wound, device)
            yield from self._properties(wound, device)
            yield from self._models(wound, device)
        elif device is None:
            yield from self.option_of(wound)
        if wound.refusal.phase not in ("reading", "properties", "options") and wound.refusal.rule not in UNREAD:
            yield from self._switches(wound)

    def _located(self, wound: Wound) -> Wound:
        """The same, where a rule of the machine speaks of the option that it reads."""
        if wound.refusal.device is not None or wound.refusal.where is not None:
            return wound
        where = read_by_rule(self.knowledge, wound.draft.request, wound.refusal.note)
        return wound._replace(refusal=wound.refusal._replace(where=where))

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
            if action == "drop":
                yield from self._left_out(draft, name, cost)
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

    def _left_out(self, draft: Draft, name: str, cost: int) -> _Drafts:
        """What an option says left out: ``smp.cores`` is said by -machine, or as the key of the option before the dot."""
        if name in draft.request.options:
            yield self.desk.option(draft, name, None, cost)
        group, _, key = name.partition(".")
        said = [o for o in options(list(draft.words)) if key and o.name == group and o.has_argument]
        if said:
            yield self.desk.option_key(draft, Where(said[-1].word, 0, 0), key, None, cost)

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
            place = self.says_a_place(device.driver, name)  # it stays on its bus
            yield self.property(wound.draft, index, name, None, self.cost("move" if place else "property"))
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

    def option_of(self, wound: Wound) -> _Drafts:
        """An option that can't be had: another value, or left out, whole or its one wrong key."""
        refusal = self._located(wound).refusal
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
        elif isinstance(name, str) and any(key.startswith(name + ".") for key in wound.draft.request.options):
            yield self.desk.without_member(wound.draft, name, self.cost("property"))
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
    before, opened, rest = name.partition("{")
    attribute, closed, after = rest.partition("}")
    if opened and closed:
        subject, state = frame[2], frame[0]
        return f"{before}{subject.get(attribute, state)}{after}"
    return name
