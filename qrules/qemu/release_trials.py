"""What is tried of a release: on the newest machine of each family what `verify` tries, and what no one start would show.

That is new options with new types, two of each type, ids that are none in JSON, and every type while the machine runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qrules.explain.reasons import RuleLine, emulator_words
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.knowledge.vendors import versions_of
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board
from qrules.qemu.errors import CommandFailed, QemuError
from qrules.qemu.news import new_options, new_types
from qrules.qemu.process import DEFAULT_TIMEOUT, PROFILE
from qrules.qemu.qmp import Session
from qrules.qemu.trials import Scope, Trial, trials

_BORDERS = ("help", "0", "1", "on", "off", "-1", "65536", "x")  # of an option whose values nobody can count
_ODD_ID = "1a"
_WITH_IDS = 6  # types that are tried with an id that is none
_PORT = "recommended"  # the attribute of types that make the buses on which machines take more while they run
TAKEN = "taken"


class Plugged(NamedTuple):
    """A device that was added to a running machine: what the rules say of it, and what the binary said."""

    words: tuple[str, ...]
    driver: str
    rules: str
    binary: str
    where: RuleLine | None


def newest(knowledge: Knowledge, patterns: tuple[str, ...] = ()) -> list[MachineFacts]:
    """The newest machine of each family that rules describe; of those that fit `patterns`, where there are some."""
    from fnmatch import fnmatchcase

    listed = [f for name in knowledge.machine_names() if (f := knowledge.machine(name)) is not None and f.family is not None]
    last = [f for f in listed if not (later := versions_of(knowledge, f.name)) or later[-1] == f.name]
    return [f for f in last if not patterns or any(fnmatchcase(n, p) for n in (f.name, *f.aliases) for p in patterns)]


def planned(old: Knowledge, new: Knowledge, facts: MachineFacts, types: tuple[str, ...]) -> Iterator[Trial]:
    """All starts of one machine. `types` are patterns of those that are tried besides the new ones."""
    fresh = new_types(old, new)
    yield from trials(new, facts, Scope(machines=(facts.name,), types=(*types, *fresh)))
    options = new_options(old, new, facts)
    for option in options:
        for value in _values(new, facts, option):
            yield Trial(facts.name, True, ((option, value),))
            yield from (Trial(facts.name, True, ((option, value),), device=name) for name in fresh)
    every = _creatable(new)
    for name in every if types else fresh:
        yield Trial(facts.name, True, device=name, words=("-device", name))
    for name in (*every[:: max(1, len(every) // _WITH_IDS)], *fresh):
        yield Trial(facts.name, True, device=json.dumps({"driver": name, "id": _ODD_ID}))
        yield Trial(facts.name, True, device=f"{name},id={_ODD_ID}")


def _creatable(knowledge: Knowledge) -> list[str]:
    return [name for name, (status, *_) in knowledge.shared["types"].items() if status == "user"]


def _values(knowledge: Knowledge, facts: MachineFacts, option: str) -> Iterable[str]:
    fact = knowledge.catalogued(facts.line, option)
    words = knowledge.enum(str(fact[0])) if fact is not None else None
    return (*words, "x") if words else ("on", "off") if fact is not None and fact[0] == "bool" else _BORDERS


# ------------------------------------------------------------------------------------- while it runs
def plugged(
    binary: str, board: Board, facts: MachineFacts, names: Iterable[str], timeout: float = DEFAULT_TIMEOUT
) -> Iterator[Plugged]:
    """Adds one device of each type to the running machine, one after the other, and to what the rules say that stands.

    Where the two disagree the machine is started anew. Raises the errors of `Session`.
    """
    words = _words(board, facts)
    left = list(names)
    while left:
        request = Request(facts.name, nodefaults=True, devices=tuple(DeviceRequest(w, f"hp{n}") for n, w in enumerate(words)))
        outcome = board.run(facts, request, judged=False)
        argv = ["-M", facts.name, "-nodefaults"]
        argv += [word for n, name in enumerate(words) for word in ("-device", f"{name},id=hp{n}")]
        if any(device is None for device in outcome.devices):
            return
        name = said = ""
        try:
            with Session(binary, argv, timeout) as session:
                while left:
                    name = left.pop(0)
                    identity = f"n{len(left)}"
                    _, refusals = board.hotplug(outcome.state, len(words), DeviceRequest(name, identity, json=True), judged=False)
                    own = [r for r in refusals if r.note is None or board.knowledge.note(r.note).profile in ("", PROFILE)]
                    said = emulator_words(board.knowledge, own[0]).partition("\n")[0] if own else TAKEN
                    answer = _added(session, name, identity)
                    yield Plugged(tuple(argv), name, said, answer, _where(board, own[0]) if own else None)
                    if said != answer:
                        break
        except QemuError as error:
            if not name:
                return  # it does not start bare: what it lacks is told by its starts
            yield Plugged(tuple(argv), name, said, str(error), None)


def _where(board: Board, refusal: Refusal) -> RuleLine | None:
    if refusal.note is None or refusal.note < 0:
        return None
    note = board.knowledge.note(refusal.note)
    return RuleLine(note.file, note.line)


def _words(board: Board, facts: MachineFacts) -> list[str]:
    """The types that make room for more, where the machine takes one of each."""
    kinds = board.knowledge.shared["kinds"]
    makers = [n for n in _creatable(board.knowledge) if _PORT in (kinds.get(n) or {}).get("attributes", ())]
    found: list[str] = []
    for name in makers:
        request = Request(facts.name, nodefaults=True, devices=tuple(DeviceRequest(n) for n in (*found, name)))
        if not any(r for r in board.run(facts, request, judged=False).refusals):
            found.append(name)
    return found


def _added(session: Session, name: str, identity: str) -> str:
    try:
        session.execute("device_add", driver=name, id=identity)
    except CommandFailed as refused:
        return refused.description
    return TAKEN
