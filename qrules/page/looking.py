"""The answers of the page about a text: findings under its words, a picture of what stands, repairs as differences, and why."""

from __future__ import annotations

from qrules.configs.pasted import pasted
from qrules.configs.xml_domain import looks_like, read_domain
from qrules.diagnostics import Unusable, unusable
from qrules.explain.picture import renamed, topology
from qrules.formats import findings, of_domains
from qrules.formats.findings import Place
from qrules.machine.budget import Question
from qrules.records import NamedTuple
from qrules.report import json as shapes
from qrules.visible import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.configs.commands import Command
    from qrules.configs.xml_tree import Document
    from qrules.domains.whole import DomainAnswer
    from qrules.explain.picture import Topology
    from qrules.formats.findings import Finding
    from qrules.lsp.configs import Configs, Mended
    from qrules.machine.request import Request
    from qrules.plugging.board import Board
    from qrules.report.shapes import Placement as Placed
    from qrules.rulesets.store import Store

_NAME = "config"  # what messages call the text
_MOST_CONFIGS = 20
_MOST_FINDINGS = 500
_MOST_DRAWN = 300  # devices and buses of a picture


class _Looked(NamedTuple):
    """A config of the text: what is told of it as a whole, and what is found."""

    head: dict[str, Any]
    findings: tuple[Finding, ...]


def check(configs: Configs, text: str) -> dict[str, Any]:
    """The verdict on each config of a text, with all that is found."""
    try:
        if looks_like(text):
            told = [_domain(configs, read_domain(text, _NAME))]
        else:
            told = [_command(configs, command) for command in pasted(text, _NAME).commands[:_MOST_CONFIGS]]
    except Unusable as error:
        told = [_unreadable(error)]
    rows = [{**_row(found), "config": number} for number, one in enumerate(told) for found in one.findings[:_MOST_FINDINGS]]
    left = sum(len(one.findings) for one in told) - len(rows[:_MOST_FINDINGS])
    return {"configs": [one.head for one in told], "findings": rows[:_MOST_FINDINGS], "more-findings": left}


def mend(configs: Configs, text: str, number: int) -> dict[str, Any]:
    """What would make a refused config of a text start: each repair as a difference, and the text with it. Raises `Unusable`."""
    if looks_like(text):
        found = configs.mended_domain(read_domain(text, _NAME))
    else:
        read = pasted(text, _NAME)
        command = _chosen(read.commands, number)
        found = configs.mended(text, _NAME, number, command) if read.options is None and "\0" not in text else []
    return {"repairs": [_repair(text, one) for one in found]}


def draw(configs: Configs, text: str, number: int) -> dict[str, Any]:
    """What stands of a config as an SVG picture. Raises `Unusable`: QR511 where this machine has no Graphviz to lay it out."""
    from qrules.report.dot import svg

    drawn = _drawn_domain(configs, _answer(configs, text)) if looks_like(text) else _drawn(*_request(configs, text, number))
    return {"svg": svg(drawn) if drawn is not None and _counted(drawn) <= _MOST_DRAWN else None}


def ask_why(configs: Configs, store: Store, texts: dict[str, str], number: int) -> dict[str, Any]:
    """Whether a device plugs into a config behind all of its own, and why (not), as `qrules why` tells it. Raises `Unusable`."""
    from qrules.configs import argv
    from qrules.explain.why import known_type, why
    from qrules.report.style import Style
    from qrules.report.text import why as sentences
    from qrules.visible import shown

    devices = argv.devices([texts["device"]])
    board, request = _request(configs, texts["text"], number)
    driver = board.knowledge.real_name(devices[0].driver)
    known_type(board.knowledge, driver)
    known = board.knowledge
    older = store.older(store.resolve(known.version, known.arch)) if len(store.compiled_targets()) == len(store.targets()) else ()
    wanted = request._replace(devices=(*request.devices, devices[0]))
    answer = why(board, wanted, store.versions_with(known.arch, driver), older)
    return {**shapes.why(answer), "text": shown(sentences(answer, Style(False)))}


# ------------------------------------------------------------------------------------- command lines
def _chosen(commands: tuple[Command, ...], number: int) -> Command:
    """A command line by number. Raises `Unusable` (QR436) where there are fewer."""
    if number >= len(commands):
        raise unusable("QR436", f"there is no command line {number + 1} in it", _NAME)
    return commands[number]


def _request(configs: Configs, text: str, number: int) -> tuple[Board, Request]:
    """The machine and the devices of a config, be it by the command line that libvirt writes of it. Raises `Unusable`."""
    if not looks_like(text):
        board, request, _ = configs.judged(_chosen(pasted(text, _NAME).commands, number))
        return board, request
    found = configs.domains().request(_answer(configs, text))
    if found is None:
        raise unusable("QR476", "libvirt refuses this domain, so there is no machine to plug into", _NAME)
    return found


