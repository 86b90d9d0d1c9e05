"""What callers hand over, looked at before it is used: a wrong call says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qrules.configs import argv as argv_reader
from qrules.configs.files import Files
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.report import dicts
from qrules.rulesets.store import Store, open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.machine.request import Request

dicts.register()
_boards: dict[tuple[int, str, str], Board] = {}


class Asked(NamedTuple):
    """A command line that was read, with the machines that it is about."""

    board: Board
    request: Request
    words: list[str]
    profiles: tuple[str, ...]


def board(store: Store, arch: str | None, qemu: str | None) -> Board:
    """The machines of a version and an architecture, one for all threads. Raises `Unusable` (QR420, QR421)."""
    entry = store.resolve(qemu, arch)
    key = (id(store), entry.version, entry.arch)
    if key not in _boards:
        _boards.setdefault(key, Board(store.knowledge(entry)))
    return _boards[key]


def boards(rules: str | None, arch: str | None, qemu: str | None) -> Board:
    """The same of a rule folder (None: the shipped rules). Raises `Unusable`."""
    return board(open_store(rules), arch, qemu)


def words(argv: Sequence[str], name: str = "argv") -> list[str]:
    """The words of a command line. Raises `TypeError` for one text, and for what is no text."""
    if isinstance(argv, (str, bytes)):
        raise TypeError(f"{name} is a list of words, not one text: shlex.split(text) makes them")
    found = list(argv)
    for number, word in enumerate(found):
        if not isinstance(word, str):
            raise TypeError(f"{name}[{number}] is {type(word).__name__}, and words of a command line are texts")
    return found


def text(given: str, name: str, example: str) -> str:
    """A name. Raises `TypeError` for what is no text."""
    if not isinstance(given, str):
        raise TypeError(f"{name} is a text, such as {example}, not {type(given).__name__}")
    return given


def texts(given: Iterable[str], name: str, example: str) -> tuple[str, ...]:
    """Several names. Raises `TypeError` for one text, whose letters would count as such."""
    if isinstance(given, (str, bytes)):
        raise TypeError(f"{name} is a list of texts, such as {example}, not one text")
    return tuple(text(one, f"each of {name}", example.strip("[]")) for one in given)


def numbers(given: Iterable[int], name: str) -> tuple[int, ...]:
    """Several positions. Raises `TypeError` for what is none."""
    found = tuple(given)
    for one in found:
        if not isinstance(one, int) or isinstance(one, bool):
            raise TypeError(f"{name} is a list of positions (0 is the first device), and {type(one).__name__} is none")
    return found


def asked(
    argv: Sequence[str],
    arch: str | None,
    qemu: str | None,
    profiles: Sequence[str],
    rules: str | None,
    files: bool,
) -> Asked:
    """A command line as a request.

    Raises `TypeError` for what is no list, and `Unusable` where it can't be read (QR401 to QR407) or no profile has that
    name (QR437).
    """
    listed = words(argv)
    wanted = texts(profiles, "profiles", '["qemu"]')
    known = boards(rules, arch or argv_reader.architecture(listed), qemu)
    argv_reader.known_profiles(wanted, known.knowledge)
    return Asked(known, argv_reader.read(listed, known.knowledge, Files() if files else None), listed, wanted)
