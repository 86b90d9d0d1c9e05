"""Controllers: those of the config, and those that could be added; what buses each would bring.

Which types may be added, at what cost, is said by rules: ``expander-cost``. The further attributes are ``expander-limit``
(how many), ``expander-nest`` (how many behind one another), ``expander-packs`` (the switch by which several share a slot),
``expander-node`` (the property that gives its buses to a NUMA node: such a type is added where somebody wants a node),
``expander-number`` with ``expander-step`` (a property that each gets a number of its own in, so far apart) and ``expander-id``
(how added ones are called) and ``expander-with`` (properties that an added one is given). A type without a cost of its own
costs the machine's ``controller-cost``.
"""

from __future__ import annotations

from qrules.configs.options import pairs
from qrules.linked.addresses import POOL
from qrules.linked.clauses import Claim
from qrules.machine.entities import Bus, Device
from qrules.machine.request import DeviceRequest
from qrules.machine.state import State
from qrules.place.fitting import Fitting
from qrules.place.sites import Site, sites_of
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.linked.kinds import TypeKind
    from qrules.machine.contracts import DeviceKind
    from qrules.machine.refusals import Refusal

_MAKERS = 6  # types that are tried where the rules name none that may be added
_NUMBERS = 260  # that are tried for a property which has to be given or unique


class Addition(NamedTuple):
    """A type that may be added, `limit` of them, not more than `nest` behind one another (None: any number).

    `cost` is that of one, in the rules' own units. `packs` is the switch that lets several share a place, `node` the property
    for its NUMA node; empty for none. Ids begin with `stem`. `number` is a property that has to differ by `step`.
    """

    device: DeviceRequest
    cost: int
    limit: int | None
    nest: int | None
    packs: str
    stem: str
    node: str = ""
    number: str = ""
    step: int = 1


def additions(fitting: Fitting, state: State) -> list[Addition]:
    """The types that may be added and that bring buses which this config's devices could use, the cheapest first.

    Those that the rules name a cost for; where none of them can stand and brings such a bus, every type that does.
    """
    declared = declarable(fitting, state)
    kinds = fitting.board.kinds
    types = [kinds.named(name) for name in fitting.drivers()]
    wanted = {kind.bus_kind for kind in types if kind is not None and kind.bus_kind is not None}
    useful = _useful(fitting, declared, wanted)
    common = state.machine.get("controller-cost", state)
    if not isinstance(common, int):
        return useful
    more: dict[str, Addition] = {}
    bases = [kinds.type(a.device.driver) for a in useful]
    waiting: set[str] = {*wanted, *(kind.bus_kind for kind in bases if kind is not None and kind.bus_kind is not None)}
    known: set[str] = set()
    while waiting := waiting - known - (reached := _reached(fitting, [*useful, *more.values()], state)):
        known |= waiting
        for name in [n for kind in sorted(waiting) for n in _makers(fitting, kind, reached)]:
            made = kinds.type(name)
            if made is not None and name not in more and all(a.device.driver != name for a in declared):
                more[name] = _addition(made, common, state)
                waiting = waiting | ({made.bus_kind} if made.bus_kind is not None else set())
                useful = _useful(fitting, declared, {*wanted, *known, *waiting})
    return sorted([*useful, *more.values()], key=lambda a: (a.cost, a.device.driver))


def _makers(fitting: Fitting, wanted: str, reached: set[str]) -> list[str]:
    """Types that bring buses of a kind: those that could stand on what is reached, or else all; not too many of them."""
    knowledge = fitting.board.knowledge
    found = knowledge.makers_of(wanted)
    return ([name for name in found if knowledge.shared["types"][name][1] in reached] or found)[:_MAKERS]


def _reached(fitting: Fitting, found: list[Addition], state: State) -> set[str]:
    """The kinds of buses that stand, or would with what can be added, each on a bus that is reached itself."""
    kinds = fitting.board.kinds
    reached = {kind for bus in state.buses for kind in bus.kinds}
    for device in fitting.request.devices:
        own = kinds.named(device.driver)
        reached |= {above for made in own.provided_kinds(kinds) for above in kinds.bus(made).kinds} if own is not None else set()
    grown = True
    while grown:
        before = len(reached)
        for addition in found:
            kind = kinds.named(addition.device.driver)
            if kind is not None and kind.bus_kind in reached:
                reached |= {above for made in kind.provided_kinds(kinds) for above in kinds.bus(made).kinds}
        grown = len(reached) > before
    return reached


