"""What a conversion is asked for: the new machine with its options, what is to come along and what is to be left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qrules.configs.options import pairs
from qrules.diagnostics import did_you_mean, unusable
from qrules.explain.reasons import reason
from qrules.knowledge.model import MachineFacts
from qrules.machine.entities import Device
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.records import NamedTuple


class Target(NamedTuple):
    """What is asked for: a machine, how the user calls it, and options for it.

    `keep` are roles of the old machine whose default devices are to come along, `without` the positions of devices that
    are to be left out.
    """

    machine: MachineFacts
    said: str
    options: Mapping[str, str] = {}
    keep: tuple[str, ...] = ()
    without: frozenset[int] = frozenset()


def target(
    board: Board, request: Request, to: str, keep: Iterable[str] = (), without: Iterable[int] = (), said: str = "--to"
) -> Target:
    """A target as users write it: `to` is a machine as -machine takes it, such as ``q35,usb=on``.

    `keep` are roles such as ``network``, or ``all``; `without` positions of the request's devices. `said` is what the
    diagnostics call the machine. Raises `Unusable` for what does not exist.
    """
    name, _, more = to.partition(",")
    options = {pair.key: str(pair.value) for pair in pairs(more)} if more else {}
    machine = _machine(board, name, said)
    _, refusals = board.build_machine(machine, Request(machine.name, options))
    for refusal in (r for r in refusals if r.phase == "options" and not r.unknown):
        known = sorted(set(board.family(machine).properties) - board.family(machine).facts)
        hint = did_you_mean(next(iter(options)), known)
        raise unusable("QR412", reason(board.knowledge, refusal).message, said, expected=", ".join(known[:8]), hint=hint)
    return Target(machine, name, options, _kept(board, request, keep), frozenset(without))


def _machine(board: Board, name: str, said: str) -> MachineFacts:
    knowledge = board.knowledge
    machine = knowledge.machine(name)
    if machine is None:
        listed = [found for known in knowledge.machine_names() if (found := knowledge.machine(known)) is not None]
        names = {word for found in listed for word in (found.name, *found.aliases)}
        hint = did_you_mean(name, names) or "`qrules machines` lists them"
        message = f"QEMU {knowledge.version} for {knowledge.arch} has no machine '{name}'"
        raise unusable("QR410", message, said, expected="a machine type or alias of the same architecture", hint=hint)
    if machine.family is None:
        message = f"no rules describe the machine {machine.name} yet"
        raise unusable("QR411", message, said, hint="`qrules machines` says which have rules")
    return machine


# ------------------------------------------------------------------------------------- default devices
def roles(state: State) -> dict[int, str]:
    """The roles of a machine's default devices, by the note of the line that brings them."""
    family = state.machine.family
    return family.roles() if family is not None else {}


def defaults(state: State) -> list[tuple[Device, str]]:
    """A machine's default devices, each with the role that it was brought for."""
    known = roles(state)
    return [(d, known[d.origin]) for d in state.devices if d.request is None and d.origin in known]


def _kept(board: Board, request: Request, keep: Iterable[str]) -> tuple[str, ...]:
    """The roles that are to be kept: of those for which the old machine brings a device."""
    wanted: Sequence[str] = list(keep)
    facts = board.knowledge.machine(request.machine)
    if not wanted or facts is None or facts.family is None:
        return ()
    state, _ = board.build_machine(facts, request)
    there = tuple(dict.fromkeys(role for _, role in defaults(state)))
    for role in wanted:
        if role != "all" and role not in there:
            expected = ", ".join(("all", *there)) if there else "nothing: it brings no default devices here"
            message = f"{facts.name} brings no default device '{role}' here"
            raise unusable("QR444", message, "--keep", expected=expected, hint=did_you_mean(role, there))
    return there if "all" in wanted else tuple(role for role in there if role in wanted)
