"""Why a device plugs into a machine, or why it does not and what would change that.

A "no" for want of a bus looks for what would make one: a device to put before it, a machine option, another machine.
Each such remedy is tried on the real rules before it is named.
"""

from __future__ import annotations

from qrules.explain.inventory import rule_line
from qrules.explain.reasons import Reason, RuleLine, Source
from qrules.explain.verdicts import Placement, Verdict, judge_outcome, placement
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.linked.clauses import Part
from qrules.linked.domains import is_switch
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import NEEDS
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board, NoRules
from qrules.records import NamedTuple, as_dict

_MOST_REMEDIES = 4
_WANTS_A_BUS = ("no-bus", "every-bus-full")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Literal


class Link(NamedTuple):
    """One step of a chain of facts: what stands, on what, by which line of the rules, and by which source."""

    what: Literal["bus", "written", "part"]
    name: str
    type: str
    line: RuleLine | None
    see: tuple[Source, ...] = ()


class Remedy(NamedTuple):
    """Something that makes the device plug, tried before it is said. `kind` is device, option or machine."""

    kind: Literal["device", "option", "machine"]
    text: str
    line: RuleLine | None = None


class Why(NamedTuple):
    """The answer. `chain` leads from the device to the machine's root; `since` is the oldest version of the family."""

    device: str
    verdict: Verdict
    placement: Placement | None
    chain: tuple[Link, ...]
    since: str
    versions: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    bus_kind: str | None
    present: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def known_type(knowledge: Knowledge, driver: str) -> None:
    """Raises `Unusable` (QR413) for a type that no catalogue has: a slip of the pen is no question."""
    if knowledge.type_facts(driver) is not None:
        return
    from qrules.diagnostics import did_you_mean, unusable

    known = [name for name, entry in knowledge.shared["types"].items() if entry[0] == "user"]
    hint = did_you_mean(driver, [*known, *knowledge.shared["aliases"]]) or "`qrules types MACHINE` lists them"
    raise unusable("QR413", f"QEMU {knowledge.version} for {knowledge.arch} has no device type '{driver}'", driver, hint=hint)


def why(board: Board, request: Request, versions: tuple[str, ...] = (), older: Iterable[Knowledge] = ()) -> Why:
    """Answers for the last device of a request. `versions` are the emulator versions whose catalogues have the type, `older` is
    what is known of the emulators before this one, the oldest first: of their machines the oldest is looked for, too.
    """
    verdict, outcome = judge_outcome(board, request)
    device = request.devices[-1]
    index = len(request.devices) - 1
    kind = board.kinds.named(device.driver)
    facts = board.knowledge.machine(request.machine)
    bus_kind = kind.bus_kind if kind is not None else None
    if facts is None or outcome is None:
        return Why(device.driver, verdict, None, (), "", versions, (), bus_kind, ())
    placed = outcome.devices[index]
    present = tuple((b.id, b.kind.name) for b in outcome.state.buses)
    if placed is not None:
        chain = tuple(_chain(board, placed))
        since = _since(board, request, facts, older)
        return Why(device.driver, verdict, placement(index, placed), chain, since, versions, (), bus_kind, present)
    own = [r for r in verdict.reasons if index in r.devices[:1]]
    remedies = tuple(_remedies(board, request, facts, own)) if bus_kind is not None else ()
    return Why(device.driver, verdict, None, (), "", versions, remedies, bus_kind, present)


def _chain(board: Board, device: Device) -> Iterator[Link]:
    bus: Bus | None = device.bus
    while bus is not None:
        yield _link(board, "bus", bus.id, bus.kind.name, bus.origin)
        owner = bus.owner
        if not isinstance(owner, Device):
            return
        written = owner.request is not None
        yield _link(board, "written" if written else "part", owner.id or "", owner.kind.name, owner.origin)
        bus = owner.bus


def _link(board: Board, what: Literal["bus", "written", "part"], name: str, kind: str, note: int) -> Link:
    see = tuple(Source(*s) for s in board.knowledge.note(note).see) if note >= 0 else ()
    return Link(what, name, kind, rule_line(board, note), see)


def _accepted(board: Board, request: Request) -> bool:
    facts = board.knowledge.machine(request.machine)
    if facts is None:
        return False
    try:
        outcome = board.run(facts, request, judged=False)
    except NoRules:
        return False
    return all(d is not None for d in outcome.devices) and all(r.phase == NEEDS for r in outcome.refusals)


