"""What is wrong with an answer of `place`: asked in process, read again as it is printed, and put to a real binary."""

from __future__ import annotations

import random
import shlex
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from qrules.configs.argv import read
from qrules.configs.rewriting import device_text, lines, rewritten
from qrules.explain.verdicts import judge_outcome, placement
from qrules.machine.entities import users_own
from qrules.machine.request import DeviceRequest, Request
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.placing import place
from qrules.place.wants import Wants
from qrules.plugging.board import Board
from qrules.qemu import qtree
from qrules.qemu.errors import NotQemu
from qrules.qemu.process import ask
from tests.conformance import searching

PATIENCE = 120.0  # seconds that a start may take on a busy machine
LIMIT = 10.0  # seconds of CPU that one answer may take


class Wish(NamedTuple):
    """A config and what is wanted of its places. `starts`: it is known to start as it is written."""

    arch: str
    argv: tuple[str, ...]
    wants: Wants = Wants()
    starts: bool = False

    def __str__(self) -> str:
        wanted = {name: value for name, value in self.wants._asdict().items() if value}
        return f"[{self.arch}] {shlex.join(self.argv)} {wanted}"


class Judged(NamedTuple):
    """`verdict` is placed, nowhere, unknown or none (an internal error, or too slow); `issues` what is wrong with it."""

    verdict: str
    issues: tuple[str, ...]
    seconds: float
    answer: Placed | Nowhere | Undecided | None = None


class _TooSlow(Exception):
    pass


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def judged(board: Board, binary: str | None, wish: Wish, tries: int = 40) -> Judged:
    """Asks for a placement and judges it: by the rules as it is printed, by the `binary` (None: not asked), a no by a search."""
    request = read(list(wish.argv), board.knowledge)
    began = time.process_time()
    try:
        with _limited(2 * LIMIT):
            answer = place(board, request, wish.wants, words=wish.argv)
    except _TooSlow:
        return Judged("none", ("slow",), time.process_time() - began)
    except Exception:
        at = traceback.format_exc().strip().splitlines()
        return Judged("none", (f"internal error: {at[-1]} {at[-3].strip()}",), time.process_time() - began)
    seconds = time.process_time() - began
    late = (f"slow: {seconds:.1f} s",) if seconds > LIMIT else ()
    if isinstance(answer, Placed):
        return Judged("placed", (*late, *_placed(board, binary, wish, request, answer)), seconds, answer)
    if isinstance(answer, Undecided):
        return Judged("unknown", (*late, f"gave up: {answer.why}"), seconds, answer)
    found = searching.search(board, request, wish.wants, random.Random(str(wish)), tries)
    return Judged(
        "nowhere", (*late, *([f"false no: {shlex.join(rewritten(wish.argv, found.devices))}"] if found else ())), seconds, answer
    )


def _placed(board: Board, binary: str | None, wish: Wish, request: Request, answer: Placed) -> list[str]:
    words = shlex.split(" ".join(lines(answer.argv(wish.argv))))
    printed = read(words, board.knowledge)
    verdict, outcome = judge_outcome(board, printed, wish.wants.profiles)
    if outcome is None or verdict.verdict in ("reject", "unknown"):
        return [
            f"printed but refused by the rules: {[r.message for r in verdict.reasons if r.severity in ('reject', 'unknown')][:2]}"
        ]
    if len(printed.devices) != len(answer.request.devices):
        return ["printed with other devices than answered"]
    places, issues = [], []
    for number, (device, said) in enumerate(zip(outcome.devices, answer.request.devices, strict=True)):
        if device is None:
            issues.append(f"printed but {said.driver} does not stand")
        elif device.bus is not None:
            at = placement(number, device).address
            places.append((device.kind.name, device.bus.id, {name: str(value) for name, value in at.items()}))
    issues += _wanted(wish.wants, answer, outcome.devices)
    if binary is None or issues:
        return issues
    hot = {n for n, origin in enumerate(answer.origin) if origin in wish.wants.hotplug}
    issues += on_binary(binary, words, [], places)
    if hot and not issues:
        plugged = {id(d): n for n, d in enumerate(outcome.devices) if d is not None}
        for number, device in enumerate(outcome.devices):
            maker = users_own(device.bus.owner) if device is not None and device.bus is not None else None
            if plugged.get(id(maker)) in hot:
                hot.add(number)
        cold = [d for n, d in enumerate(printed.devices) if n not in hot]
        issues += on_binary(binary, rewritten(words, cold), [printed.devices[n] for n in sorted(hot)], places)
    return issues


def _wanted(wants: Wants, answer: Placed, devices: tuple[object, ...]) -> list[str]:
    """Wishes that the places do not serve, by the rules."""
    at = {origin: n for n, origin in enumerate(answer.origin) if origin is not None}
    found = []

    def buses(group: tuple[int, ...]) -> list[object]:
        return [getattr(devices[at[i]], "bus", None) for i in group]

    found += [
        f"not apart: {g}" for g in wants.apart if len({id(b) for b in buses(g) if b}) < sum(b is not None for b in buses(g))
    ]
    found += [f"not together: {g}" for g in wants.together if len({id(b) for b in buses(g) if b}) > 1]
    for group in wants.functions:
        slots = {(id(d.bus), d.address.get("slot")) for d in (devices[at[i]] for i in group) if getattr(d, "bus", None)}  # type: ignore[attr-defined]
        if len(slots) > 1:
            found.append(f"not functions of one slot: {group}")
    return found


def on_binary(
    binary: str, words: list[str], adds: list[DeviceRequest], places: list[tuple[str, str, dict[str, str]]]
) -> list[str]:
    argv = words[1:] if words and not words[0].startswith("-") else words
    plugs = tuple(f"device_add {device_text(add)}" for add in adds)
    try:
        outcome, said = ask(binary, argv, (*plugs, "info qtree"), PATIENCE)
    except NotQemu:  # some trees of old binaries are no JSON
        outcome, said = ask(binary, argv, (*plugs, "info version"), PATIENCE)
        places = []
    if outcome.crashed:
        return []  # a mistake of the binary's own, which says nothing of the config
    if not outcome.accepted:
        return [f"printed but the binary refuses: {outcome.message}"]
    refused = [f"not taken while it runs: {device_text(a)}: {t.strip()}" for a, t in zip(adds, said, strict=False) if t.strip()]
    tree = qtree.parse(said[-1])
    shown = {bus.id for bus in qtree.bus_places(tree)}  # what hangs on nothing is not: the bus of a subsystem that a device makes
    standing = qtree.device_places(tree, {name for _, _, at in places for name in at})
    for kind, bus, at in places if not refused else ():
        if bus not in shown:
            continue
        found = next((d for d in standing if (d.type, d.bus) == (kind, bus) and at.items() <= d.address.items()), None)
        if found is None:
            refused.append(f"lands elsewhere: {kind} not on {bus} {at}")
        else:
            standing.remove(found)
    return refused