def _useful(fitting: Fitting, declared: list[Addition], first: set[str]) -> list[Addition]:
    """Those whose buses the devices want, those whose buses these want in turn, and so on."""
    kinds = fitting.board.kinds
    wanted: set[str | None] = {*first}
    found: dict[str, Addition] = {}
    grown = True
    while grown:
        grown = False
        for addition in declared:
            kind = kinds.type(addition.device.driver)
            assert kind is not None
            brings = {above for made in kind.provided_kinds(kinds) for above in kinds.bus(made).kinds}
            if addition.device.driver not in found and not brings.isdisjoint(wanted):
                found[addition.device.driver] = addition
                wanted.add(kind.bus_kind)
                grown = True
    return [a for a in declared if a.device.driver in found]


def declarable(fitting: Fitting, state: State) -> list[Addition]:
    """The types that the rules name a cost for, the cheapest first."""
    board, found = fitting.board, []
    for name, facts in board.knowledge.shared["types"].items():
        if facts[0] != "user" or "expander-cost" not in board.knowledge.shared["kinds"].get(name, {}).get("attributes", ()):
            continue
        kind = board.kinds.type(name)
        assert kind is not None
        stand_in = Device(-1, kind, request=0)
        cost, node = (kind.attribute(f"expander-{w}", stand_in, state) for w in ("cost", "node"))
        if isinstance(cost, int) and not isinstance(cost, bool) and (fitting.nodes or not isinstance(node, str)):
            found.append(_addition(kind, cost, state, fitting.nodes[:1]))
    return sorted(found, key=lambda a: (a.cost, a.device.driver))


def _addition(kind: TypeKind, cost: int, state: State, nodes: tuple[int, ...] = ()) -> Addition:
    """A type that may be added, with what the rules say of added ones."""
    stand_in = Device(-1, kind, request=0)
    what = ("limit", "nest", "packs", "id", "node", "number", "step", "with")
    limit, nest, packs, stem, node, number, step, given = (kind.attribute(f"expander-{w}", stand_in, state) for w in what)
    switch, of_node, apart = (value if isinstance(value, str) else "" for value in (packs, node, number))
    most, deep = (value if isinstance(value, int) else None for value in (limit, nest))
    by = step if isinstance(step, int) else 1
    written: dict[str, object] = {switch: True} if switch else {}
    if isinstance(given, str):
        written |= {pair.key: pair.value for pair in pairs(given, "")}
    written |= {of_node: nodes[0]} if of_node and nodes else {}
    written |= {apart: by} if apart else {}
    request = DeviceRequest(kind.name, properties=written)
    return Addition(request, cost, most, deep, switch, str(stem or _stem(kind.name)), of_node if nodes else "", apart, by)


def _stem(name: str) -> str:
    return name.replace(",", "-").rstrip("0123456789") or "more"


# ------------------------------------------------------------------------------------- what a controller brings
class Tried(NamedTuple):
    """A controller tried: the sites that it offers, or why no bus takes it; `device` has what must be written for it."""

    sites: tuple[Site, ...]
    refusals: tuple[Refusal, ...]
    device: DeviceRequest


def try_controller(fitting: Fitting, index: int, device: DeviceRequest, sites: list[Site], advised: bool) -> Tried | None:
    """Puts a controller on the first site that takes it; None where it is none, since it brings no bus with room.

    `index` is its position in the request. `advised`: what is advised against counts as refused.
    """
    advised = advised and index not in fitting.lenient
    kind = fitting.board.kinds.named(device.driver)
    if kind is None or not kind.provided_kinds(fitting.board.kinds):
        return None
    first: tuple[Refusal, ...] = ()
    for site in sites:
        if kind.bus_kind is None or kind.bus_kind not in site.buses[0].kinds:
            continue
        for position in site.free()[:3]:
            spot = site.spots[position]
            state, bus, nameless = fitting.copy(site.home), site.buses[spot.bus], device._replace(id=None)
            before = fitting.advice_before(site.home) if advised else None
            completed, refusals = complete(fitting, state, index, nameless, bus, spot.value, before)
            if completed is not None:
                offered = [b for b in state.buses if _under_new(b, site.home)]
                brought = tuple(s for s in sites_of(state, offered) if _usable(s))
                return Tried(brought, (), completed) if brought else None
            first = first or tuple(refusals)
    return Tried((), first, device)