def _since(board: Board, request: Request, facts: MachineFacts, older: Iterable[Knowledge]) -> str:
    """The oldest machine of the family for which the answer is yes too, whichever emulator has it.

    Most types are older than all of them, so the oldest machine of the oldest emulator is tried first: then one more machine
    is built, however many emulators are known.
    """
    names = _of_family(board.knowledge, facts.name)
    if facts.name not in names:
        return ""
    for knowledge in older:
        before = _of_family(knowledge, names[0])
        if before and before[0] != names[0]:
            oldest = _oldest(Board(knowledge), request, before[: before.index(names[0]) + 1])
            if oldest != names[0]:
                return oldest
    oldest = _oldest(board, request, names[: names.index(facts.name) + 1])
    return oldest if len(names) > 1 or oldest != facts.name else ""


def _oldest(board: Board, request: Request, names: list[str]) -> str:
    """The oldest of `names`, which are in order, for which the answer is yes; it is for the last."""
    if len(names) > 1 and _accepted(board, request._replace(machine=names[0])):
        return names[0]
    low, high = 0, len(names) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if _accepted(board, request._replace(machine=names[middle])):
            high = middle
        else:
            low = middle
    return names[high]


def _of_family(knowledge: Knowledge, name: str) -> list[str]:
    """The machines that the rules of a machine describe, itself included, versions in order; none where no rules do."""
    facts = knowledge.machine(name)
    family = facts.family if facts is not None else None
    every = ((other, knowledge.machine(other)) for other in knowledge.machine_names()) if family is not None else ()
    return [other for other, found in every if found is not None and found.family == family]


# ------------------------------------------------------------------------------------- remedies
def _remedies(board: Board, request: Request, facts: MachineFacts, own: list[Reason]) -> Iterator[Remedy]:
    if not any(r.rule in _WANTS_A_BUS for r in own):
        return
    found = 0
    for remedy in (*_by_option(board, request, facts), *_by_device(board, request)):
        yield remedy
        found += 1
        if found == _MOST_REMEDIES:
            return
    if not found:
        yield from _by_machine(board, request, facts)


def _by_device(board: Board, request: Request) -> Iterator[Remedy]:
    """User-creatable types that make the bus which is missing, put before the device; simple ones first."""

    wanted = _wanted_kind(board, request)
    for name in board.knowledge.makers_of(wanted) if wanted is not None else ():
        tried = request._replace(devices=(*request.devices[:-1], DeviceRequest(name), request.devices[-1]))
        if _accepted_but_for_host(board, tried):
            maker = board.kinds.type(name)
            line = rule_line(board, maker.provides[0].note) if maker is not None and maker.provides else None
            yield Remedy("device", f"-device {name}", line)


def _accepted_but_for_host(board: Board, request: Request) -> bool:
    """Whether the device finds its bus: what it lacks besides, such as a drive, is no matter of the remedy."""
    facts = board.knowledge.machine(request.machine)
    assert facts is not None
    outcome = board.run(facts, request, judged=False)
    last = len(request.devices) - 1
    if any(outcome.devices[i] is None for i in range(last)):
        return False
    return outcome.devices[last] is not None or all(
        r.phase in ("realize", "start", "plug") for r in outcome.refusals if r.device == last
    )


def _by_option(board: Board, request: Request, facts: MachineFacts) -> Iterator[Remedy]:
    """Options of the machine that bring the bus: those that decide about a part which makes one."""
    family = board.family(facts)
    wanted = _wanted_kind(board, request)
    state, _ = board.build_machine(facts, request)
    deciding = {name: None for part in family.parts() if _makes(board, part, wanted) for name in _options_in(part.condition)}
    for name in deciding:
        clause = family.properties.get(name)
        if clause is None or name in family.facts or name in request.options or not is_switch(clause.domain, board.knowledge):
            continue
        value = "off" if state.machine.get(name, state) is True else "on"
        if _accepted_but_for_host(board, request._replace(options={**request.options, name: value})):
            yield Remedy("option", f"-machine {facts.aliases[0] if facts.aliases else facts.name},{name}={value}", None)


def _wanted_kind(board: Board, request: Request) -> str | None:
    kind = board.kinds.named(request.devices[-1].driver)
    return kind.bus_kind if kind is not None else None


def _makes(board: Board, part: Part, wanted: str | None) -> bool:
    kind = board.kinds.type(part.type)
    return kind is not None and any(wanted in board.kinds.bus(made).kinds for made in kind.provided_kinds(board.kinds))


def _options_in(condition: object) -> Iterator[str]:
    """The names of attributes that a compiled condition reads."""
    if isinstance(condition, list):
        if condition[:1] == ["attr"]:
            yield condition[2]
        for inner in condition:
            yield from _options_in(inner)


def _by_machine(board: Board, request: Request, facts: MachineFacts) -> Iterator[Remedy]:
    """Machines that have the bus from the start, named by their alias."""
    for name in board.knowledge.machine_names():
        other = board.knowledge.machine(name)
        if other is None or other.family in (None, facts.family) or not other.aliases:
            continue
        if _accepted_but_for_host(board, request._replace(machine=name, options={})):
            yield Remedy("machine", f"-machine {other.aliases[0]}", None)
