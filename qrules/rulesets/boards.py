"""Builds the boards of every machine when rules are compiled, and tells which parts of one board clash.

Two built-in devices at one address, a part whose bus is not there, a part that a rule refuses: a mistake in the rules,
not in anybody's config. Each machine is built as it comes, the newest of each family also with each of its switches
turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from qrules.diagnostics import Diagnostic, Span, unusable
from qrules.knowledge.model import Knowledge, MachineFacts, Note
from qrules.machine.entities import Device
from qrules.machine.frames import CONTEXT
from qrules.machine.refusals import Refusal
from qrules.machine.request import Request
from qrules.plugging.board import Board

MOST_STEPS = 800_000  # of all boards: a device or bus, or ten steps of evaluating


def clashes(version: str, arch: str, load: Callable[[str], Any], spoke: set[int]) -> Iterator[Diagnostic]:
    """What can't stand on some board of a target, each pair of lines once. Raises `Unusable` (QR310) for too many.

    `load` gives the pieces of the target. The notes of what is refused of machines as they come are added to `spoke`.
    """
    knowledge = Knowledge(version, arch, load)
    board = Board(knowledge)
    spent = 0
    seen: set[tuple[object, ...]] = set()
    for facts, request in _questions(knowledge, board):
        state, refusals = board.build_machine(facts, request)
        spent += max(0, state.took) // 10 + len(state.devices) + len(state.buses) + len(refusals)
        if spent > MOST_STEPS:
            message = f"building the boards takes too long, of which {facts.name} is one: more than {MOST_STEPS:,} steps"
            raise unusable("QR310", message, "rules", hint="fewer machines with rules, or fewer switches, parts and attributes")
        if not request.options:
            spoke.update(refusal.note for refusal in refusals if refusal.note is not None)
        for refusal in refusals:
            about = dict(refusal.facts)
            if "part-note" not in about or refusal.rule == "no-such-type":  # a type that only other versions have
                continue
            if request.options and _origin(refusal) is None:  # a switch may leave a board without some bus
                continue
            key = (about["part-note"], refusal.rule, _origin(refusal))
            if key not in seen:
                seen.add(key)
                yield _diagnostic(knowledge, facts, refusal, about)


def _questions(knowledge: Knowledge, board: Board) -> Iterator[tuple[MachineFacts, Request]]:
    newest: dict[int, MachineFacts] = {}
    for name in knowledge.machine_names():
        facts = knowledge.machine(name)
        if facts is not None and facts.family is not None:
            newest[facts.family] = facts
            yield facts, Request(name)
            yield facts, Request(name, nodefaults=True)
    for facts in newest.values():
        for option, value in _turned(knowledge, board, facts):
            yield facts, Request(facts.name, options={option: value})


def _turned(knowledge: Knowledge, board: Board, facts: MachineFacts) -> Iterator[tuple[str, str]]:
    """Each switch of a machine, with each value that it takes."""
    domains = knowledge.shared["domains"]
    for name, clause in board.family(facts).properties.items():
        domain = clause.domain
        while domain[0] == "named" and domain[1] in domains:
            domain = domains[domain[1]][0]
        for value in domain[1:] if domain[0] == "words" and name not in board.family(facts).facts else ():
            yield name, value


def _origin(refusal: Refusal) -> int | None:
    holder = refusal.frame[CONTEXT["holder"]]
    return holder.origin if isinstance(holder, Device) else None


def _diagnostic(knowledge: Knowledge, facts: MachineFacts, refusal: Refusal, about: dict[str, Any]) -> Diagnostic:
    part = about["part"]
    origin = _origin(refusal)
    if origin is None or origin < 0:
        message = f"{facts.name} can't have the part '{part}': {refusal.rule}"
        related = () if refusal.note is None else ((_span(knowledge.note(refusal.note)), "this refuses it"),)
        return Diagnostic(
            "QR302", message, _span(knowledge.note(about["part-note"])), "a part that the rules accept", related=related
        )
    holder = refusal.frame[CONTEXT["holder"]]
    other = (_span(knowledge.note(origin)), f"{holder.label} has it already")
    message = f"two parts of {facts.name} have one {refusal.rule}{_where(refusal)}: '{part}' and '{holder.label}'"
    return Diagnostic(
        "QR301", message, _span(knowledge.note(about["part-note"])), "a place of its own for each part", related=(other,)
    )


def _where(refusal: Refusal) -> str:
    text = refusal.frame[CONTEXT["text"]]
    return f" ({text})" if text is not None else ""


def _span(note: Note) -> Span:
    return Span(note.file, note.line)
