"""What `upgrade` says of a config, held against the binaries of both sides: the verdict, the changed config, what the guest finds."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qrules.configs.argv import read
from qrules.configs.rewriting import lines
from qrules.conversion.upgrading import Upgraded, upgrade
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.qemu import process, qtree

POINTS = ("verdict", "changed", "places", "defaults", "deprecated")
_OURS = "qrules-monitor"  # the monitor that the emulator is asked by, whose option is itself deprecated
# Values that devices or machines settle when they start, so that no default tells what a tree shows of them: of a monitor that a screen
# tells of, the machine's own version, halves of virtio (told in words), limits of disks, messages where a machine has none, zPCI.
_FOLLOW = frozenset(
    ("xres", "yres", "ver", "disable-legacy", "disable-modern", "discard_granularity", "vectors", "msi", "msix", "stage")
) | {"relaxed-translation", "forwarding-assist", "interpret"}
_NO_DEFAULTS = frozenset(("addr", "port", "slot", "nr", "unit", "mac", "bus_nr", "x-slot", "romfile", "id", "index", "reg"))


class Asked(NamedTuple):
    """A config with what `upgrade` says, and what is wrong with that, each text beginning with one of `POINTS`."""

    words: list[str]
    answer: Upgraded
    wrong: tuple[str, ...]


class Side(NamedTuple):
    """A version: what the rules say of it, and its binary."""

    board: Board
    binary: str


def asked(sides: tuple[Side, Side], words: list[str], machine: str = "") -> Asked:
    """A config that starts on the first side, on the second one; `machine` is what it is to be there (empty: what it says)."""
    old, new = sides
    answer = upgrade(old.board, new.board, words, ("qemu",), [old.board.knowledge, new.board.knowledge], None, machine)
    before, trees = process.ask(old.binary, words, ("info qtree",))
    return Asked(words, answer, tuple(_wrong(answer, new, before, trees, words, machine)))


def _wrong(
    answer: Upgraded, new: Side, before: process.Outcome, trees: Sequence[str], words: list[str], machine: str
) -> Iterator[str]:
    if machine == "":
        there, _ = process.ask(new.binary, words, ())
        if there.accepted is not (answer.will == "starts") and before.accepted:
            yield f"verdict: {answer.will}, and the binary: {there.message or 'starts'}"
    if not answer.argv:
        return
    printed = shlex.split(" ".join(lines(answer.argv)))
    yield from _judged_again(new.board, printed)
    started, trees_there = process.ask(new.binary, printed, ("info qtree",))
    if before.accepted and not started.accepted:
        yield f"changed: {started.message}"
    if before.accepted and started.accepted:
        yield from _guest(answer, trees[0], trees_there[0])
        yield from _deprecated(answer, before.lines, started.lines)


def _judged_again(board: Board, printed: list[str]) -> Iterator[str]:
    """The changed config, exactly as it is printed."""
    try:
        verdict = judge(board, read(printed, board.knowledge), ("qemu",))
    except Unusable as error:
        yield f"changed: it can't be read: {error}"
        return
    if verdict.verdict not in ("accept", "warn"):
        yield f"changed: the rules say {verdict.verdict} of it"


# ------------------------------------------------------------------------------------- what the guest finds
def _guest(answer: Upgraded, before: str, after: str) -> Iterator[str]:
    was, now = (Counter(map(_place, qtree.device_places(qtree.parse(tree)))) for tree in (before, after))
    gone, come = told(answer)
    if (was - now, now - was) != (gone - come, come - gone):
        yield f"places: gone {dict(was - now)}, come {dict(now - was)}; told: {dict(gone - come)}, {dict(come - gone)}"
    if answer.unknown_defaults:
        return
    found = _changed_properties(before, after)
    said = {(d.type, d.name) for d in answer.defaults if d.name not in _FOLLOW}
    shown = _shown_properties(before) & _shown_properties(after)
    missing, invented = {each[:2] for each in found} - said, (said & shown) - {each[:2] for each in found}
    if missing:
        yield f"defaults: not told: {sorted(each for each in found if each[:2] in missing)}"
    if invented:
        yield f"defaults: told and not so: {sorted((d.type, d.name, d.before, d.after) for d in answer.defaults if (d.type, d.name) in invented)}"


def told(answer: Upgraded) -> tuple[Counter[str], Counter[str]]:
    """What is gone and what has come by type and address, as the answer has it."""
    gone = Counter(f"{s.type}{_address(s.before.address.items())}" for s in answer.seen)
    come = Counter(f"{s.type}{_address(s.after.address.items())}" for s in answer.seen)
    for brought in answer.brought:
        for into, listed in ((gone, brought.before), (come, brought.after)):
            for each in listed:
                number, _, rest = each.partition(" ")
                kind, _, place = (rest if number.isdigit() else each).partition(" on ")
                into[kind + _address(part.split("=") for part in place.split(", ")[1:])] += int(number) if number.isdigit() else 1
    return gone, come


def _address(parts: Iterable[Sequence[object]]) -> str:
    return "".join(f" {name}={value}" for name, value in sorted((str(n), str(v)) for n, v in parts))


def _place(place: qtree.DevicePlace) -> str:
    """A device of a tree, as the answer writes it."""
    return f"{place.type}{_address(place.address.items())}"


def _devices(tree: str) -> list[qtree.Device]:
    return [device for bus, _, _ in qtree.walk(qtree.parse(tree)) for device in bus.devices]


def _shown_properties(tree: str) -> set[tuple[str, str]]:
    return {(device.type, name) for device in _devices(tree) for name in device.properties}


def _changed_properties(before: str, after: str) -> set[tuple[str, str, str, str]]:
    """The properties of devices on both sides that have another value: those of one type are paired by id, or in their order."""
    was, now = (_by_name(_devices(tree)) for tree in (before, after))
    found = set()
    for name in was.keys() & now.keys():
        one, other = was[name].properties, now[name].properties
        for each in one.keys() & other.keys() - _NO_DEFAULTS - _FOLLOW:
            if one[each] != other[each]:
                found.add((name[0], each, one[each], other[each]))
    return found


def _by_name(devices: list[qtree.Device]) -> dict[tuple[str, str], qtree.Device]:
    found: dict[tuple[str, str], qtree.Device] = {}
    counted: Counter[str] = Counter()
    for device in devices:
        counted[device.type] += 1
        found[device.type, device.id or f"#{counted[device.type]}"] = device
    return found


# ------------------------------------------------------------------------------------- what is deprecated
def _deprecated(answer: Upgraded, before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    """The binaries' warnings that something is deprecated name what the answer names."""
    for lines_of in (before, after):
        for line in lines_of:
            if "deprecated" in line and _OURS not in line and not any(d.name in line for d in answer.deprecated):
                yield f"deprecated: not told: {line.partition(': ')[2]}"
