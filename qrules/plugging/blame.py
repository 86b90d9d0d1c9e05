"""Which refusals are only consequences of others: what a device lacks is what a refused one would have made."""

from __future__ import annotations

from itertools import islice

from qrules.linked.kinds import Kinds
from qrules.machine.frames import CONTEXT
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_KNOWN = 2
_DOTS = 16  # in a name: no id has so many, and each costs a look
_WRITTEN = 64  # properties of one device that name refused ones


class Suspects:
    """The refused devices of a config, by what others may look for in vain: an id, or a kind of bus.

    Of those that answer to one name or kind the first two are known: one, and for that one itself the next.
    """

    __slots__ = ("_count", "_named", "_nameless", "_providing")

    def __init__(self) -> None:
        self._count = 0
        self._named: dict[str, list[tuple[int, int]]] = {}  # by id: which refusal it was, and the device
        self._providing: dict[str, list[tuple[int, int]]] = {}
        self._nameless: dict[str, int] = {}  # how many of a type without an id were seen

    def add(self, index: int, device: DeviceRequest, provided: Iterable[str]) -> None:
        """Takes note of a refused device; `provided` are the kinds of buses that it would have brought."""
        self._count += 1
        if device.id:
            _note(self._named, device.id, (self._count, index))
        elif device.id is None:
            seen = self._nameless.get(device.driver, 0)
            if seen >= _KNOWN:
                return
            self._nameless[device.driver] = seen + 1
        for kind in provided:
            _note(self._providing, kind, (self._count, index))

    def named(self, wanted: str, but: int) -> int | None:
        """The device that was refused first, but one, whose id a name is, or that of a bus of it.

        QEMU puts a dot and a number behind the owner's id (qemu:hw/core/bus.c "qbus_init_internal").
        """
        if not self._named:
            return None
        found = list(self._named.get(wanted, ()))
        dot = wanted.find(".")
        for _ in range(_DOTS):
            if dot < 0:
                break
            found += self._named.get(wanted[:dot], ())
            dot = wanted.find(".", dot + 1)
        return min((one for one in found if one[1] != but), default=(0, None))[1]

    def providing(self, kind: str, but: int) -> int | None:
        """The device that was refused first, but one, that would have brought a bus of a kind."""
        return next((index for _, index in self._providing.get(kind, ()) if index != but), None)


def _note(known: dict[str, list[tuple[int, int]]], key: str, entry: tuple[int, int]) -> None:
    entries = known.setdefault(key, [])
    if len(entries) < _KNOWN:
        entries.append(entry)


class Blame:
    """Finds the device that a refusal is a consequence of."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._provided: dict[str, frozenset[str]] = {}  # the kinds of buses that a type brings

    def told(self, found: list[Refusal], index: int, device: DeviceRequest, refused: Suspects) -> list[Refusal]:
        """The refusals of a device; those that only follow from another device's refusal say so."""
        given = ((name, refused.named(value, index)) for name, value in device.properties.items() if isinstance(value, str))
        written = list(islice(((name, cause) for name, cause in given if cause is not None), _WRITTEN))
        return [r._replace(consequence_of=self._cause(r, index, written, refused)) for r in found]

    def _cause(self, refusal: Refusal, index: int, written: list[tuple[str, int]], refused: Suspects) -> int | None:
        """The refused device that this refusal is a consequence of; `written` are properties that name refused ones."""
        missing = refusal.missing
        if missing is not None and missing.name is not None:
            return refused.named(missing.name, index)
        if missing is not None and missing.bus_kind is not None:
            return refused.providing(missing.bus_kind, index)
        return next((cause for name, cause in written if self._speaks_of(refusal, name)), None)

    def _speaks_of(self, refusal: Refusal, name: str) -> bool:
        """Whether a refusal's words are about what was written for a property."""
        if refusal.note is None:
            return False
        return refusal.frame[CONTEXT["property"]] == name or _reads(
            self._kinds.knowledge.note(refusal.note).words.get(refusal.occasion), name
        )

    def provided(self, driver: str) -> frozenset[str]:
        """The kinds of buses that a type brings; none for a name that is no type's."""
        kind = self._kinds.named(driver)
        if kind is None:
            return frozenset()
        known = self._provided.get(kind.name)
        if known is None:
            made = kind.provided_kinds(self._kinds)
            known = self._provided[kind.name] = frozenset(k for name in made for k in self._kinds.bus(name).kinds)
        return known


def _reads(template: object, name: str) -> bool:
    """Whether a compiled sentence has an attribute of this name in it."""
    if not isinstance(template, list):
        return False
    return (template[:1] == ["attr"] and template[2] == name) or any(_reads(inner, name) for inner in template)


def named_after(name: str, identity: str) -> bool:
    """Whether a name is an id, or that of a bus whose owner has it: QEMU puts a dot and a number behind the owner's id.

    See qemu:hw/core/bus.c "qbus_init_internal".
    """
    return name == identity or name.startswith(identity + ".")
