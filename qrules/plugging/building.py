"""Making a machine: its options, what they ask for, its buses, and its parts in the order of the rules' text."""

from __future__ import annotations

from qrules.knowledge.model import MachineFacts
from qrules.linked.clauses import Part
from qrules.linked.kinds import Family, Kinds, TypeKind
from qrules.machine.entities import Device, Machine
from qrules.machine.frames import Frame, new_frame
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import Request
from qrules.machine.state import MORE_STEPS, State
from qrules.plugging import processors
from qrules.plugging.judging import lacking, unknowns
from qrules.plugging.making import how_many, provide
from qrules.plugging.options import read_options
from qrules.plugging.plug import Plugger
from qrules.plugging.wishes import wishes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def build(
    kinds: Kinds, family: Family, facts: MachineFacts, request: Request, silenced: Mapping[str, object]
) -> tuple[State, list[Refusal]]:
    """The machine of a request before any device of it, and what is refused so far; `silenced` are roles and what silences them.

    The order is QEMU's (qemu:system/vl.c "qemu_init"): options are read, the board is made ("machine_run_board_init"), and only
    then devices.
    """
    machine = Machine(facts.name, facts.version, kinds.knowledge.version, kinds.knowledge.arch, family, request, silenced)
    state = State(machine, frozenset(kinds.knowledge.shared["watched"]))
    state.grant(MORE_STEPS * (request.size - len(request.devices)))  # devices bring theirs when they are tried
    state.backends, state.said = request.backends, request.said
    machine.values.update({**facts.facts, **{f"is-{word}": True for word in facts.words}})
    plugger = Plugger(kinds, state)
    written = frozenset((*request.options, *request.facts, *(("",) if request.wishes else ())))
    options = read_options(plugger, family, facts)
    refusals: list[Refusal] = []
    asked, late = wishes(plugger, request, refusals)
    refusals += options + plugger.checker.judged(family.asked("type", written), machine, "type")
    refusals += processors.features(plugger) + processors.first(plugger) + late
    refusals += plugger.checker.judged(family.asked("pre-plug", written), machine, "pre-plug") + processors.made(plugger)
    for provides in family.provides():
        provide(kinds, state, provides, machine)
    for part in family.parts():
        if not part.after:
            refusals.extend(_bring(part, plugger))
    for wish in asked:
        found = plugger.checker.judged(wish.kind.checks.get("plug", ()), wish, "plug")
        refusals.extend(r._replace(where=wish.where) for r in found)
    refusals.extend(unknowns(family.unknowns(), new_frame(state, machine), None))
    refusals.extend(plugger.checker.judged(family.asked(None, written), machine, "machine"))
    refusals.extend(lacking(plugger, None))
    return state, refusals


def suppressed(kinds: Kinds, request: Request) -> dict[str, str]:
    """The roles that explicit devices take: read from the request before anything is plugged."""
    found: dict[str, str] = {}
    for device in request.devices:
        kind = kinds.type(device.driver) or kinds.type(kinds.knowledge.real_name(device.driver))
        if kind is not None and kind.suppressed_roles:
            found.update(dict.fromkeys(_roles(kind), device.driver))
    for told in request.globals:  # these silence as devices do
        kind = kinds.type(told.driver)
        if kind is not None:
            found.update(dict.fromkeys(_roles(kind), told.driver))
    return found


def _roles(kind: TypeKind) -> list[str]:
    """The roles whose default devices a type takes the place of."""
    return [role for roles, when in kind.suppressed_roles if when is None or when(new_frame(None, None)) for role in roles]


def bring_late(plugger: Plugger) -> list[Refusal]:
    """What the machine brings once all ``k=v`` devices stand."""
    family = plugger.state.machine.family
    late = family.late_parts() if family is not None else ()
    return [refusal for part in late for refusal in _bring(part, plugger)]


def _bring(part: Part, plugger: Plugger) -> list[Refusal]:
    """Plugs a part of the machine. What a machine brings is not asked whether it may, but it can lack room."""
    state, role = plugger.state, part.role
    if role is not None and not state.machine.role_open(role):
        return []
    instead = state.machine.role_type(role) if role is not None else None
    refusals: list[Refusal] = []
    for frame, wish in _wished(part, state):
        if part.when is not None and not part.when(frame):
            continue
        if part.named is not None:
            instead = _named(plugger, part, frame)
            if instead is None:
                continue
        for n in range(how_many(part, frame, plugger.kinds)):
            try:
                plugger.place_part(part, frame, None, n=n, instead=instead, wish=wish)
            except Refused as refused:
                told = (("part", part.type), ("part-note", part.note))
                where = wish.where if wish is not None else None
                refusals.extend(r._replace(facts=told, where=where) for r in refused.refusals)
            refusals.extend(plugger.properties.told_of_all())
    return refusals


def _named(plugger: Plugger, part: Part, frame: Frame) -> str | None:
    """The type that a part's expression names; None where no type of the part's kind has that name."""
    assert part.named is not None
    name = part.named(frame)
    return plugger.knowledge.real_name(name) if isinstance(name, str) and part.type in plugger.knowledge.line_of(name) else None


def _wished(part: Part, state: State) -> Iterator[tuple[Frame, Device | None]]:
    """A frame for each wish that a part is brought for, in their order; one frame for other parts."""
    if part.each is None:
        yield new_frame(state, state.machine), None
        return
    wishes = [w for w in state.of_kind(part.each.kind) if isinstance(w, Device)]
    order = part.each.order
    if order is not None:
        wishes.sort(key=lambda w: number if isinstance(number := w.get(order, state), int) else 0)
    for wish in wishes:
        frame = new_frame(state, state.machine)
        frame[part.each.slot] = wish
        yield frame, wish
