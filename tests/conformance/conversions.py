"""What is wrong with an answer of `convert`: read again as it is printed, put to a real binary, and searched for changes it hides."""

from __future__ import annotations

import random
import shlex
import traceback
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from qrules.configs.argv import read
from qrules.configs.rewriting import lines
from qrules.conversion.answer import Converted, Impossible, Uncertain
from qrules.conversion.converting import convert
from qrules.conversion.target import target
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge, judge_outcome, placement
from qrules.machine.entities import Bus, Device, users_own
from qrules.plugging.board import Board, Outcome
from qrules.qemu.process import ask
from tests.conformance.device_configs import configs
from tests.conformance.proposals import on_binary

Path = tuple[tuple[str, str], ...]  # of a device: its address and that of each device that it hangs on, with the types of these


class Judged(NamedTuple):
    """`verdict` is converted, impossible, unknown or none (an internal error); `issues` what is wrong with the answer."""

    verdict: str
    issues: tuple[str, ...]
    answer: Converted | Impossible | Uncertain | None = None


def startable(board: Board, seed: int, count: int, series: str, machine: str = "", largest: int = 14) -> Iterator[list[str]]:
    """`count` random command lines that start on their machine, as the rules say; `machine` is a part of the name of that."""
    found = 0
    for config in configs(seed, 400 * count, board.knowledge.arch, series):
        words = list(config.words)
        name = words[words.index("-M") + 1].split(",")[0]
        if (machine and machine not in (name, name.rpartition("-")[0])) or words.count("-device") > largest:
            continue
        try:
            verdict = judge(board, read(words, board.knowledge), ("qemu",)).verdict
        except Unusable:
            continue
        if verdict in ("accept", "warn"):
            found += 1
            yield words
        if found == count:
            return


def judged(board: Board, binary: str | None, argv: list[str], to: str) -> Judged:
    """Converts a command line and judges the answer, on the `binary` where one is given."""
    try:
        answer = convert(board, argv, target(board, read(argv, board.knowledge), to), ("qemu",))
    except Exception:
        at = traceback.format_exc().strip().splitlines()
        return Judged("none", (f"internal error: {at[-1]} {at[-3].strip()}",))
    if isinstance(answer, Uncertain):
        return Judged("unknown", (f"gave up: {answer.why}: {[r.message for r in answer.reasons][:2]}",), answer)
    if isinstance(answer, Impossible):
        told = answer.blocked or answer.conflict or answer.before
        return Judged("impossible", () if told else ("a no without a reason",), answer)
    words = shlex.split(" ".join(lines(answer.argv)))
    verdict, new = judge_outcome(board, read(words, board.knowledge), ("qemu",))
    if new is None or verdict.verdict in ("reject", "unknown"):
        return Judged("converted", (f"refused by the rules: {[r.message for r in verdict.reasons][:2]}",), answer)
    _, old = judge_outcome(board, read(argv, board.knowledge), ("qemu",))
    assert old is not None
    issues = list(hidden(answer, old, new))
    if binary is not None and ask(binary, argv, ())[0].accepted:
        places = [
            (d.kind.name, d.bus.id, {k: str(v) for k, v in placement(n, d).address.items()})
            for n, d in enumerate(new.devices)
            if d is not None and d.bus is not None
        ]
        issues += on_binary(binary, words, [], places) or _identities(binary, argv, words, answer)
    return Judged("converted", tuple(issues), answer)


# ------------------------------------------------------------------------------------- what the guest finds
def path(device: Device) -> Path:
    """Where a guest finds a device; nothing where it has no address: nobody can tell one such place from another."""
    found: list[tuple[str, str]] = []
    if not any(v is not None for v in device.address.values()):
        return ()
    bus: Bus | None = device.bus
    address = {k: str(v) for k, v in device.address.items() if v is not None}
    while bus is not None:
        maker = bus.owner if isinstance(bus.owner, Device) else None
        if maker is None or maker.bus is None or maker.bus.parent is None:  # the root: whatever its host bridge is called
            found.append((str(sorted(address.items())), ""))
            break
        found.append((str(sorted(address.items())), f"{maker.kind.name} {bus.nth}"))
        if maker.request is None:  # a part of the board: where these are is told of the boards
            break
        address = {k: str(v) for k, v in maker.address.items() if v is not None}
        bus = maker.bus
    return tuple(found)


