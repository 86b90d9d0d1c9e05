"""What may be done about the engine's own refusals: a type, property, bus, id or option that is not there, or is taken."""

from __future__ import annotations

from qrules.configs.editing import option_at
from qrules.diagnostics import nearest
from qrules.explain.kin import near
from qrules.explain.nearby import machines_near, option_names
from qrules.machine.frames import CONTEXT
from qrules.machine.request import DeviceRequest
from qrules.place.changing import Changing, Wound
from qrules.place.drafts import DEVICE, Draft
from qrules.plugging.blame import named_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    _Drafts = Iterator[Draft | None]

_MAKERS = 9  # types that are tried for a bus that is not there
_NEAR = 2  # names that are tried for a wrong one
_LOOKED = 8  # refused devices of which it is asked what they look for


class Misnamed(Changing):
    """One method a refusal, called after it."""

    def _no_such_type(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None:
            return
        for at, name in enumerate(self.likely(device)):
            yield self.of_type(wound.draft, index, name, self.cost("type") + at)
        for at, name in enumerate(near(self.knowledge, device.driver, frozenset(device.properties))[:_NEAR]):
            yield self.of_type(wound.draft, index, name, self.cost("type") + 2 + at)

    def _abstract_type(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        types = self.knowledge.shared["types"]
        if device is None or index is None:
            return
        for at, name in enumerate(self.likely(device)):
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
        for known in nearest(name, self.knowledge.property_names(kind.line) if kind is not None else ())[:_NEAR]:
            if known not in device.properties:
                kept = {known if key == name else key: was for key, was in device.properties.items()}
                yield self.desk.device(wound.draft, index, device._replace(properties=kept), "property", self.cost("name"))
        yield self.property(wound.draft, index, name, None, self.cost("property"))
        for other in self.likely(device):
            lost = self.lost(device, other)
            if name not in lost:  # all that was written speaks for it, or only some; a place says where it was to go
                cost = self.cost("model" if lost else "type") - (not lost and self.says_a_place(other, name))
                yield self.of_type(wound.draft, index, other, cost)

    def _no_such_global(self, wound: Wound) -> _Drafts:
        """What -global says of a type: a property that is called nearly so, or nothing."""
        name, said = (str(wound.refusal.frame[CONTEXT[word]]) for word in ("name", "property"))
        for told in wound.draft.request.globals:
            if (told.driver, told.property) == (name, said) and told.where is not None:
                facts = self.knowledge.shared["types"].get(self.knowledge.real_name(name))
                for known in nearest(said, self.knowledge.property_names(tuple(facts[2])) if facts is not None else ())[:_NEAR]:
                    text = f"{name}.{known}={told.value}"
                    yield self.desk.replaced(wound.draft, told.where, ["-global", text], self.cost("name"))
                yield self.desk.replaced(wound.draft, told.where, [], self.cost("property"))

    _bad_global = _address_for_all = _no_such_global

    def _duplicate_id(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None or device.id is None:
            return
        used = {d.id for d in wound.draft.request.devices} | set(wound.draft.request.backends)
        alike = [n for n, d in enumerate(wound.draft.request.devices) if d.id == device.id]
        for name in self._wanted(wound, alike, used):  # somebody else looks for a name in vain
            for at in alike:
                same = wound.draft.request.devices[at]
                yield self.desk.device(wound.draft, at, same._replace(id=name), "property", self.cost("id") - 1)
        stem = device.id.rstrip("0123456789")
        first = int(device.id[len(stem) :][:9] or 1) + 1
        other = next(f"{stem}{n}" for n in range(first, first + len(used) + 2) if f"{stem}{n}" not in used)
        yield self.desk.device(wound.draft, index, device._replace(id=other), "property", self.cost("id"))
        for at in alike:  # what names the id may mean this one
            if at != index:
                same = wound.draft.request.devices[at]
                yield self.desk.device(wound.draft, at, same._replace(id=other), "property", self.cost("id") + 1)

    _duplicate_option_id = _duplicate_id

    def _wanted(self, wound: Wound, alike: list[int], used: set[str | None]) -> list[str]:
        """Names of nothing that refused devices say, or those called alike, where they go or for a link: the first few."""
        refused = [r for r in (wound.outcome.refusals if wound.outcome is not None else ()) if r.device is not None]
        said = [name for at in alike for name in self._links(wound.draft.request.devices[at])]
        for refusal in refused[:_LOOKED]:
            device = wound.draft.request.devices[refusal.device or 0]
            said += [_maker_named(device.bus)] if device.bus is not None and refusal.missing is not None else []
            said += self._links(device)
        return [name for name in dict.fromkeys(said) if name[:1].isalpha() and name not in used][:_NEAR]

    def _links(self, device: DeviceRequest) -> list[str]:
        """What a device says of others by their ids."""
        kind = self.board.kinds.named(device.driver)
        facts = ((value, kind.catalogued(name)) for name, value in device.properties.items()) if kind is not None else ()
        return [value for value, fact in facts if isinstance(value, str) and fact is not None and fact[0] == "link"]

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

    def means_another(self, wound: Wound) -> bool:
        """Whether a bus that is not there is called like ones that are, but for a number: then it was meant to be one more."""
        device, outcome = self._device(wound), wound.outcome
        if device is None or device.bus is None or outcome is None or wound.refusal.missing is None:
            return False
        wanted = _maker_named(device.bus)
        return any(_numbered_alike(wanted, _maker_named(bus.id)) for bus in outcome.state.buses)

    def _bus_not_found(self, wound: Wound) -> _Drafts:
        device, index, outcome = self._device(wound), wound.refusal.device, wound.outcome
        if device is None or index is None or device.bus is None or outcome is None:
            return
        kind = self.board.kinds.named(device.driver)
        names = [b.id for b in outcome.state.buses if kind is None or kind.bus_kind is None or kind.bus_kind in b.kinds]
        wanted = _maker_named(device.bus)
        for name in nearest(device.bus, [n for n in names if n != device.bus])[:_NEAR]:
            numbered = _numbered_alike(wanted, _maker_named(name))
            cost = self.cost("controller") + 1 if numbered else self.cost("name")
            yield self.desk.device(wound.draft, index, device._replace(bus=name), "move", cost)
        freed = self.cost("controller") + 2 if self.means_another(wound) else self.cost("move")
        yield self.desk.device(wound.draft, index, device._replace(bus=None), "move", freed)
        later = (n for n, d in enumerate(wound.draft.request.devices) if n > index and d.id is not None and d.id == wanted)
        for at in later:
            yield self.desk.earlier(wound.draft, at, _first_naming(wound.draft, wanted, index), self.cost("reorder"))
        if not device.json:
            named = (n for n, d in enumerate(wound.draft.request.devices) if d.json and d.id is not None and d.id == wanted)
            yield from (self._in_turn(wound.draft, at, index) for at in named)
        if kind is not None and kind.bus_kind is not None and wound.refusal.missing is not None:
            alike = [d.driver for d in wound.draft.request.devices if d.id is not None and _numbered_alike(wanted, d.id)]
            makers = self.knowledge.makers_of(kind.bus_kind)
            for maker in (*dict.fromkeys(m for m in alike if m in makers), *(m for m in makers[:_MAKERS] if m not in alike)):
                yield self.desk.added(wound.draft, DEVICE, f"{maker},id={wanted}", index, self.cost("controller"))

    def _in_turn(self, draft: Draft, at: int, index: int) -> Draft | None:
        """A device of JSON, which comes after all others, in the form of those, before the one at `index`."""
        written = self.desk.device(draft, at, draft.request.devices[at]._replace(json=False), "property", self.cost("reorder"))
        return self.desk.earlier(written, at, index, 0) if written is not None and at > index else written

    _device_not_found = _no_child_bus = _bus_full = _several_child_buses = _bus_not_found

    def _wrong_bus_kind(self, wound: Wound) -> _Drafts:
        device, index, outcome = self._device(wound), wound.refusal.device, wound.outcome
        if device is None or index is None or device.bus is None or outcome is None:
            return
        meant = {kind for bus in outcome.state.by_name.get(device.bus, ()) for kind in bus.kinds}
        for at, name in enumerate(self.likely(device)):  # the same by another way to connect it: the bus says which
            other = self.board.kinds.named(name)
            if other is not None and other.bus_kind in meant:
                yield self.of_type(wound.draft, index, name, self.cost("name") + at, stays=True)
        yield from self._bus_not_found(wound)

    def _no_bus(self, wound: Wound) -> _Drafts:
        device, index = self._device(wound), wound.refusal.device
        if device is None or index is None:
            return
        for at, name in enumerate(self.likely(device)):
            yield self.of_type(wound.draft, index, name, self.cost("type") + at, place=False)
        kind = self.board.kinds.named(device.driver)
        if kind is None or kind.bus_kind is None:
            return
        makers = self.knowledge.makers_of(kind.bus_kind)
        yield from self._maker_that_comes_later(wound.draft, index, kind.bus_kind, makers)
        for maker in makers[:_MAKERS]:
            yield self.desk.added(wound.draft, DEVICE, maker, index, self.cost("maker"))

    def _maker_that_comes_later(self, draft: Draft, index: int, bus_kind: str, makers: Sequence[str]) -> _Drafts:
        """A controller that stands after what goes on it, put before it; or one of the name that devices behind it go on."""
        devices = draft.request.devices
        real = self.knowledge.real_name
        for at in range(len(devices)):
            found = real(devices[at].driver) in makers
            if found and devices[at].json and not devices[index].json:
                yield self._in_turn(draft, at, index)
                return
            if found and at > index:
                yield self.desk.earlier(draft, at, index, self.cost("reorder"))
                return
        ids = {d.id for d in devices if d.id is not None}
        for other in devices[index + 1 :]:
            kind = self.board.kinds.named(other.driver)
            wanted = _maker_named(other.bus) if other.bus is not None else None
            if wanted and kind is not None and kind.bus_kind == bus_kind and wanted not in ids:
                for maker in makers[:_MAKERS]:
                    yield self.desk.added(draft, DEVICE, f"{maker},id={wanted}", index, self.cost("controller"))
                return

    _every_bus_full = _no_bus

    def _no_such_machine(self, wound: Wound) -> _Drafts:
        for other in machines_near(self.knowledge, wound.draft.request.machine)[:_NEAR]:
            facts = self.knowledge.machine(other)
            yield self.desk.machine(wound.draft, other, wound.draft.request.options, self.cost("name")) if facts else None

    def _no_such_option_id(self, wound: Wound) -> _Drafts:
        """What an option says of a device that it does not reach: said by the device itself."""
        where = wound.refusal.where
        option = option_at(wound.draft.words, where.argument) if where is not None else None
        if where is None or option is None:
            return
        path, _, value = option.argument.partition("=")
        _, identity, name, *more = (*path.split("."), "", "")[:4]
        for index, device in enumerate(wound.draft.request.devices):
            if device.id == identity and name and not any(more):
                changed = self.property(wound.draft, index, name, value, self.cost("rule"))
                yield self.desk.replaced(changed, where, [], 0) if changed is not None else None

    def _no_such_option(self, wound: Wound) -> _Drafts:
        name = str(wound.refusal.frame[CONTEXT["property"]])
        facts = self.knowledge.machine(wound.draft.request.machine)
        for known in nearest(name, option_names(self.knowledge, facts.line) if facts is not None else ())[:1]:
            yield self.desk.option_named(wound.draft, name, known, self.cost("name"))

    def _no_such_command_option(self, wound: Wound) -> _Drafts:
        where, name = wound.refusal.where, str(wound.refusal.frame[CONTEXT["name"]])
        if where is None:
            return
        words = wound.draft.words
        behind = [w for w in words[where.argument + 1 : where.argument + 2] if not w.startswith("-")]
        for known in self.free.options_near(name):
            yield self.desk.replaced(wound.draft, where, [known, *behind], self.cost("name"))

    def _pair_without_value(self, wound: Wound) -> _Drafts:
        """A bare word of an option, as a switch that is on, or left out."""
        where, name = wound.refusal.where, str(wound.refusal.frame[CONTEXT["name"]])
        option = option_at(wound.draft.words, where.argument) if where is not None else None
        pieces = option.argument.split(",") if option is not None else []
        if where is None or option is None or name not in pieces:
            return
        at = pieces.index(name)
        for piece, cost in (([f"{name}=on"], "name"), ([], "property")):
            text = ",".join([*pieces[:at], *piece, *pieces[at + 1 :]])
            yield self.desk.replaced(wound.draft, where, ["-" + option.name, text], self.cost(cost))

    _feature_without_value = _pair_without_value


def _first_naming(draft: Draft, name: str, last: int) -> int:
    """The first device, at most the `last`, that goes on a device of a name, or names it in a property."""
    for at, device in enumerate(draft.request.devices[:last]):
        if device.bus is not None and _maker_named(device.bus) == name:
            return at
        if any(isinstance(value, str) and named_after(value, name) for value in device.properties.values()):
            return at
    return last


def _maker_named(bus: str) -> str:
    """The device that the name or path of a bus begins with."""
    return bus.strip("/").split("/")[0].split(".")[0]


def _numbered_alike(name: str, other: str) -> bool:
    """Whether two names differ in their last number alone, as names of several things of a kind do."""
    stem = name.rstrip("0123456789")
    numbers = name[len(stem) :][:9], other[len(stem) :][:9]
    return other.rstrip("0123456789") == stem != "" and all(numbers) and int(numbers[0]) != int(numbers[1])
