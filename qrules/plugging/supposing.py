"""What would be wrong besides: the same config once more, supposing that the devices at fault stood all the same.

A device whose bus is missing, because the controller that makes it was refused, fails at that and says nothing of its
own mistakes. Here the controller stands whatever is wrong with it, so that these come out too.
"""

from __future__ import annotations

from qrules.linked.clauses import Part
from qrules.linked.kinds import Kinds
from qrules.machine.entities import Device
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.plugging.checks import Checker
from qrules.plugging.plug import Plugger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable
    from typing import Any


class _Patient(Checker):
    """Finds nothing wrong while a device is supposed to stand."""

    supposing = False

    def check(self, phase: str, device: Device) -> list[tuple[Any, ...]]:
        try:
            return super().check(phase, device)
        except Refused:
            if not self.supposing:
                raise
            return []


class _Lenient(Plugger):
    """Plugs devices whatever is wrong with them, as far as they find a bus."""

    checker: _Patient

    def _checker(self) -> _Patient:
        return _Patient(self.knowledge, self.state)

    def _fast_path(self) -> None:
        """It says yes or nothing."""

    def _read_properties(self, device: Device, json: bool, general: Container[str]) -> dict[str, Any]:
        try:
            return super()._read_properties(device, json, general)
        except Refused:
            if not self.checker.supposing:
                raise
            return {}

    def _take_address(self, device: Device, given: dict[str, Any]) -> None:
        try:
            super()._take_address(device, given)
        except Refused:
            if not self.checker.supposing:
                raise
            device.address.clear()  # it holds no place of somebody else's

    def create(self, part: Part, creator: Device, depth: int) -> None:
        try:
            super().create(part, creator, depth)
        except Refused:
            if not self.checker.supposing:
                raise


class Supposing:
    """A config once more, on a machine of its own. `told` is what the config's own run found, `found` what is wrong besides."""

    def __init__(self, kinds: Kinds, state: State, request: Request, told: Collection[Refusal]) -> None:
        self.state, self.request = state, request
        self.found: list[Refusal] = []
        self._plugger = _Lenient(kinds, state)
        self._causes = {r.consequence_of for r in told}
        self._following = {r.device for r in told if r.consequence_of is not None}
        self._known = {(r.device, r.rule) for r in told}

    def plug(self, order: Iterable[int]) -> None:
        """Plugs devices; those that others hang on stand whatever is wrong with them."""
        for index in order:
            self._plugger.checker.supposing = False
            try:
                self._plugger.plug_request(index, self.request.devices[index])
            except Refused as refused:
                if index in self._following:
                    mine = [r._replace(device=index) for r in refused.refusals]
                    self.found += [r for r in mine if (index, r.rule) not in self._known]
                if index in self._causes:
                    self._suppose(index)

    def _suppose(self, index: int) -> None:
        self._plugger.checker.supposing = True
        try:
            self._plugger.plug_request(index, self.request.devices[index])
        except Refused:  # no such type, or no bus for it: there is nothing to suppose
            return