def hidden(answer: Converted, old: Outcome, new: Outcome) -> Iterator[str]:
    """What the guest finds changed, and the answer says nothing of."""
    now = {origin: new.devices[n] for n, origin in enumerate(answer.origin) if origin is not None}
    told = {c.device for c in answer.changes} | {s.device for s in answer.seen}
    for index, before in enumerate(old.devices):
        after = now.get(index)
        if before is None:
            continue
        if after is None:
            if not any(c.device == index and c.kind == "dropped" for c in answer.changes):
                yield f"{before.kind.name} is gone"
            continue
        chain = {index, *(m.request for m in (*_makers(before), *_makers(after)))}
        if after.kind is not before.kind and index not in told:
            yield f"{before.kind.name} is {after.kind.name}"
        elif path(after) != path(before) and not chain & told and not _noted(answer, before, after):
            yield f"{before.kind.name} is at {path(after)}, was at {path(before)}"
    words = " ".join((*(t for b in answer.brought for t in (*b.before, *b.after)), *(n.message for n in answer.notes)))
    gone, come = (_own(old) - _own(new)), (_own(new) - _own(old))
    for what in (*gone, *come):
        if what.split(" ")[0] not in words:
            yield f"the machine's own {what} {'is gone' if what in gone else 'is new'}"
    if answer.old != answer.new and not any(c.kind == "machine" for c in answer.changes):
        yield "the machine is another one"


def _makers(device: Device) -> Iterator[Device]:
    maker = users_own(device.bus.owner) if device.bus is not None else None
    while maker is not None:
        yield maker
        maker = users_own(maker.bus.owner) if maker.bus is not None else None


def _noted(answer: Converted, before: Device, after: Device) -> bool:
    """Whether it is told that another controller of the machine's own is behind it."""
    names = [d.kind.name for d in (before.bus and before.bus.owner, after.bus and after.bus.owner) if isinstance(d, Device)]
    return any(all(name in note.message for name in names) for note in answer.notes)


def _own(outcome: Outcome) -> Counter[str]:
    """The devices that a machine brings, each with its place, and those that come with devices of the user's, by their types."""
    brought = [d for d in outcome.state.devices if d.request is None and d.where is None and d.bus and d.bus.kind.scheme]
    users = Counter(f"{d.kind.name} of a user's" for d in brought if users_own(d.creator) is not None and d.address)
    return users + Counter(" ".join((d.kind.name, *map(str, path(d)))) for d in brought if users_own(d.creator) is None)


def _identities(binary: str, argv: list[str], words: list[str], answer: Converted) -> Iterator[str]:
    """Devices with an id that have other numbers of PCI on the new machine, so that other drivers take them, and nothing says so."""
    before, after = _numbers(binary, argv), _numbers(binary, words)
    told = {c.device for c in answer.changes if c.kind == "device" and c.before and c.after and _type(c.before) != _type(c.after)}
    notes = " ".join(note.message for note in answer.notes)
    for number, origin in enumerate(answer.origin):
        name = answer.devices[number].id
        if name in before and name in after and before[name] != after[name] and origin not in told and f"'{name}'" not in notes:
            yield f"{name} has the numbers {after[name]}, had {before[name]}"


def _type(line: str) -> str:
    return line.split(" ", 1)[1].split(",")[0]


def _numbers(binary: str, argv: list[str]) -> dict[str, str]:
    """The numbers of PCI by the id of a device."""
    outcome, said = ask(binary, argv[1:] if argv and not argv[0].startswith("-") else argv, ("info qtree",))
    found: dict[str, str] = {}
    name = ""
    for line in said[-1].splitlines() if outcome.accepted else ():
        if line.strip().startswith("dev: "):
            name = line.partition('id "')[2].rstrip().rstrip('"')
        elif name and "pci id " in line:
            found[name] = line.partition("pci id ")[2].split(" ")[0]
    return found


def drawn(seed: str, machines: tuple[str, ...]) -> str:
    """One of the machines, by a seed."""
    return random.Random(seed).choice(machines)
