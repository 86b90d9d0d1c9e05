"""Machines and what they have: the machine with its options, why a device plugs into it, lists and differences."""

from __future__ import annotations

from collections.abc import Iterable

from qrules.api import given
from qrules.configs import argv as argv_reader
from qrules.diagnostics import did_you_mean, unusable
from qrules.explain import inventory
from qrules.explain.inventory import BusFacts, Holder, TypeFacts
from qrules.explain.why import Why, known_type
from qrules.explain.why import why as _why
from qrules.machine.budget import Question
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.rulesets.store import Store, open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.explain.diff import Difference


class MachineEntry(NamedTuple):
    """A machine type. `described`: whether rules say what it has."""

    name: str
    aliases: tuple[str, ...]
    description: str
    default: bool
    deprecated: bool
    described: bool


class MachineView:
    """One machine with its options. Answers come from the rules alone; nothing is started.

    Made by `machine`. `name`, `arch` and `qemu` say what is meant after aliases and defaults are resolved.
    """

    def __init__(self, board: Board, request: Request, store: Store) -> None:
        self._board, self._request, self._store = board, request, store
        self.name = request.machine
        self.arch = board.knowledge.arch
        self.qemu = board.knowledge.version
        found = board.knowledge.machine(request.machine)
        assert found is not None
        self._state, refusals = board.build_machine(found, request)
        if refusals:
            from qrules.explain.reasons import reason

            raise unusable("QR412", reason(board.knowledge, refusals[0], request).message, self.name)

    @property
    def state(self) -> State:
        """The machine as it stands: its buses, its devices, who holds what."""
        return self._state

    def supported_types(self) -> list[str]:
        """The QOM types that its buses accept: what the RFC calls ``supported-device-types``."""
        return inventory.supported(self._board, self._state.copy())

    def buses(self) -> list[BusFacts]:
        """Its buses, in the order of automatic choice."""
        return inventory.buses(self._board, self._state.copy())

    def slots(self) -> list[tuple[BusFacts, list[Holder]]]:
        """Its buses with those that stand on them."""
        return inventory.held(self._board, self._state.copy())

    def devices(self) -> list[TypeFacts]:
        """The user-creatable device types that find a bus on it, with that bus."""
        return inventory.pluggable(self._board, self._request)

    def why(self, device: str, before: Iterable[str] = ()) -> Why:
        """Why a device (as ``-device`` takes it) plugs into this machine or does not; `before` are devices that stand first.

        Raises `qrules.Unusable` where a text can't be read (QR403), for a type that there is not (QR413) and for too many
        devices (QR460).
        """
        wanted = given.text(device, "device", '"TYPE,property=value"')
        devices = argv_reader.devices([*given.texts(before, "before", '["DEVICE"]'), wanted])
        driver = self._board.knowledge.real_name(devices[-1].driver)
        known_type(self._board.knowledge, driver)
        versions = self._store.versions_with(self.arch, driver)
        with Question():
            older = self._store.older(self._store.resolve(self.qemu, self.arch))
            return _why(self._board, self._request._replace(devices=devices), versions, older)


def machine(
    name: str,
    *,
    arch: str | None = None,
    qemu: str | None = None,
    nodefaults: bool = False,
    rules: str | None = None,
    **options: object,
) -> MachineView:
    """A machine by type or alias, with options as keywords (``usb=True``; underscores stand for hyphens).

    `qemu` is a version such as ``"10.0"`` (default: the newest shipped), `arch` an architecture, `rules` another rule
    folder. Raises `qrules.Unusable` for a machine (QR410, QR411), option (QR412), architecture (QR420) or version (QR421) that
    does not exist, and for rules that can't be used (QR1xx to QR3xx, QR5xx).
    """
    store = open_store(rules)
    board = given.board(store, arch, qemu)
    found = board.knowledge.machine(given.text(name, "name", '"MACHINE"'))
    where = f"(QEMU {board.knowledge.version}, {board.knowledge.arch})"
    if found is None:
        names = [n for each in board.knowledge.machine_names() for n in (each, *_aliases(board, each))]
        raise unusable("QR410", f"there is no machine '{name}' {where}", name, hint=did_you_mean(name, names))
    if found.family is None:
        raise unusable("QR411", f"no rules describe the machine '{name}' {where}", name)
    wanted = {key.replace("_", "-"): value for key, value in options.items()}
    return MachineView(board, Request(machine=found.name, options=wanted, nodefaults=nodefaults), store)


def _aliases(board: Board, name: str) -> tuple[str, ...]:
    found = board.knowledge.machine(name)
    return found.aliases if found is not None else ()


def machines(*, arch: str | None = None, qemu: str | None = None, rules: str | None = None) -> list[MachineEntry]:
    """All machine types of a version and an architecture. Raises `Unusable` (QR420, QR421)."""
    knowledge = given.boards(rules, arch, qemu).knowledge
    listed = [found for name in knowledge.machine_names() if (found := knowledge.machine(name)) is not None]
    return [
        MachineEntry(f.name, f.aliases, f.description, "default" in f.words, "deprecated" in f.words, f.family is not None)
        for f in listed
    ]


def query_machines(*, arch: str | None = None, qemu: str | None = None, rules: str | None = None) -> list[dict[str, Any]]:
    """All machines in the shape of QMP's query-machines, with supported-device-types."""
    from qrules.report.machines import queried

    return queried(given.boards(rules, arch, qemu))


def why(
    device: str,
    *,
    on: str,
    before: Iterable[str] = (),
    arch: str | None = None,
    qemu: str | None = None,
    nodefaults: bool = False,
    rules: str | None = None,
    **options: object,
) -> Why:
    """Why a device plugs into a machine or does not: `machine(on, ...).why(device, before)`. Raises as these do."""
    return machine(on, arch=arch, qemu=qemu, nodefaults=nodefaults, rules=rules, **options).why(device, before)


def types(name: str, **choice: Any) -> list[TypeFacts]:
    """The device types that find a bus on a machine; `choice` as for `machine`. Raises as that does."""
    return machine(name, **choice).devices()


def buses(name: str, **choice: Any) -> list[BusFacts]:
    """The buses of a machine; `choice` as for `machine`. Raises as that does."""
    return machine(name, **choice).buses()


def slots(name: str, **choice: Any) -> list[tuple[BusFacts, list[Holder]]]:
    """The buses of a machine with those that stand on them; `choice` as for `machine`. Raises as that does."""
    return machine(name, **choice).slots()


def diff(old: MachineView, new: MachineView) -> Difference:
    """What became possible and impossible from one machine to another, be they of one version or of two."""
    from qrules.explain.diff import Side, diff

    return diff(*(Side(view._board, view._request) for view in (old, new)))
