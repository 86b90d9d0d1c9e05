"""The Python interface: the same answers that the command line prints, as typed objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qrules.configs import argv as argv_reader
from qrules.configs.files import Files
from qrules.diagnostics import unusable
from qrules.explain import inventory
from qrules.explain.inventory import BusFacts, TypeFacts
from qrules.explain.verdicts import Verdict, judge
from qrules.explain.why import Why, why
from qrules.machine.budget import Question
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.rulesets.store import Store, open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.conversion.answer import Converted, Impossible, Uncertain
    from qrules.place.answer import Nowhere, Placed, Undecided
    from qrules.place.wants import Wants

_boards: dict[tuple[int, str, str], Board] = {}


def _board(store: Store, arch: str | None, qemu: str | None) -> Board:
    entry = store.resolve(qemu, arch)
    key = (id(store), entry.version, entry.arch)
    if key not in _boards:
        _boards.setdefault(key, Board(store.knowledge(entry)))  # one for all threads
    return _boards[key]


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

    def devices(self) -> list[TypeFacts]:
        """The user-creatable device types that find a bus on it, with that bus."""
        return inventory.pluggable(self._board, self._request)

    def why(self, device: str, before: Iterable[str] = ()) -> Why:
        """Why a device (as ``-device`` takes it) plugs into this machine or does not; `before` are devices that stand first.

        Raises `qrules.Unusable` where a text can't be read (QR403, QR404), and for too many devices (QR460); of a type that does
        not exist the verdict tells.
        """
        devices = argv_reader.devices([*before, device])
        driver = self._board.knowledge.real_name(devices[-1].driver)
        versions = self._store.versions_with(self.arch, driver)
        with Question():
            return why(self._board, self._request._replace(devices=devices), versions)


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
    folder. Raises `qrules.Unusable` for a machine (QR410), option (QR412), architecture (QR420) or version (QR421) that does not
    exist, and for rules that can't be used (QR1xx to QR3xx, QR5xx).
    """
    store = open_store(rules)
    board = _board(store, arch, qemu)
    found = board.knowledge.machine(name)
    if found is None or found.family is None:
        what = "there is no machine" if found is None else "no rules describe the machine"
        raise unusable("QR410", f"{what} '{name}' (QEMU {board.knowledge.version}, {board.knowledge.arch})", name)
    given = {key.replace("_", "-"): value for key, value in options.items()}
    return MachineView(board, Request(machine=found.name, options=given, nodefaults=nodefaults), store)


def check(
    *,
    argv: Sequence[str],
    arch: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
    files: bool = False,
) -> Verdict:
    """The verdict on a QEMU command line; a first word that does not begin with ``-`` is the binary.

    `profiles` limits the verdict to some (default: all that have rules). The files that -readconfig names are opened with `files`
    alone (QR406 without). Raises `qrules.Unusable` where the command line can't be read (QR401 to QR407), or for an architecture
    or version without catalogue (QR420, QR421).
    """
    words = list(argv)
    store = open_store(rules)
    board = _board(store, arch or argv_reader.architecture(words), qemu)
    with Question():
        return judge(board, argv_reader.read(words, board.knowledge, Files() if files else None), tuple(profiles))


def place(
    *,
    argv: Sequence[str],
    wants: Wants | None = None,
    arch: str | None = None,
    qemu: str | None = None,
    rules: str | None = None,
    files: bool = False,
) -> Placed | Nowhere | Undecided:
    """Places for all devices of a QEMU command line, with the fewest controllers added; ``.argv(argv)`` of a `Placed` is it.

    `wants` is a `qrules.place.wants.Wants`; `files` as for `check`. Raises `Unusable` where the command line can't be read (QR401
    to QR407).
    """
    from qrules.place import placing
    from qrules.place.wants import Wants

    if wants is not None and not isinstance(wants, Wants):
        raise TypeError(f"wants is a qrules.place.wants.Wants, not {type(wants).__name__}")
    words = list(argv)
    board = _board(open_store(rules), arch or argv_reader.architecture(words), qemu)
    with Question():
        return placing.place(board, argv_reader.read(words, board.knowledge, Files() if files else None), wants, words=words)


def convert(
    *,
    argv: Sequence[str],
    to: str,
    keep: Iterable[str] = (),
    without: Iterable[int] = (),
    arch: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
    files: bool = False,
) -> Converted | Impossible | Uncertain:
    """A QEMU command line as one of another machine, with a reason for each line that changes.

    `to` is a machine as -machine takes it (``"q35,usb=on"``), `keep` are roles of the old machine whose default devices come
    along (``"network"``, ``"all"``), `without` positions of devices that are left out, `profiles` those whose advice is heeded
    (none: all); `files` as for `check`. Raises `Unusable` where the command line can't be read (QR401 to QR407) or there is no
    such machine (QR410, QR411), option (QR412), profile (QR437) or role (QR444).
    """
    from qrules.conversion import converting, target

    words = list(argv)
    board = _board(open_store(rules), arch or argv_reader.architecture(words), qemu)
    argv_reader.known_profiles(profiles, board.knowledge)
    request = argv_reader.read(words, board.knowledge, Files() if files else None)
    wanted = target.target(board, request, to, keep, without, "to")
    with Question():
        return converting.convert(board, words, wanted, tuple(profiles), Files() if files else None)
