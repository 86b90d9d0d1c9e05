"""What the emulator answers to ``help`` in a command line: machines, device types, the properties of one, what options take."""

from __future__ import annotations

from itertools import pairwise

from qrules.knowledge.model import Knowledge
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.knowledge.schema import Member
    from qrules.plugging.board import Board

_HEADINGS = {  # as the emulator words them
    "-cpu": ("Available CPUs:",),
    "-object": ("List of user creatable objects:",),
    "-accel": ("Accelerators supported in QEMU binary:",),
    "-chardev": ("Available chardev backend types:",),
    "-display": ("Available display backend types:",),
    **dict.fromkeys(("-netdev", "-nic", "-net"), ("Available netdev backend types:",)),
    **dict.fromkeys(("-audio", "-audiodev"), ("Available audio drivers:",)),
}
_INDENTED = ("-cpu", "-object", "-chardev")


def wanted(words: list[str]) -> tuple[str, str] | None:
    """The first option of a command line that asks for help, and its argument; None where none does."""
    for option, argument in pairwise(words):
        name = "-" + option.lstrip("-")
        if option.startswith("-") and "help" in argument.split(","):
            return name, argument
    return None


def answer(board: Board, option: str, argument: str) -> str | None:
    """The help of an option; None where it has none. Raises `Unusable` (QR413) for the properties of a type that there is not."""
    knowledge = board.knowledge
    first = argument.split(",")[0]
    if option not in ("-M", "-machine", "-device"):
        return _of_option(knowledge, option, first)
    if first != "help":
        return _properties(board, first)
    return BREAK.join(_machines(knowledge) if option != "-device" else _types(knowledge))


def _properties(board: Board, name: str) -> str:
    from qrules.cli import common
    from qrules.diagnostics import did_you_mean, unusable
    from qrules.explain.describing import described
    from qrules.report.describing import options

    found = described(board, name, [])
    if found is None:
        known = [*common.machine_names(board.knowledge), *board.knowledge.shared["types"]]
        message = f"QEMU {board.knowledge.version} for {board.knowledge.arch} has no '{name}'"
        raise unusable("QR413", message, name, hint=did_you_mean(name, known))
    return options(found)


def _of_option(knowledge: Knowledge, option: str, first: str) -> str | None:
    from qrules.cli.next_words import first_words

    words = first_words(knowledge, option)
    if first == "help":
        before = "  " if option in _INDENTED else ""
        return BREAK.join([*_HEADINGS.get(option, ()), *(before + word for word in words)]) if words else None
    record = knowledge.option(option)
    case = record.case(first) if record is not None and first in words else None
    if case is None:
        return None
    return BREAK.join([f"{first} options:", *(f"  {m.name}=<{_type(m)}>" for m in case.members if m.shape)])


def _type(member: Member) -> str:
    part = member.shape[0]
    return part.type or part.record or "|".join(part.words) or "list"


def _machines(knowledge: Knowledge) -> Iterator[str]:
    yield "Supported machines are:"
    for name in sorted(knowledge.machine_names()):
        facts = knowledge.machine(name)
        assert facts is not None
        marks = "".join(f" ({word})" for word in facts.words if word in ("default", "deprecated"))
        for alias in facts.aliases:
            yield f"{alias:<20} {facts.description} (alias of {name})"
        yield f"{name:<20} {facts.description}{marks}"


def _types(knowledge: Knowledge) -> Iterator[str]:
    for name, (status, bus, _, description) in sorted(knowledge.shared["types"].items()):
        if status == "user":
            yield f'name "{name}"' + (f", bus {bus}" if bus else "") + (f', desc "{description}"' if description else "")
