"""The machines of one knowledge: each built once for its options, and whole configs plugged into them.

`Board.build_machine` gives the buses and devices that the machine brings; `Board.run` plugs a config's devices into it, goes on
after a refusal, and tells which refusals are only consequences of others.
"""

from __future__ import annotations

from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.linked.domains import Wrong, innermost, read
from qrules.linked.kinds import Family, Kinds
from qrules.machine.budget import TooLarge, told_so_many
from qrules.machine.entities import Device
from qrules.machine.frames import new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.plugging import asking, building, judging, reading
from qrules.plugging.blame import Blame, Suspects
from qrules.plugging.plug import Plugger
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from typing import Any

    from qrules.plugging.orders import Planner


_RIGHT = ("right",)  # stands for the values of which no more matters
_MOST_KEPT = 256  # machines with options that are kept built; bulk checking meets a handful


class Outcome(NamedTuple):
    """What became of a config. `state` has all that stands. `devices` has a place for each request, None where it was refused.

    `assumed` is what was taken as given, since the host alone can tell; it refuses nothing. `cut` says why not all was looked at
    (empty: it was); None stands for what was not, too.
    """

    state: State
    devices: tuple[Device | None, ...]
    refusals: tuple[Refusal, ...]
    assumed: tuple[Refusal, ...] = ()
    cut: str = ""


class NoRules(Exception):
    """The machine exists, but no rules describe it."""

    def __init__(self, facts: MachineFacts) -> None:
        self.facts = facts
        super().__init__(facts.name)


