"""What may stand next in an emulator's command line: options, types, properties and values, ids of the line so far, free buses.

The words are those of the rule set, the schema and the line itself; for the shell (`qrules.cli.completing`) and for ``-x help``.
"""

from __future__ import annotations

from qrules.configs.options import WITHOUT_ARGUMENT
from qrules.configs.vocabulary import Vocabulary
from qrules.knowledge.model import Knowledge
from qrules.linked.domains import domain_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from qrules.machine.entities import Bus
    from qrules.machine.request import Request
    from qrules.machine.state import State
    from qrules.plugging.board import Board

_SWITCH = ["on", "off"]
_GIVEN = ("id", "bus")  # what any device takes besides its properties


def following(board: Board, before: list[str], prefix: str) -> list[str]:
    """The words that begin with `prefix` and may stand behind `before`, which begins with the first option or a program."""
    known, last = board.knowledge, before[-1] if before else ""
    name = "-" + last.lstrip("-")
    if not last.startswith("-") or name[1:] in WITHOUT_ARGUMENT:
        words = known.kept("vocabulary", Vocabulary)
        return _begun(sorted(words.known - set(words.absent) - {""}), prefix)
    if name in ("-M", "-machine"):
        return of_machine(board, prefix)
    if name == "-device":
        return of_device(board, before[:-1], prefix)
    return _of_option(known, name, prefix)


# ------------------------------------------------------------------------------------- devices
def of_device(board: Board, words: list[str], prefix: str) -> list[str]:
    """Types, properties of one, or values of a property; `words` are the line so far, which say which ids and buses there are."""
    head, comma, last = prefix.rpartition(",")
    known = board.knowledge
    if not comma:
        return _begun([name for name, facts in known.shared["types"].items() if facts[0] == "user"], prefix)
    driver = head.split(",")[0].removeprefix("driver=")
    key, equals, value = last.partition("=")
    if equals:
        return [f"{head},{key}={one}" for one in _begun(_values(board, words, driver, key), value)]
    written = {pair.partition("=")[0] for pair in head.split(",")}
    names = [*_GIVEN, *known.property_names(tuple(known.line_of(driver)))]
    return [f"{head},{name}=" for name in _begun(names, key) if name not in written]


def _values(board: Board, words: list[str], driver: str, key: str) -> Iterable[str]:
    kind = board.kinds.named(driver)
    if kind is None:
        return ()
    if key == "bus":
        state = _standing(board, words)
        return (
            [bus.id for bus in state.buses if kind.bus_kind in bus.kinds and _has_room(state, bus)] if state is not None else ()
        )
    found = domain_of(kind, key, True)
    if found is None:
        return ()
    domain = _defined(board.knowledge, found[0])
    if domain[:1] == ["words"]:
        return [str(word) for word in domain[1:]]
    request = _read(board, words) if domain[:1] == ["backend"] else None
    return _ids(request, set(domain[1:])) if request is not None else ()


def _defined(knowledge: Knowledge, domain: list[Any]) -> list[Any]:
    """A domain by its definition, in the rules or in the schema."""
    domains = knowledge.shared["domains"]
    while domain[:1] == ["named"]:
        if domain[1] not in domains:
            return ["words", *(_SWITCH if domain[1] == "bool" else knowledge.enum(domain[1]) or ())]
        domain = domains[domain[1]][0]
    return domain


def _ids(request: Request, kinds: set[str]) -> list[str]:
    """The ids of host resources that no device has yet; all of them, where each has one."""
    known = [name for name, made in request.backends.items() if not kinds.isdisjoint(made.split())]
    used = {str(value) for device in request.devices for value in device.properties.values()}
    return [name for name in known if name not in used] or known


def _read(board: Board, words: list[str]) -> Request | None:
    """What the line says so far; None where it can't be read."""
    from qrules.configs.argv import read
    from qrules.diagnostics import Unusable

    try:
        return read(words, board.knowledge)
    except Unusable:
        return None


def _standing(board: Board, words: list[str]) -> State | None:
    """The machine as far as the line says what stands on it."""
    request = _read(board, words)
    facts = board.knowledge.machine(request.machine) if request is not None else None
    return board.run(facts, request, False).state if facts is not None and request is not None else None


def _has_room(state: State, bus: Bus) -> bool:
    from qrules.explain.room import slots

    room = slots(state, bus)
    return room is None or room.free > 0


# ------------------------------------------------------------------------------------- other options
def of_machine(board: Board, prefix: str) -> list[str]:
    """Machines, options of one, or values of an option."""
    known = board.knowledge
    head, comma, last = prefix.rpartition(",")
    if not comma and "=" not in prefix:
        names = known.machine_names()
        aliases = [alias for name in names for alias in known.machine(name).aliases]  # type: ignore[union-attr]
        return _begun([*aliases, *names], prefix)
    facts = known.machine(head.split(",")[0].removeprefix("type="))
    key, equals, value = last.partition("=")
    if facts is None:
        return []
    if not equals:
        return [f"{head},{name}=" for name in _begun(known.property_names(facts.line), key)]
    clause = board.family(facts).option(key) if facts.family is not None else None
    fact = known.catalogued(facts.line, key)
    domain = _defined(known, clause.domain if clause is not None else ["named", fact[0]] if fact is not None else [])
    return [f"{head},{key}={word}" for word in _begun(map(str, domain[1:] if domain[:1] == ["words"] else ()), value)]


def _of_option(knowledge: Knowledge, option: str, prefix: str) -> list[str]:
    head, comma, last = prefix.rpartition(",")
    if not comma:
        return _begun(first_words(knowledge, option), prefix)
    record = knowledge.option(option)
    case = record.case(head.split(",")[0].partition("=")[2] or head.split(",")[0]) if record is not None else None
    members = [member for one in (record, case) if one is not None for member in one.members]
    key, equals, value = last.partition("=")
    if not equals:
        written = {pair.partition("=")[0] for pair in head.split(",")}
        return [f"{head},{m.name}=" for m in members if m.name.startswith(key) and m.name not in written and m.shape]
    shape = [part for m in members if m.name == key for part in m.shape]
    words = [word for part in shape for word in (part.words or (_SWITCH if part.type in ("bool", "boolean") else ()))]
    return [f"{head},{key}={word}" for word in _begun(words, value)]


def first_words(knowledge: Knowledge, option: str) -> list[str]:
    """What an option's argument may begin with, where that is one of some words; empty where it is not."""
    if option == "-cpu":
        return sorted(knowledge.models())
    if option == "-object":
        return list(knowledge.objects())
    if option == "-accel":
        return list(knowledge.accelerators())
    words = knowledge.kept("vocabulary", Vocabulary)
    record = knowledge.option(option)
    if option in words.reads and record is None:  # it is read as another one
        record = next((knowledge.option(way[1]) for way in words.reads[option] if way[1].startswith("-")), None)
    if record is None or not record.cases:
        record = knowledge.schema(option[1:])
    said = [meaning for meaning in words.shorthands.get(option, {}) if meaning and "=" not in meaning]
    return list(record.cases) if record is not None and record.cases else said


def _begun(names: Iterable[str], prefix: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.startswith(prefix)]
