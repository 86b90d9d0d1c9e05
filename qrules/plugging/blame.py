"""Which refusals are only consequences of others: what a device lacks is what a refused one would have made."""

from __future__ import annotations

from collections.abc import Mapping

from qrules.linked.kinds import Kinds
from qrules.machine.entities import named_after
from qrules.machine.frames import CONTEXT
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest


class Blame:
    """Finds the device that a refusal is a consequence of."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._provided: dict[tuple[str, str], bool] = {}  # whether a type brings a bus of a kind

    def told(
        self, found: list[Refusal], index: int, device: DeviceRequest, refused: Mapping[int, DeviceRequest]
    ) -> list[Refusal]:
        """The refusals of a device; those that only follow from another device's refusal say so."""
        others = [(i, r) for i, r in refused.items() if i != index]
        return [r._replace(consequence_of=self._cause(r, device, others)) for r in found] if others else found

    def _cause(self, refusal: Refusal, device: DeviceRequest, others: list[tuple[int, DeviceRequest]]) -> int | None:
        """The refused device that this refusal is a consequence of."""
        missing = refusal.missing
        if missing is not None and missing.name is not None:
            wanted = missing.name
            return next((i for i, r in others if r.id and named_after(wanted, r.id)), None)
        if missing is not None and missing.bus_kind is not None:
            kind = missing.bus_kind
            return next((i for i, r in others if self._would_provide(r.driver, kind)), None)
        for name, value in device.properties.items():
            cause = next((i for i, r in others if r.id and isinstance(value, str) and named_after(value, r.id)), None)
            if cause is not None and self._speaks_of(refusal, name):
                return cause
        return None

    def _speaks_of(self, refusal: Refusal, name: str) -> bool:
        """Whether a refusal's words are about what was written for a property."""
        if refusal.note is None:
            return False
        return refusal.frame[CONTEXT["property"]] == name or _reads(
            self._kinds.knowledge.note(refusal.note).words.get(refusal.occasion), name
        )

    def _would_provide(self, driver: str, wanted: str) -> bool:
        kind = self._kinds.named(driver)
        if kind is None:
            return False
        known = self._provided.get((kind.name, wanted))
        if known is None:
            known = any(wanted in self._kinds.bus(made).kinds for made in kind.provided_kinds(self._kinds))
            self._provided[kind.name, wanted] = known
        return known


def _reads(template: object, name: str) -> bool:
    """Whether a compiled sentence has an attribute of this name in it."""
    if not isinstance(template, list):
        return False
    return (template[:1] == ["attr"] and template[2] == name) or any(_reads(inner, name) for inner in template)