class Board:
    """The machines of one knowledge, built on demand.

    `planner` makes plans for devices that come again (`qrules.plans.planner`): worth it where many configs are to come.
    """

    def __init__(self, knowledge: Knowledge, planner: Planner | None = None) -> None:
        self.knowledge = knowledge
        self.kinds = Kinds(knowledge)
        self._planner = planner
        self._blame = Blame(self.kinds)
        self._built: dict[str, tuple[State, list[Refusal]]] = {}

    def family(self, facts: MachineFacts) -> Family:
        """The family of a machine. Raises `NoRules`."""
        if facts.family is None:
            raise NoRules(facts)
        return self.kinds.family(facts.family, facts.line)

    def build_machine(self, facts: MachineFacts, request: Request) -> tuple[State, list[Refusal]]:
        """The machine before any device of the request is plugged. Raises `NoRules`.

        A machine depends on its options alone, so each is built once and handed out as a copy.
        """
        silenced = {**request.silenced, **building.suppressed(self.kinds, request)}
        options, opened = tuple(request.options.items()), tuple(request.opened.items())
        facts_told = tuple((name, self._looked_at(facts, request, name, value)) for name, value in request.facts.items())
        told = (sorted(silenced), sorted(request.silenced))  # what devices and what options silence
        asked: tuple[object, ...] = ()
        words = (*request.options.values(), *facts.facts.values()) if request.backends else ()
        named = any(isinstance(word, str) and word in request.backends for word in words)
        if request.wishes or request.globals or named or request.processor is not None:
            resources = tuple(request.backends.items()), tuple(request.said.items())
            asked = (request.processor, tuple(request.globals), tuple(request.wishes), resources)
        key = repr((facts.name, options, facts_told, opened, request.nodefaults, told, asked))
        known = self._built.get(key)
        if known is not None:
            self._planning(known[0])
        else:
            if len(self._built) >= _MOST_KEPT:
                self._built.clear()
            known = self._built[key] = building.build(self.kinds, self.family(facts), facts, request, silenced)
        base, refusals = known
        state = base.copy()
        state.backends = base.backends if request.wishes else request.backends
        state.said = request.said
        return state, list(refusals)

    def _looked_at(self, facts: MachineFacts, request: Request, name: str, value: object) -> object:
        """What of the value of a fact the machine depends on: of one that no expression of the rules names, that it is right.

        So machines are not built anew for each guest's name.
        """
        if name in self.knowledge.shared["compared"] or name in request.options:
            return value
        family = self.family(facts)
        clause = family.option(name)
        if clause is None or name not in family.facts or innermost(clause.domain, self.knowledge)[:1] not in ([], ["like"]):
            return value
        wrong = isinstance(read(value, clause.domain, clause.note, family, new_frame(None, None)), Wrong)
        return value if wrong else _RIGHT

    def _planning(self, base: State) -> None:
        """Makes plans for the devices of a machine that several configs ask for."""
        if self._planner is not None and base.machine.plans is None:
            base.machine.plans = self._planner(self.kinds, base.machine, base.counters.get("devices", 0))

    def lacking(self, state: State) -> list[Refusal]:
        """What a machine with its options still needs to start: before devices are made, and after."""
        return judging.lacking(Plugger(self.kinds, state), None, "start")

    # ------------------------------------------------------------------------------ a whole config
    def run(self, facts: MachineFacts, request: Request, judged: bool = True, most: int | None = None) -> Outcome:
        """Plugs all devices of a config in the emulator's order. Raises `NoRules`; `TooLarge` where nothing is refused by then.

        With `judged` the profiles that decide nothing are asked too. Behind so many refusals as `most` nothing is looked at.
        """
        state, refusals = self.build_machine(facts, request)
        plugger = Plugger(self.kinds, state)
        unread = reading.unread(plugger, request)
        told = [r for found in unread.values() for r in found] + refusals + reading.misread(plugger, request, most)
        refusals = reading.as_read(told + (asking.asked(plugger, request) if request.asked else []), request)
        refusals += self._tried(plugger, request)
        plain, typed = _order(request)
        places = {r.where for r in refusals}
        plugger.properties.blamed.update(told for told in request.globals if told.where in places)
        devices, cut = self._plug_all(plugger, request, (*plain, None, *typed), unread, refusals, most)
        if cut:
            return Outcome(state, tuple(devices), tuple(refusals[:most]), (), cut)
        if any(r.consequence_of is not None for r in refusals):
            from qrules.plugging.supposing import Supposing

            supposed = Supposing(self.kinds, self.build_machine(facts, request)[0], request, refusals)
            supposed.plug(i for i in plain if i not in unread)
            building.bring_late(Plugger(self.kinds, supposed.state))
            supposed.plug(typed)
            refusals.extend(supposed.found)
        refusals.extend(judging.whole(plugger, judged))
        return Outcome(state, tuple(devices), tuple(refusals), tuple(judging.assumed(state)))

    def _plug_all(
        self,
        plugger: Plugger,
        request: Request,
        order: Iterable[int | None],
        unread: Container[int],
        refusals: list[Refusal],
        most: int | None,
    ) -> tuple[list[Device | None], str]:
        """Plugs the devices of a request in an order (None: what comes late), and adds what is refused to `refusals`.

        Gives them, and why those behind some device were not looked at. Raises `TooLarge` where nothing is refused.
        """
        devices: list[Device | None] = [None] * len(request.devices)
        refused = Suspects()
        try:
            for index in order:
                if most is not None and len(refusals) > most:
                    return devices, told_so_many(most)
                if index is None:
                    refusals.extend(building.bring_late(plugger))
                    continue
                device = request.devices[index]
                found = [] if index in unread else self._plug(plugger, index, device, devices)
                if devices[index] is None:
                    refused.add(index, device, self._blame.provided(device.driver))
                refusals.extend(self._blame.told(found, index, device, refused) if found else ())
        except TooLarge as error:
            if not refusals:
                raise
            return devices, error.why
        return devices, told_so_many(most) if most is not None and len(refusals) > most else ""

    def _tried(self, plugger: Plugger, request: Request) -> list[Refusal]:
        """What is wrong with values for all devices of a type that the machine makes one of, to look at it."""
        found: list[Refusal] = []
        tried = plugger.state.machine.get("tries", plugger.state) if request.globals else None
        for told in request.globals:
            kind = self.kinds.type(told.driver)
            if tried and kind is not None and not kind.kinds.isdisjoint(tried) and not kind.has_property(told.property):
                context: dict[str, Any] = {
                    "name": told.driver,
                    "kind": told.driver,
                    "property": told.property,
                    "text": told.value,
                }
                refused = plugger.refuse("no-such-global", None, **context)
                found += [r._replace(where=told.where, phase="properties") for r in refused.refusals]
        return found

    def bring_late(self, plugger: Plugger) -> list[Refusal]:
        """What the machine brings once all ``k=v`` devices stand."""
        return building.bring_late(plugger)

    def judged(self, state: State) -> list[Refusal]:
        """What the rules that see the whole, advice among them, say of what stands."""
        return judging.whole(Plugger(self.kinds, state), True)

    def _plug(self, plugger: Plugger, index: int, request: DeviceRequest, devices: list[Device | None]) -> list[Refusal]:
        try:
            device = devices[index] = plugger.plug_request(index, request)
        except Refused as refused:
            return [r._replace(device=index) for r in (*plugger.properties.told_of_all(), *refused.refusals)]
        found = [r._replace(device=index) for r in plugger.properties.told_of_all()] if plugger.properties.overall else []
        if device.plan is None or device.plan.unknown:
            found += judging.unknowns(device.kind.unknowns, new_frame(plugger.state, device), index)
        return found

    def hotplug(
        self, state: State, index: int, request: DeviceRequest, judged: bool = True
    ) -> tuple[Device | None, list[Refusal]]:
        """Plugs one more device into a running machine; of a refused one nothing stands or is held.

        `index` is what its refusals are told of. Gives the device, None where it was refused, and all that is to be said. With
        `judged` the profiles that decide nothing are asked, too. See qemu:system/qdev-monitor.c "qmp_device_add".
        """
        plugger = Plugger(self.kinds, state)
        before = len(state.devices)
        try:
            if request.id is not None and not plugger.typed_later() and not self.knowledge.is_identifier(request.id):
                raise plugger.refuse("malformed-id", None, name=request.id)
            device = plugger.plug_request(index, request, hotplugged=True)
        except Refused as refused:
            return None, [r._replace(device=index) for r in refused.refusals]
        found = judging.unknowns(device.kind.unknowns, new_frame(state, device), index)
        advised = state.devices[before:] if judged else ()
        return device, found + [r for new in advised for r in judging.of_device(plugger, new, "judge")]

    def advice(self, state: State, device: Device) -> list[Refusal]:
        """What the profiles that decide nothing say of a device that stands."""
        return judging.of_device(Plugger(self.kinds, state), device, "judge")


def _order(request: Request) -> tuple[list[int], list[int]]:
    """All ``k=v`` devices come first, then all JSON ones, each in the order written."""
    indices = range(len(request.devices))
    return [i for i in indices if not request.devices[i].json], [i for i in indices if request.devices[i].json]
