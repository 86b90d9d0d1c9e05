"""The words of a command line as options: which word is an option's argument, and what stands under each of its keys."""

from __future__ import annotations

from qrules.configs.pairs import Pair, json_pairs, pairs
from qrules.diagnostics import Span, unusable
from qrules.machine.request import Misread, Where
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator
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
        "async-teardown", "audio-help", "enable-hax", "show-cursor", "std-vga", "tdf",
    )
)  # fmt: skip


_IN_JSON = frozenset(("device", "netdev", "object", "blockdev", "audiodev", "display", "compat"))  # qemu:system/vl.c
_LAST_ID = frozenset(("blockdev", "audiodev", "display", "compat", "machine", "M"))  # qemu:util/keyval.c knows no ids


class Option(NamedTuple):
    """An option as written: its name without dashes, its argument (empty without one), and which words they are."""

    name: str
    argument: str
    word: int  # of the option; its argument, if any, is the next word
    has_argument: bool
    place: Where | None = None  # for what stands in a file that the command line names: where it names that
    members: tuple[tuple[str, str], ...] | None = None  # what the file says, key by key


def options(argv: list[str], known: Container[str] | None = None) -> Iterator[Option]:
    """The options of a command line. A first word that does not begin with ``-`` is the binary.

    Raises `Unusable`: QR401 for a word of more than `MAX_ARGUMENT` characters, QR402 where the last option lacks its argument.

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
        name = (word[2:] if word.startswith("--") else word[1:]) or "-"  # a dash alone names no option
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


def in_json(option: Option) -> bool:
    """Whether the emulator reads an argument as JSON: to others than these a brace is a character as any other."""
    return option.argument.startswith("{") and option.name in _IN_JSON


def read_pairs(option: Option, implied: str = "") -> list[Pair]:
    """The pairs of an option, in whichever of the two forms it is written. Raises `Unusable` (QR403) for JSON that is none."""
    if option.members is not None:
        return [Pair(key, value, 0, len(option.argument)) for key, value in option.members]
    if in_json(option):
        return json_pairs(option.argument, option.word + 1)
    found = pairs(option.argument, implied)
    return _first_id(found) if _several_ids(option.argument) and option.name not in _LAST_ID else found


def _several_ids(text: str) -> bool:
    return f",{text}".count(",id=") > 1


def _first_id(found: list[Pair]) -> list[Pair]:
    """The pairs with the first id alone: later ones are passed over (qemu:util/qemu-option.c "opts_parse_id")."""
    first = next((pair for pair in found if pair.key == "id"), None)
    return [pair for pair in found if pair.key != "id" or pair is first]


def members(option: Option, implied: str = "") -> dict[str, Any]:
    """What an option says under each key; of a key said twice the last counts, of `id` the first. Raises as `read_pairs`."""
    text = option.argument
    if not text and option.members is None:
        return {}
    if ",," in text or (text.count("id=") > 1 and _several_ids(text)) or in_json(option) or option.members is not None:
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


def unpaired(option: Option) -> Iterator[Misread]:
    """The first word that is no pair, of an option that takes pairs alone (qemu:util/keyval.c "keyval_parse_one")."""
    for number, piece in enumerate(option.argument.replace(",,", "").split(",")):
        if number and piece and "=" not in piece and not in_json(option):
            yield Misread("pair-without-value", {"name": piece}, where(option))
            return


def where(option: Option, pair: Pair | None = None) -> Where:
    """Where an option, or one of its pairs, stands in the user's words."""
    if option.place is not None:
        return option.place
    if pair is None:
        end = len(option.argument) if option.has_argument else len(option.name) + 1
        return Where._make((option.word + option.has_argument, 0, end))
    return Where(option.word + 1, pair.start, pair.end)


__all__ = ["Option", "Pair", "in_json", "json_pairs", "members", "options", "pairs", "read_pairs", "where"]
