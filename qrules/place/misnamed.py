"""What may be done about the engine's own refusals: a type, property, bus, id or option that is not there, or is taken."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.diagnostics import nearest
from qrules.explain.kin import kin_of, near
from qrules.explain.makers import makers_of
from qrules.machine.frames import CONTEXT
from qrules.place.changing import Changing, Wound
from qrules.place.drafts import DEVICE, Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    _Drafts = Iterator[Draft | None]

_MAKERS = 9  # types that are tried for a bus that is not there
_NEAR = 2  # names that are tried for a wrong one


class Misnamed(Changing):
    """One method a refusal, called after it."""

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
        wanted = device.bus.strip("/").split("/")[0].split(".")[0]
        later = (n for n, d in enumerate(wound.draft.request.devices) if n > index and d.id is not None and d.id == wanted)
        for at in later:
            yield self.desk.earlier(wound.draft, at, index, self.cost("reorder"))
        if kind is not None and kind.bus_kind is not None and wound.refusal.missing is not None:
            for maker in makers_of(self.knowledge, kind.bus_kind)[:_MAKERS]:
                yield self.desk.added(wound.draft, DEVICE, f"{maker},id={wanted}", index, self.cost("controller"))

    _device_not_found = _no_child_bus = _bus_full = _wrong_bus_kind = _several_child_buses = _bus_not_found

    def _no_bus(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None:
            return
        for at, name in enumerate(kin_of(self.knowledge, device.driver)):
            yield self.of_type(wound.draft, index, name, self.cost("type") + at, place=False)
        kind = self.board.kinds.named(device.driver)
        for maker in makers_of(self.knowledge, kind.bus_kind)[:_MAKERS] if kind is not None and kind.bus_kind is not None else ():
            yield self.desk.added(wound.draft, DEVICE, maker, index, self.cost("maker"))

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
            yield self.desk.option_named(wound.draft, name, known, self.cost("name"))

    def _no_such_command_option(self, wound: Wound) -> _Drafts:
        where, name = wound.refusal.where, str(wound.refusal.frame[CONTEXT["name"]])
        if where is None:
            return
        words = wound.draft.words
        behind = [w for w in words[where.argument + 1 : where.argument + 2] if not w.startswith("-")]
        for known in self.free.options_near(name):
            yield self.desk.replaced(wound.draft, where, [known, *behind], self.cost("name"))
