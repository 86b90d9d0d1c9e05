"""What was learnt of a board, written as rules: a draft that a person goes on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from qrules.knowledge.model import PART, Knowledge
from qrules.qemu.catalogue_text import name, text
from qrules.qemu.learning import Learnt, Part


def draft(learnt: Learnt, knowledge: Knowledge, without: frozenset[str] = frozenset()) -> str:
    """The text of a rule file. `without` are lines that were found to be in the way; they stand as comments."""
    lines = "\n".join((*_machine(learnt, knowledge), "", *_devices(learnt, knowledge))).split("\n")
    head = (
        f"# {learnt.machine.name}: drafted from QEMU {knowledge.version} by `qrules learn`: each line is what starts showed.\n\n"
    )
    return head + "\n".join(_kept(lines, without)).rstrip("\n") + "\n"


def _kept(lines: Iterable[str], without: frozenset[str]) -> Iterator[str]:
    """The lines, with those that are in the way and the values below them as comments."""
    left_out = False
    for line in lines:
        left_out = line in without or (left_out and line.startswith("    "))
        yield f"  # {line.strip()}  # in the way of what the shared rules say" if left_out else line


def _machine(learnt: Learnt, knowledge: Knowledge) -> Iterator[str]:
    yield f"machine {name(learnt.machine.name)} for {name(knowledge.arch)}"
    for attribute, value in learnt.attributes:
        yield f"  {attribute} = {_value(value)}"
    for option, bears in learnt.options:
        yield f"  property {name(option)} : bool" + ("" if bears else "  # changes no device")
    if learnt.needs:
        yield from _need(learnt)
    yield from _grouped(_line(part, learnt) for part in _own(learnt.parts, knowledge))


def _need(learnt: Learnt) -> Iterator[str]:
    yield "  needs something"
    if learnt.starts_bare:
        yield "    when nodefaults"
    yield "    require off  # what these options give: a fact of the machine"
    yield f"    says {text(learnt.says)}"
    for option, value in zip(learnt.needs[::2], learnt.needs[1::2], strict=False):
        yield f"    sample {text(option)} {text(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"kinds({', '.join(name(each) for each in value)})" if value else "{}"
    return text(value)


def _own(parts: Iterable[Part], knowledge: Knowledge) -> list[Part]:
    """The parts that no shared rule brings with another part."""
    kept = list(parts)
    for part in tuple(kept):
        for created in knowledge.clauses(tuple(knowledge.line_of(part.type)), "creates"):
            kind, many = created[PART.index("type")], created[PART.index("many")]
            for _ in range(many if type(many) is int else 1):
                at = next((n for n, each in enumerate(kept) if each is not part and kind in knowledge.line_of(each.type)), None)
                if at is not None and created[PART.index("when")] in (None, True):
                    del kept[at]
    return kept


def _line(part: Part, learnt: Learnt) -> tuple[str, str]:
    """What stands before the number of parts of one kind, and behind it."""
    rooted = part.bus in {each[1] for other in learnt.parts for each in other.buses}
    where = f" on {text(part.bus)}" if rooted else ""
    if part.at and not (part.role and _chosen(part, learnt)):
        where += f" at {text(part.at)}"
    if part.id:
        where += f" id {text(part.id)}"
    if part.when:
        where += f" when {part.when}"
    where += "".join(f"\n    {each} = {value}" for each, value in part.values)
    return (f"  default {name(part.type)} as {part.role}", where) if part.role else ("  has", f" {name(part.type)}{where}")


def _chosen(part: Part, learnt: Learnt) -> bool:
    """Whether a part stands where it would land by itself."""
    before = learnt.parts[: learnt.parts.index(part)]
    taken = {other.at.partition(".")[0] for other in before if other.bus == part.bus}
    first = learnt.first_slots.get(part.bus, 0)
    lowest = next(n for n in range(first, first + len(taken) + 1) if f"{n:02x}" not in taken and f"{n:x}" not in taken)
    return part.at in (f"{lowest:02x}.0", f"{lowest:x}", f"{lowest:02x}")


def _grouped(lines: Iterable[tuple[str, str]]) -> Iterator[str]:
    """One line for parts that follow one another and are alike."""
    waiting: tuple[str, str] | None = None
    count = 0
    for line in (*lines, None):
        if line is not None and line == waiting and line[0].strip() == "has":
            count += 1
            continue
        if waiting is not None:
            before, behind = waiting
            yield before + (f" many {count}" if count > 1 else "") + behind
        waiting, count = line, 1


def _devices(learnt: Learnt, knowledge: Knowledge) -> Iterator[str]:
    """The buses of the types of which no shared rule tells any."""
    told: set[str] = set()
    for part in learnt.parts:
        if not part.buses or part.type in told:
            continue
        told.add(part.type)
        if any(True for _ in knowledge.clauses(tuple(knowledge.line_of(part.type)), "provides")):
            continue
        yield f"device {name(part.type)}"
        for (kind, called), many in Counter(_called(kind, bus) for kind, bus in part.buses).items():
            yield "  provides " + (f"many {many} " if many > 1 else "") + name(kind) + called
            if any(bus in learnt.roots for each, bus in part.buses if each == kind):
                yield from ("    root-bus = on", "    default-bus = on")
            first = next((learnt.first_slots[bus] for _, bus in part.buses if bus in learnt.first_slots), None)
            if first is not None:
                yield f"    first-slot = {first}"
        if part.ports:
            yield f"  points 1 .. {part.ports}"


def _called(kind: str, bus: str) -> tuple[str, str]:
    """How a bus is named: by counting, or by a name of its own."""
    head, _, number = bus.rpartition(".")
    counted = head == kind.lower() and number.isdigit()
    return kind, "" if counted else f" called {text(bus)}"
