"""What is said of a machine and a config as wholes, once they stand: rules of the start, advice, needs, what is not modelled."""

from __future__ import annotations

from qrules.machine.budget import COPIED
from qrules.machine.entities import Device
from qrules.machine.frames import CONTEXT, Closure, Frame, new_frame
from qrules.machine.refusals import NEEDS, Refusal
from qrules.machine.state import State
from qrules.plugging.paying import Paid
from qrules.plugging.plug import Plugger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def unknowns(clauses: list[tuple[Closure, Closure | None, int]], frame: Frame, index: int | None) -> list[Refusal]:
    """What of something is not modelled: of ``[(text, when, note), ...]`` those that hold in a frame about it.

    `index` is that of the user's device which it is, or None.
    """
    found = []
    for text, when, note in clauses:
        if when is None or when(frame):
            said = list(frame)
            said[CONTEXT["text"]] = text(frame)
            found.append(Refusal("not-modelled", note, "says", said, device=index, unknown=True))
    return found


def assumed(state: State) -> Iterator[Refusal]:
    """What is taken as given of the devices that stand; of a part the device that brought it is told."""
    for device in state.devices:
        if device.kind.assumptions:
            owner: Device | None = device
            while owner is not None and owner.request is None:
                owner = owner.creator
            found = unknowns(device.kind.assumptions, new_frame(state, device), owner.request if owner is not None else None)
            yield from (r._replace(rule="assumed", where=device.where) for r in found)


def lacking(plugger: Plugger, *phases: str | None) -> list[Refusal]:
    """What the machine needs to start and was not given, each with the options that would give it."""
    state, found = plugger.state, []
    family = state.machine.family
    for rule, words in family.needs(*phases) if family else ():
        found += [r._replace(facts=(("sample", words),)) for r in plugger.checker.judged((rule,), state.machine, NEEDS)]
    return found


def whole(plugger: Plugger, judged: bool) -> list[Refusal]:
    """Rules that see the whole config, after the last device: those of the start, and of profiles that decide nothing."""
    with Paid(plugger.budget, plugger.state, "what is said of the whole", 0):
        return _whole(plugger, *(("start", "judge") if judged else ("start",)))


def _whole(plugger: Plugger, *phases: str) -> list[Refusal]:
    state = plugger.state
    plugger.budget.charge(state, len(state.devices) // COPIED)
    family = state.machine.family
    found = plugger.checker.judged(family.rules(*phases), state.machine, "start") if family else []
    found.extend(lacking(plugger, "start"))
    for bus in (b for b in state.buses if b.kind.whole_rules):
        plugger.budget.charge(state, bus.kind.heavy)
        found.extend(plugger.checker.judged(bus.kind.whole_rules, bus, "start"))
    plans = state.machine.plans
    for device in state.devices:
        if device.plan is None and plans is not None and device.number < plans.own:
            device.plan = plans.standing(device)
        plan = device.plan
        may = not device.checks.keys().isdisjoint(phases) if plan is None else plan.whole and _speaks(plan.whole, state, device)
        if may:
            plugger.budget.charge(state, device.kind.heavy)
            found.extend(of_device(plugger, device, *phases))
    return found


def _speaks(tests: tuple[Closure, ...], state: State, device: Device) -> bool:
    return any(test(new_frame(state, device)) for test in tests)


def of_device(plugger: Plugger, device: Device, *phases: str) -> list[Refusal]:
    """What the rules of some phases say of a device that stands."""
    return [r for phase in phases for r in plugger.checker.judged(device.checks.get(phase, ()), device, "start")]
