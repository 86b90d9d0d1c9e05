"""What rules derive for one start, beside what the binary made of it: the differences, each with the rule behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from qrules.configs.argv import read
from qrules.configs.files import Files
from qrules.explain.reasons import RuleLine, emulator_words
from qrules.explain.verdicts import placement
from qrules.knowledge.model import Knowledge
from qrules.machine.entities import Bus, Device
from qrules.machine.refusals import Refusal
from qrules.plugging.board import Board, Outcome
from qrules.qemu import process, qtree
from qrules.qemu.errors import NotQemu
from qrules.qemu.qtree import BusPlace, DevicePlace
from qrules.qemu.trials import Trial

What: TypeAlias = Literal["verdict", "message", "bus", "bus-order", "address"]


class Difference(NamedTuple):
    """A point where rules and binary disagree.

    `subject` names the bus or device; `rules` and `binary` are what each of them says of it, empty where one knows no
    such thing. `where` is the rule behind what the rules say, None where no rule speaks.
    """

    what: What
    subject: str
    rules: str
    binary: str
    where: RuleLine | None


class Derived(NamedTuple):
    """What the rules say of a trial."""

    outcome: Outcome
    verdict: str
    message: str
    where: RuleLine | None


class Observed(NamedTuple):
    """What the binary made of a trial."""

    outcome: process.Outcome
    verdict: str
    tree: tuple[qtree.Bus, ...]


def derive(board: Board, trial: Trial) -> Derived:
    """Asks the rules. Raises `NoRules` where none describe the machine."""
    knowledge = board.knowledge
    request = read(trial.argv(), knowledge, Files())
    facts = knowledge.machine(request.machine)
    if facts is None:
        raise KeyError(request.machine)
    outcome = board.run(facts, request, judged=False)
    rejecting = [r for r in outcome.refusals if not r.unknown and _counts(knowledge, r)]
    if rejecting:
        return Derived(outcome, "reject", emulator_words(knowledge, rejecting[0]), _where(knowledge, rejecting[0].note))
    if any(r.unknown for r in outcome.refusals) or request.unmodelled:
        note = next((r.note for r in outcome.refusals if r.unknown), None)
        return Derived(outcome, "unknown", "", _where(knowledge, note))
    return Derived(outcome, "accept", "", None)


def _counts(knowledge: Knowledge, refusal: Refusal) -> bool:
    """Whether the emulator itself refuses: other profiles speak of what one should do, or of other programs."""
    return refusal.note is None or knowledge.note(refusal.note).profile in ("", process.PROFILE)


def observe(binary: str, trial: Trial, timeout: float = process.DEFAULT_TIMEOUT) -> Observed:
    """Starts the trial. Raises the errors of `process.attempt`, and NotQemu where it ended well without a word."""
    outcome, answers = process.ask(binary, trial.argv(), ("info qtree",), timeout)
    if outcome.status == 0 and not outcome.accepted and not outcome.message:
        raise NotQemu(binary, "nothing of a machine")
    return Observed(outcome, "accept" if outcome.accepted else "reject", qtree.parse(answers[0]) if answers else ())


def differences(knowledge: Knowledge, derived: Derived, observed: Observed) -> Iterator[Difference]:
    """Where the two disagree, coarse things first: a start that only one of them sees has no trees to compare."""
    if derived.verdict != observed.verdict:
        said = [" ".join(part for part in (v, m) if part) for v, m in _verdicts(derived, observed)]
        yield Difference("verdict", "", said[0], said[1], derived.where)
    elif observed.verdict == "reject":
        expected = derived.message.partition("\n")[0]
        if expected != observed.outcome.message:
            yield Difference("message", "", expected, observed.outcome.message, derived.where)
    else:
        yield from _buses(knowledge, derived, observed)
        yield from _addresses(knowledge, derived, observed)


def _verdicts(derived: Derived, observed: Observed) -> tuple[tuple[str, str], tuple[str, str]]:
    return (derived.verdict, derived.message), (observed.verdict, observed.outcome.message)


def _where(knowledge: Knowledge, note: int | None) -> RuleLine | None:
    if note is None or note < 0:
        return None
    at = knowledge.note(note)
    return RuleLine(at.file, at.line)


# ------------------------------------------------------------------------------------- buses
def _buses(knowledge: Knowledge, derived: Derived, observed: Observed) -> Iterator[Difference]:
    """Buses that only one side has; where both have the same ones, their order, by which the emulator chooses."""
    state = derived.outcome.state
    made = [b for root in state.buses if not isinstance(root.owner, Device) for b in state.preorder(root)]
    mine = [_place(bus) for bus in made]
    theirs = qtree.bus_places(observed.tree)
    for bus, place in zip(made, mine, strict=True):
        if place not in theirs:
            yield Difference("bus", bus.id, _told(place), "", _where(knowledge, bus.origin))
    for place in theirs:
        if place not in mine:
            yield Difference("bus", place.id, "", _told(place), _maker(derived, place, knowledge))
    if mine != theirs and Counter(mine) == Counter(theirs):
        at = next(n for n, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b)
        yield Difference("bus-order", mine[at].id, _ids(mine), _ids(theirs), _where(knowledge, made[at].origin))


def _place(bus: Bus) -> BusPlace:
    owner = bus.owner if isinstance(bus.owner, Device) else None
    parent = bus.parent
    return BusPlace(bus.id, bus.kind.name, owner.kind.name if owner else "", parent.id if parent else "")


def _told(place: BusPlace) -> str:
    return place.kind + (f" of {place.parent_type} on {place.parent_bus}" if place.parent_type else "")


def _ids(places: Sequence[BusPlace]) -> str:
    return " ".join(place.id for place in places)


def _maker(derived: Derived, place: BusPlace, knowledge: Knowledge) -> RuleLine | None:
    """Where the rules bring the device that makes the bus, though without that bus."""
    owner = next((d for d in derived.outcome.state.devices if d.kind.name == place.parent_type), None)
    return _where(knowledge, owner.origin) if owner else None


# ------------------------------------------------------------------------------------- addresses
def _addresses(knowledge: Knowledge, derived: Derived, observed: Observed) -> Iterator[Difference]:
    """What stands where, with or without an address, on all buses that hang on the machine: the emulator prints no others."""
    state = derived.outcome.state
    shown = {id(b) for root in state.buses if not isinstance(root.owner, Device) for b in state.preorder(root)}
    mine = [(d, _address(d)) for d in state.devices if id(d.bus) in shown]
    theirs = Counter(_seen(place, derived) for place in qtree.device_places(observed.tree))
    extra = []
    for device, told in mine:
        if theirs[told]:
            theirs[told] -= 1
        else:
            extra.append((device, told))
    for device, told in extra:
        match = next((t for t in theirs.elements() if t[:2] == told[:2]), None)
        if match:
            theirs[match] -= 1
        yield Difference(
            "address", device.label, " ".join(told[1:]), " ".join(match[1:]) if match else "", _where(knowledge, device.origin)
        )
    for left in theirs.elements():
        yield Difference("address", left[0], "", " ".join(left[1:]), None)


def _address(device: Device) -> tuple[str, ...]:
    """The type, the bus, and each part of the address."""
    assert device.bus is not None
    at = placement(-1, device).address
    return (device.kind.name, device.bus.id, *(f"{name}={value}" for name, value in sorted(at.items())))


def _seen(place: DevicePlace, derived: Derived) -> tuple[str, ...]:
    scheme = next((b.kind.scheme for b in derived.outcome.state.buses if b.kind.name == place.kind), None)
    names = tuple(scheme.public(dict.fromkeys(scheme.names, 0))) if scheme is not None else ()
    return (place.type, place.bus, *(f"{name}={place.address[name]}" for name in sorted(names) if name in place.address))