def _command(configs: Configs, command: Command) -> _Looked:
    """A command line's answer; what can't be read of it is a finding."""
    try:
        with Question():
            board, request, verdict = configs.judged(command)
            result = configs.told(command, _NAME, verdict)
        drawn = _drawn(board, request)
    except Unusable as error:
        return _unreadable(error, Place(_NAME, *command.line_and_column))
    placed = [shapes.placement(p) for p in verdict.placements]
    about = verdict.machine, verdict.arch, verdict.qemu, None
    head = _head(verdict.verdict, command.line_and_column[0], about, placed, drawn)
    return _Looked(head, tuple(f for f in result.findings if not f.ignored))


def _drawn(board: Board, request: Request) -> Topology | None:
    """What stands of a config; None where no rules describe its machine."""
    facts = board.knowledge.machine(request.machine)
    if facts is None or facts.family is None:
        return None
    with Question():
        outcome = board.run(facts, request, judged=False)
        refused = tuple(i for i, stands in enumerate(outcome.devices) if stands is None)
        return topology(board, outcome.state, refused)


def _picture(drawn: Topology | None) -> dict[str, Any]:
    """What stands: as data, and in the language of Graphviz where it is not too much to look at."""
    if drawn is None:
        return {"topology": None, "dot": None}
    from qrules.report.dot import dot

    told = shapes.topology(drawn)
    small = _counted(drawn) <= _MOST_DRAWN
    return {"topology": told if small else None, "dot": dot(drawn) if small else None}


def _counted(drawn: Topology) -> int:
    """How many buses and devices a picture has."""
    count, left = len(drawn.busless), list(drawn.roots)
    while left:
        bus = left.pop()
        count += 1 + len(bus.devices)
        left += [below for device in bus.devices for below in device.buses]
    return count


# ------------------------------------------------------------------------------------- domains
def _answer(configs: Configs, text: str) -> DomainAnswer:
    return configs.domains().answer(read_domain(text, _NAME), (), configs.profiles)


def _domain(configs: Configs, document: Document) -> _Looked:
    """A domain's answer: libvirt's part of it and the emulator's."""
    with Question():
        answer = configs.domains().answer(document, (), configs.profiles)
    at = document.root.span
    result = of_domains.result(answer, _NAME, Place(_NAME, at.line, at.column))
    about = answer.machine, answer.arch, answer.qemu, answer.libvirt
    return _Looked(_head(answer.verdict, at.line, about, [], _drawn_domain(configs, answer)), result.findings)


def _drawn_domain(configs: Configs, answer: DomainAnswer) -> Topology | None:
    """The machine of a domain, by the names that the document has; None where libvirt writes no command line."""
    from qrules.domains.naming import names

    with Question():
        found = configs.domains().request(answer)
        drawn = _drawn(*found) if found is not None else None
    return None if drawn is None else renamed(drawn, *names(answer))


# ------------------------------------------------------------------------------------- rows
def _unreadable(error: Unusable, place: Place | None = None) -> _Looked:
    """The answer about what can't be read, with what is wrong with it."""
    at = Place(_NAME, 1, 1) if place is None else place
    found = tuple(findings.of_diagnostic(d, at) for d in error.diagnostics)
    return _Looked(_head("unreadable", at.line, (None, None, None, None), [], None), found)


def _head(
    verdict: str, line: int, about: Sequence[str | None], placements: Sequence[Placed], drawn: Topology | None
) -> dict[str, Any]:
    """What is told of a config as a whole; `about` is its machine, architecture, QEMU and libvirt."""
    named = dict(zip(("machine", "arch", "qemu", "libvirt"), about, strict=True))
    return {"verdict": verdict, "line": line, **named, "placements": list(placements), **_picture(drawn)}


def _row(found: Finding) -> dict[str, Any]:
    """A finding with its stretch of the text; lines and columns count from 1, characters as Python counts them."""
    place = found.place
    return {
        "rule": found.rule,
        "level": found.level,
        "message": found.message,
        "emulator-message": found.emulator,
        "instead": found.advice,
        "profile": found.profile,
        "where": shapes.rule_line(found.where),
        "see": [printable(source) for source in found.see],
        "line": place.line,
        "column": place.column,
        "end-line": place.end_line,
        "end-column": place.end_column,
    }


def _repair(text: str, mended: Mended) -> dict[str, Any]:
    from difflib import unified_diff

    before, after = (one.removesuffix("\n").split("\n") for one in (text, mended.text))
    rows = list(unified_diff(before, after, "as written", "mended", n=2, lineterm=""))
    return {"title": printable(mended.title), "text": mended.text, "diff": rows}