def _under_new(bus: Bus, before: State) -> bool:
    return bus.number not in before.children


def _usable(site: Site) -> bool:
    """A bus that only the halves of one device stand on is no place for others."""
    return bool(site.free())


# ------------------------------------------------------------------------------------- what has to be written for it
def complete(
    fitting: Fitting,
    state: State,
    index: int,
    device: DeviceRequest,
    bus: Bus,
    value: Any,
    before: frozenset[tuple[object, ...]] | None = None,
    function: int = 0,
    used: dict[tuple[str, str], int] | None = None,
    kept: State | None = None,
) -> tuple[DeviceRequest | None, list[Refusal]]:
    """Puts a controller on a bus, with numbers for what has to be given or unique; the controller as it has to be written.

    None with the reasons where nothing helps. `value` is that of the bus's main dimension, `before` the advice given so far
    (None: advice is not asked).

    `used` remembers the numbers that were found for controllers before it; what the user's devices claim in `kept` is theirs.
    """
    tried, used = device, {} if used is None else used
    for _ in range(_NUMBERS):
        wrong = fitting.put(state, index, tried, bus, value, None, function=function)
        clash = None if wrong or kept is None else _clash(fitting, state, kept, tried)
        if not wrong and clash is None:
            advice = (_of_it(fitting, state, index, before) or fitting.advised(state, before)) if before is not None else []
            return (None, advice) if advice else (tried, [])
        name = clash or number_wanted(fitting, wrong[0], device)
        if name is None:
            return None, wrong
        number = used[device.driver, name] = used.get((device.driver, name), 0) + 1
        tried = tried._replace(properties={**tried.properties, name: number})
    return None, wrong


def _of_it(fitting: Fitting, state: State, index: int, before: frozenset[tuple[object, ...]]) -> list[Refusal]:
    """What is advised against of the newest device: where that is enough for a no, the rest of the machine is not asked."""
    newest = next(d for d in reversed(state.devices) if d.request == index)
    return fitting.not_before(fitting.board.advice(state, newest), before)


def _clash(fitting: Fitting, state: State, kept: State, device: DeviceRequest) -> str | None:
    """A number of the newest device that one of the user's has in `kept`; the device is taken back then."""
    newest = state.devices[-1]
    cells = [cell for cell, held in state.holders.items() if newest in held and cell[0] != POOL]
    if not any(d.request is not None for cell in cells for d in kept.holders.get(cell, ())):
        return None
    reading = {name for checks in newest.kind.checks.values() for c in checks if isinstance(c, Claim) for name in c.reads}
    numbers = [n for n in sorted(reading) if n not in device.properties or isinstance(device.properties[n], int)]
    wanted = next((n for n in numbers if _is_number(fitting, newest.kind, n)), None)
    if wanted is not None:
        state.retract(newest)
    return wanted


def number_wanted(fitting: Fitting, refusal: Refusal, written: DeviceRequest) -> str | None:
    """The property, a number that the config does not give, that a refusal is about."""
    kind = fitting.board.kinds.named(written.driver)
    if kind is None or refusal.note is None:
        return None
    for name in _read_by(kind, refusal.note):
        if name not in written.properties and _is_number(fitting, kind, name):
            return name
    return None


def _read_by(kind: TypeKind, note: int) -> list[str]:
    for check in (c for checks in kind.checks.values() for c in checks if c.note == note):
        return sorted(check.reads)
    return []


def _is_number(fitting: Fitting, kind: DeviceKind, name: str) -> bool:
    fact = kind.catalogued(name)
    domains = fitting.board.knowledge.shared["domains"]
    return fact is not None and fact[0] in domains and bool(domains[fact[0]][0][:1] == ["range"])
