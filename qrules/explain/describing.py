"""What there is to know of a name: a device type, a machine or a rule, with where that stands."""

from __future__ import annotations

import re

from qrules.explain.messages import Meaning, Phrases
from qrules.explain.reasons import RuleLine
from qrules.explain.verdicts import judge
from qrules.knowledge.model import RULE, Knowledge
from qrules.machine.request import DeviceRequest, Request
from qrules.paths import rules_folder
from qrules.plugging.board import Board
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTE = RULE.index("note")
_PLACELESS = ("no-bus", "every-bus-full", "no-such-type", "abstract-type", "not-creatable", "sysbus-allowed")
_TEST = re.compile(r'^test "(?P<title>[^"]+)"\n(?P<body>(?:[ \t]+.*\n|\n)*)', re.MULTILINE)
_BY = re.compile(r"\b(?:refused|warned) by (\S+)$", re.MULTILINE)
_MOST_MACHINES = 40  # that are asked whether they take a type


class PropertyShown(NamedTuple):
    """A property as the catalogue has it."""

    name: str
    type: str
    default: object


class Described(NamedTuple):
    """A type or machine (`what`) of one target. `at` are all targets that have it; `machines` those that take a type."""

    what: str
    name: str
    description: str
    status: str
    aliases: tuple[str, ...]
    goes_on: str
    kinds: tuple[str, ...]
    properties: tuple[PropertyShown, ...]
    at: tuple[tuple[str, str], ...]
    machines: tuple[str, ...]
    rules: tuple[tuple[str, RuleLine], ...]


class RuleShown(NamedTuple):
    """A rule's sentences, and the tests that stand beside the rules and name it: (title, file, line)."""

    meaning: Meaning
    tests: tuple[tuple[str, str, int], ...]


def described(board: Board, name: str, targets: list[tuple[str, str]], machines: bool = True) -> Described | None:
    """A device type or machine by its name or an alias; None where the target has neither. `targets` are all that there are,
    `machines` whether those that take a type are asked for, which costs more than all the rest.
    """
    knowledge = board.knowledge
    real = knowledge.real_name(name)
    facts = knowledge.type_facts(real)
    if facts is not None:
        status, bus, line, description = facts
        aliases = tuple(sorted(alias for alias, of in knowledge.shared["aliases"].items() if of == real))
        takers = tuple(_takers(board, real)) if machines and status == "user" else ()
        return Described(
            "type", real, description or "", status, aliases, bus or "", tuple(line), properties_of(knowledge, tuple(line)),
            _at(knowledge, "types", real, targets), takers, tuple(_rules(knowledge, tuple(line))),
        )  # fmt: skip
    machine = knowledge.machine(name)
    if machine is None:
        return None
    words = " ".join((*machine.words, *(() if machine.family is not None else ("no rules yet",))))
    return Described(
        "machine", machine.name, machine.description or "", words, tuple(machine.aliases), "", tuple(machine.line),
        properties_of(knowledge, machine.line), _at(knowledge, "machines", machine.name, targets), (),
        tuple(_rules(knowledge, machine.line)),
    )  # fmt: skip


def rules_named(phrases: Phrases, name: str) -> list[RuleShown]:
    """The rules of a name, each with its tests."""
    return [RuleShown(meaning, tuple(tests_of(name))) for meaning in phrases.named(name)]


def tests_of(rule: str) -> Iterator[tuple[str, str, int]]:
    """The tests of the shipped rules that name a rule."""
    named = re.compile(rf"\b(?:refused|warned) by {re.escape(rule)}$", re.MULTILINE)
    for path in sorted(rules_folder().rglob("*.qr")):
        text = path.read_text(encoding="utf-8")
        if f" by {rule}" not in text:
            continue
        for match in _TEST.finditer(text):
            if named.search(match["body"]):
                shown = f"rules/{path.relative_to(rules_folder()).as_posix()}"
                yield match["title"], shown, text.count("\n", 0, match.start()) + 1


def tests_by_rule() -> dict[str, list[tuple[str, str, int]]]:
    """The tests of the shipped rules by each rule that they name: as `tests_of` finds them, in one go."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for path in sorted(rules_folder().rglob("*.qr")):
        text = path.read_text(encoding="utf-8")
        for match in _TEST.finditer(text) if _BY.search(text) else ():
            shown = f"rules/{path.relative_to(rules_folder()).as_posix()}"
            test = match["title"], shown, text.count("\n", 0, match.start()) + 1
            for rule in dict.fromkeys(_BY.findall(match["body"])):
                found.setdefault(rule, []).append(test)
    return found


def properties_of(knowledge: Knowledge, line: tuple[str, ...]) -> tuple[PropertyShown, ...]:
    """The properties that a catalogue has of a type, which is all that stands in `line`, by name."""
    found = []
    for name in knowledge.property_names(line):
        fact = knowledge.catalogued(line, name)
        if fact is not None:
            found.append(PropertyShown(name, str(fact[0]), fact[1]))
    return tuple(found)


def _at(knowledge: Knowledge, what: str, name: str, targets: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(knowledge.homes(what, name) or targets)


def _takers(board: Board, name: str) -> Iterator[str]:
    """The machines with an alias, or alone in their family, that have a bus for a type."""
    asked = 0
    for known in board.knowledge.machine_names():
        facts = board.knowledge.machine(known)
        if facts is None or facts.family is None or not (facts.aliases or "-" not in known) or asked == _MOST_MACHINES:
            continue
        asked += 1
        answer = judge(board, Request(machine=known, devices=(DeviceRequest(name),)), (board.knowledge.profile,))
        if not any(r.rule in _PLACELESS and r.devices[:1] == (0,) for r in answer.reasons):
            yield facts.aliases[0] if facts.aliases else known


def _rules(knowledge: Knowledge, line: tuple[str, ...]) -> Iterator[tuple[str, RuleLine]]:
    """The rules about a kind and all that it is, the nearest first."""
    for row in knowledge.clauses(line, "rules"):
        note = knowledge.note(row[_NOTE])
        yield note.name, RuleLine(note.file, note.line)
