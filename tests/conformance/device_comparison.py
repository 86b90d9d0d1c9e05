"""Configs of many devices on a binary and on the rules: verdicts, words, whom they blame, where all lands, and what hot plug says."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from qrules.explain.reasons import emulator_words, reason
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest
from qrules.plugging.board import Board
from qrules.qemu import process, qtree
from qrules.qemu.compare import Derived, Observed, derive, differences
from qrules.qemu.process import PROFILE, Emulator
from qrules.qemu.trials import Trial
from tests.conformance.device_draws import Config, Item

TIMEOUT = 60.0


class Miss(NamedTuple):
    """A disagreement. `what`: verdict, message, blamed, place (buses and addresses), hot-plug, hot-words or crash."""

    what: str
    config: Config
    rules: str
    binary: str

    def __str__(self) -> str:
        return f"{self.what}: {self.config}\n    rules:  {self.rules}\n    binary: {self.binary}"


class Compared(NamedTuple):
    """What was asked of a config, by kind of question, and the misses."""

    asked: tuple[str, ...]
    misses: tuple[Miss, ...]


def compare(binary: str, board: Board, config: Config) -> Compared:
    """One config. What makes the binary crash is asked for its verdict only: it has no words of its own."""
    trial = Trial(config.words[1], False, (), config.words[2:])
    derived = derive(board, trial)
    outcome, trees, answers = converse(binary, trial.argv(), config.adds)
    observed = Observed(outcome, "accept" if outcome.accepted else "reject", qtree.parse(trees[0]) if trees else ())
    if outcome.crashed or outcome.timed_out:
        same = derived.verdict == "reject"
        return Compared(("crash",), () if same else (Miss("crash", config, derived.verdict, outcome.message),))
    found = [*_cold(board, config, derived, observed)]
    refused = observed.verdict == derived.verdict == "reject"
    asked = ["verdict", *(("message", "blamed") if refused else ("place",) if observed.verdict == derived.verdict else ())]
    if observed.verdict == derived.verdict == "accept":
        asked += ["hot-plug"] * len(answers)
        found += _hot(board, config, derived, answers, qtree.parse(trees[1]) if len(trees) > 1 else None)
    return Compared(tuple(asked), tuple(found))


def _cold(board: Board, config: Config, derived: Derived, observed: Observed) -> Iterator[Miss]:
    places = list(differences(board.knowledge, derived, observed))
    for d in places:
        what = d.what if d.what in ("verdict", "message") else "place"
        yield Miss(what, config, f"{d.what} {d.subject} {d.rules} {d.where or ''}", d.binary)
    if observed.verdict == derived.verdict == "reject" and not places:
        first = next(r for r in derived.outcome.refusals if not r.unknown and _counts(board, r))
        yield from _blame(config, next(iter(reason(board.knowledge, first).devices), None), first, observed.outcome)


def _blame(config: Config, ours: int | None, first: Refusal, outcome: process.Outcome) -> Iterator[Miss]:
    """Whom the two blame: a device that the binary names by its option, or none.

    Where the binary names no option the rules may blame a device all the same, if it is refused only once all devices stand.
    """
    texts = [text for flag, text in zip(config.words, config.words[1:], strict=False) if flag == "-device"]
    named = [n for n, text in enumerate(texts) if ("-device", text) == outcome.blamed]
    if named:
        right = ours in named
    elif outcome.blamed:
        right = ours is None  # another option
    else:
        right = ours is None or _starts_late(first)
    if not right:
        yield Miss("blamed", config, f"device {ours}", f"devices {named} {' '.join(outcome.blamed)}: {outcome.message}")


def _starts_late(refusal: Refusal) -> bool:
    return refusal.phase == "start"


def _counts(board: Board, refusal: Refusal) -> bool:
    return refusal.note is None or board.knowledge.note(refusal.note).profile in ("", PROFILE)


def _hot(
    board: Board, config: Config, derived: Derived, answers: list[str], after: tuple[qtree.Bus, ...] | None
) -> Iterator[Miss]:
    """The adds in turn. Once the two disagree there is nothing more to compare."""
    state, first = derived.outcome.state, len(derived.outcome.devices)
    for number, (add, said) in enumerate(zip(config.adds, answers, strict=False)):
        _, refusals = board.hotplug(state, first + number, requested(add))
        ours = next((emulator_words(board.knowledge, r) for r in refusals if _counts(board, r)), "taken")
        if ours.partition("\n")[0] != said:
            kind = "hot-words" if "taken" not in (ours, said) else "hot-plug"
            yield Miss(kind, config._replace(adds=config.adds[: number + 1]), ours, said)
            if kind == "hot-plug":
                return
    if len(answers) < len(config.adds):
        add = config.adds[len(answers)]
        yield Miss("crash", config._replace(adds=config.adds[: len(answers) + 1]), "an answer", f"none to device_add {add}")
    elif after is not None:
        observed = Observed(process.Outcome(True, "", 0, False, False), "accept", after)
        for d in differences(board.knowledge, derived, observed):
            yield Miss("place", config, f"after hot plug: {d.what} {d.subject} {d.rules} {d.where or ''}", d.binary)
    elif config.adds:
        yield Miss("crash", config, "a tree", "none after hot plug")


def requested(add: Item) -> DeviceRequest:
    """A `device_add` as a request."""
    members = dict(add)
    driver, identity, bus = (members.pop(name, None) for name in ("driver", "id", "bus"))
    return DeviceRequest(driver, identity, bus, members, json=True)


def converse(binary: str, argv: list[str], adds: tuple[Item, ...]) -> tuple[process.Outcome, list[str], list[str]]:
    """Starts a machine and adds devices: the outcome of the start, its trees before and after, and what each add got."""
    tree = {"execute": "human-monitor-command", "arguments": {"command-line": "info qtree"}}
    asked: list[dict[str, Any]] = [tree, *({"execute": "device_add", "arguments": add} for add in adds)]
    asked += [tree] if adds else []
    commands = b"".join(json.dumps(c).encode() + b"\n" for c in ({"execute": "qmp_capabilities"}, *asked, {"execute": "quit"}))
    end = time.monotonic() + TIMEOUT
    with Emulator(binary, argv) as emulator:
        heard = [json.loads(line) for line in emulator.tell(commands, end).splitlines()]
        status, lines = emulator.wait(end), emulator.lines()
    replies = [line for line in heard if "return" in line or "error" in line][1:]
    came_up = bool(replies)
    blamed, message = ((), "") if came_up else process.first_error(lines, emulator.argv)
    outcome = process.Outcome(came_up, message, status, not came_up and (status or 0) < 0, status is None, blamed, lines)
    texts = [reply["return"].replace("\r\n", "\n") for reply in replies if isinstance(reply.get("return"), str)]
    added = replies[1 : 1 + len(adds)]
    return outcome, texts, [reply["error"]["desc"] if "error" in reply else "taken" for reply in added]
