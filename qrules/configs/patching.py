"""A changed command line written into the text that it came from: what stays is left as its author wrote it, line for line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from qrules.configs.options import options
from qrules.configs.quoting import quoted
from qrules.configs.rewriting import words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.configs.commands import Command

    Unit = tuple[str, ...]  # an option with its argument


def in_place(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The words of `new`, each option where it stood in `old`. Devices keep their order among themselves, the others too."""
    before, after = _units(old), _units(new)
    found: list[list[Unit]] = [[] for _ in range(len(before) + 1)]
    for devices in (True, False):
        at = [i for i, unit in enumerate(before) if _device(unit) == devices]
        wanted = [unit for unit in after if _device(unit) == devices]
        for place, unit in _aligned([before[i] for i in at], wanted):
            found[at[place] if place < len(at) else at[-1] if at else -1].append(unit)
    head = list(new[:1]) if new and not new[0].startswith("-") else []
    return [*head, *(word for units in found for unit in units for word in unit)]


def _aligned(old: Sequence[Unit], new: Sequence[Unit], alike: bool = False) -> Iterator[tuple[int, Unit]]:
    """The new options in order, each with the position of the old one in whose place or before which it stands.

    What is the same stays; of the rest that stays which is of the same type (`alike`).
    """
    before, after = ([_type(unit) if alike else unit for unit in units] for units in (old, new))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "replace" and not alike:
            yield from ((i1 + i, unit) for i, unit in _aligned(old[i1:i2], new[j1:j2], alike=True))
        else:
            yield from ((min(i1 + k, max(i1, i2 - 1)), unit) for k, unit in enumerate(new[j1:j2]))


def _type(unit: Unit) -> Unit:
    """An option with the type that it names."""
    return (unit[0], *(text.partition(",")[0] for text in unit[1:]))


def _units(argv: Sequence[str]) -> list[Unit]:
    return [tuple(words_of(argv, option)) for option in options(list(argv))]


def _device(unit: Unit) -> bool:
    return len(unit) == 2 and unit[0].lstrip("-") == "device"


def patched(command: Command, argv: Sequence[str]) -> str:
    """The text with other words in place of the command's. Words that stay are not touched, nor is what stands between them.

    What is changed of a variable's words stands in its place, written out. Whether the text reads as was meant is for the caller
    to see: he reads it again.
    """
    groups = _groups(command)
    old = [texts for texts, _, _ in groups]
    new = _grouped(list(argv), old)
    out: list[str] = []
    at = 0  # in the text: what is before has been written
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        words = [quoted(word) for texts in new[j1:j2] for word in texts]
        if tag == "insert":
            end = groups[i1 - 1][2] if i1 else groups[0][1]
            out += [command.text[at:end], *(_separator(command, groups, i1, word) + word for word in words)]
            at = end
        elif words:
            out += [command.text[at : groups[i1][1]], _joined(command, groups, i1, words)]
            at = groups[i2 - 1][2]
        else:
            start = groups[i1 - 1][2] if i1 else groups[i1][1]
            out.append(command.text[at:start])
            at = groups[i2 - 1][2]
    return "".join([*out, command.text[at:]])


def _groups(command: Command) -> list[tuple[Unit, int, int]]:
    """Words that are made of one stretch of the text, with where it begins and ends."""
    found: list[tuple[Unit, int, int]] = []
    for word in command.words:
        if found and found[-1][1:] == (word.at, word.end):
            found[-1] = ((*found[-1][0], word.text), word.at, word.end)
        else:
            found.append(((word.text,), word.at, word.end))
    return found


def _grouped(argv: list[str], old: list[Unit]) -> list[Unit]:
    """New words in the same groups, as far as they are the same."""
    several = [unit for unit in old if len(unit) > 1]
    found: list[Unit] = []
    at = 0
    while at < len(argv):
        unit = next((u for u in several if tuple(argv[at : at + len(u)]) == u), (argv[at],))
        found.append(unit)
        at += len(unit)
    return found


def _joined(command: Command, groups: list[tuple[Unit, int, int]], at: int, words: list[str]) -> str:
    first, *rest = words
    return first + "".join(_separator(command, groups, at + 1, word) + word for word in rest)


def _separator(command: Command, groups: list[tuple[Unit, int, int]], at: int, word: str) -> str:
    """What stands before an option at a place: a new line where the author's options have lines of their own."""
    if not word.startswith("-"):
        return " "
    for near in (at, at - 1, at - 2, at - 3):
        if 0 < near < len(groups) and groups[near][0][0].startswith("-"):
            between = command.text[groups[near - 1][2] : groups[near][1]]
            return between if between.strip(" \t\r\n\\") == "" and between else " "
    return " "
