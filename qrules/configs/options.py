"""The syntax of QEMU's options: ``key=value,key=value`` with doubled commas, JSON objects, words that take no argument."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator

from qrules.diagnostics import Span, unusable
from qrules.machine.request import Where
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


MAX_ARGUMENT = 1_000_000  # characters; a longer one is no command line that anybody meant

# Options that stand alone (qemu:qemu-options.hx, those declared with 0 instead of HAS_ARG), of all versions.
WITHOUT_ARGUMENT = frozenset(
    (
        "h", "help", "version", "S", "s", "usb", "nodefaults", "nographic", "snapshot", "no-reboot", "no-shutdown", "daemonize",
        "full-screen", "no-fd-bootchk", "no-acpi", "no-hpet", "no-user-config", "nodefconfig", "mem-prealloc", "enable-kvm",
        "only-migratable", "win2k-hack", "semihosting", "preconfig", "singlestep", "enable-fips", "no-quit", "sdl", "curses",
        "alt-grab", "ctrl-grab", "no-frame", "portrait", "xen-attach", "xen-domid-restrict", "enable-sync-profile", "perfmap",
        "jitdump", "old-param", "localtime", "rtc-td-hack", "no-kvm", "no-kvm-irqchip", "no-kvm-pit", "no-kvm-pit-reinjection",
        "async-teardown", "audio-help", "enable-hax", "show-cursor", "std-vga", "nodefconfig", "tdf",
    )
)  # fmt: skip


class Option(NamedTuple):
    """An option as written: its name without dashes, its argument (empty without one), and which words they are."""

    name: str
    argument: str
    word: int  # of the option; its argument, if any, is the next word
    has_argument: bool
    place: Where | None = None  # for what stands in a file that the command line names: where it names that
    members: tuple[tuple[str, str], ...] | None = None  # what the file says, key by key


def options(argv: list[str], known: Container[str] | None = None) -> Iterator[Option]:
    """The options of a command line. A first word that does not begin with ``-`` is the binary. Raises `Unusable`.

    All but those that stand alone take the next word. `known` are the names (with a dash) that the emulator knows, if it is
    to be told apart what others take: a word that looks like no option.
    """
    at = 1 if argv and not argv[0].startswith("-") else 0
    while at < len(argv):
        word = argv[at]
        if len(word) > MAX_ARGUMENT:
            raise unusable("QR401", f"a word of {len(word):,} characters", _span(at), expected="a QEMU command line")
        if not word.startswith("-"):
            yield Option("", word, at, True)
            at += 1
            continue
        name = word[2:] if word.startswith("--") else word[1:]
        stranger = known is not None and "-" + name not in known
        behind = argv[at + 1] if at + 1 < len(argv) else None
        if name in WITHOUT_ARGUMENT or (stranger and (behind is None or behind.startswith("-"))):
            yield Option(name, "", at, False)
            at += 1
            continue
        if behind is None:
            raise unusable("QR402", f"the option {word} needs an argument", _span(at), expected=f"{word} VALUE")
        yield Option._make((name, behind, at, True, None, None))
        at += 2


def _span(word: int) -> Span:
    return Span(f"argument {word + 1}", 0)


class Pair(NamedTuple):
    """A key with its value; `start` and `end` are characters of the argument."""

    key: str
    value: Any
    start: int
    end: int


def pairs(text: str, implied: str = "") -> list[Pair]:
    """``a,k=v,flag`` split at single commas; ``,,`` is a comma. The first word without ``=`` belongs to `implied`.

    A later word without ``=`` is an old-style flag: ``k`` is ``k=on`` and ``nok`` is ``k=off`` (qemu:util/qemu-option.c
    "get_opt_name_value").
    """
    found = []
    for number, (piece, start, end) in enumerate(_pieces(text)):
        key, equals, value = piece.partition("=")
        if not equals:
            if number == 0 and implied:
                key, value = implied, piece
            elif piece.startswith("no") and len(piece) > 2 and implied:
                key, value = piece[2:], "off"
            else:
                value = "on"
        found.append(Pair(key, value, start, end))
    return found


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    if ",," not in text:
        yield from _plain_pieces(text)
        return
    piece, start, at = "", 0, 0
    while at < len(text):
        character = text[at]
        if character == ",":
            if text[at + 1 : at + 2] == ",":
                piece += ","
                at += 2
                continue
            yield piece, start, at
            piece, start = "", at + 1
        else:
            piece += character
        at += 1
    if piece or not text:
        yield piece, start, at


def _plain_pieces(text: str) -> Iterator[tuple[str, int, int]]:
    start = 0
    pieces = text.split(",")
    if len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    for piece in pieces:
        end = start + len(piece)
        yield piece, start, end
        start = end + 1


def json_pairs(text: str, word: int) -> list[Pair]:
    """The members of a JSON object, in its order. Raises `Unusable` when it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        problem = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise unusable(
            "QR403", f"this is not JSON: {problem}{place}", _span(word), expected='an object such as {"driver": "..."}'
        ) from error
    if not isinstance(value, dict):
        raise unusable("QR403", "JSON, but not an object", _span(word), expected='an object such as {"driver": "..."}')
    return [Pair(key, member, 0, len(text)) for key, member in value.items()]


def read_pairs(option: Option, implied: str = "") -> list[Pair]:
    """The pairs of an option, in whichever of the two forms it is written."""
    if option.members is not None:
        return [Pair(key, value, 0, len(option.argument)) for key, value in option.members]
    if option.argument.lstrip().startswith("{"):
        return json_pairs(option.argument, option.word + 1)
    return pairs(option.argument, implied)


def members(option: Option, implied: str = "") -> dict[str, Any]:
    """What an option says under each key; of a key that stands twice the last one counts."""
    text = option.argument
    if ",," in text or "{" in text or option.members is not None:
        return {pair.key: pair.value for pair in read_pairs(option, implied)}
    found: dict[str, Any] = {}
    for piece in text.split(","):
        key, equals, value = piece.partition("=")
        if equals:
            found[key] = value
        elif not found and implied and text.startswith(piece):
            found[implied] = piece
        else:
            return {pair.key: pair.value for pair in pairs(text, implied)}
    return found


def where(option: Option, pair: Pair | None = None) -> Where:
    """Where an option, or one of its pairs, stands in the user's words."""
    if option.place is not None:
        return option.place
    if pair is None:
        end = len(option.argument) if option.has_argument else len(option.name) + 1
        return Where._make((option.word + option.has_argument, 0, end))
    return Where(option.word + 1, pair.start, pair.end)


__all__ = ["Option", "Pair", "json_pairs", "members", "options", "pairs", "read_pairs", "where"]
