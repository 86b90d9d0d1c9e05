"""Wishes that no machine could serve, whatever stands where: these are found before the solver is asked."""

from __future__ import annotations

from qrules.explain.reasons import Reason
from qrules.place.answer import Nowhere
from qrules.place.nodes import node_where
from qrules.place.serving import lacking as lacking_besides
from qrules.place.serving import more
from qrules.place.setting import Setting
from qrules.place.sites import functions
from qrules.solve.answers import Conflict, Correction, Infeasible, Part
from qrules.solve.problem import COSTS


def unserved(setting: Setting) -> Nowhere | None:
    """The no of such a wish, the first that is found; None where there is none."""
    return _too_many(setting) or _strangers(setting) or _without_node(setting) or _on_one_bus(setting) or _without_slot(setting)


def _too_many(setting: Setting) -> Nowhere | None:
    """Room that is wanted for devices of which none starts as it is written, or for more on no bus than the machine takes."""
    for want in setting.wants.spare:
        told: dict[str, Reason] = {}
        lacks = {r.rule for r in lacking_besides(setting, want.device)}
        if setting.needs_bus(want.type) and not lacks:
            continue
        stand = more(setting.fitting, setting.written.state, want.device, want.hot, want.places, None, told)
        against = tuple(r for r in told.values() if not lacks or r.rule in lacks)  # else it found no place to be asked in
        if stand < want.places and (against or not lacks) and not (lacks and stand):
            return Nowhere(against, (), None, setting)
    return None


def _strangers(setting: Setting) -> Nowhere | None:
    """Devices that are wanted on one bus and plug into buses of different kinds: that wish is in conflict with them."""
    named = setting.board.kinds.named
    for name, group in setting.together.items():
        by_kind: dict[str | None, int] = {}
        for index in group:
            kind = named(setting.request.devices[index].driver)
            by_kind.setdefault(kind.bus_kind if kind is not None else None, index)
        if len(by_kind) > 1:
            return _against(setting, sorted(by_kind.values())[:2], Part("together", (name,), 1))
    return None


def _without_node(setting: Setting) -> Nowhere | None:
    """A device that is wanted on a NUMA node, and whose buses have no places and are all of others: that wish can't be served."""
    for index, node in setting.wants.nodes.items():
        bus_kind = _unnumbered(setting, index)
        if bus_kind is None:
            continue
        own = [s for s in setting.owned.values() if bus_kind in s.site.buses[0].kinds]
        offered = [site for sites in setting.offers.values() for site in sites if bus_kind in site.buses[0].kinds]
        if not offered and node not in {node_where(s, setting.request, setting.written) for s in own}:
            return _against(setting, [index], Part("node", (str(index),), 1))
    return None


def _on_one_bus(setting: Setting) -> Nowhere | None:
    """Devices that are wanted apart, on buses without places, of which there are fewer than devices."""
    for name, group in setting.apart.items():
        by_kind: dict[str, list[int]] = {}
        for index in group:
            bus_kind = _unnumbered(setting, index)
            if bus_kind:
                by_kind.setdefault(bus_kind, []).append(index)
        for bus_kind, members in by_kind.items():
            buses = sum(bus_kind in bus.kinds for bus in setting.written.state.buses)
            offered = any(bus_kind in site.buses[0].kinds for sites in setting.offers.values() for site in sites)
            if len(members) > buses and not offered:
                return _against(setting, members[: buses + 1], Part("apart", (name,), 1))
    return None


def _without_slot(setting: Setting) -> Nowhere | None:
    """Functions of one slot are wanted of devices whose places are for one alone, or of more devices than share a place."""
    for name, group in setting.functions.items():
        sharing = {index: _sharing(setting, index) for index in group}
        most = max(sharing.values(), default=0)
        if 1 < most < len(group):
            return _against(setting, [*group[: most + 1]], Part("together", (name,), 1))
        strange = [index for index, number in sharing.items() if number < 2]
        if strange and len(group) > 1:
            others = [index for index in group if index not in strange]
            return _against(setting, [*strange, *others][:2], Part("together", (name,), 1))
    return None


def _sharing(setting: Setting, index: int) -> int:
    """How many can share a place on the buses that a device may go onto, at most."""
    kind = setting.board.kinds.named(setting.request.devices[index].driver)
    if kind is None or kind.bus_kind is None or not setting.numbered(kind.bus_kind):
        return 1
    return max((functions(site.buses[0], site.home) for site in setting.sites_for(kind.bus_kind)), default=1)


def _unnumbered(setting: Setting, index: int) -> str | None:
    """The kind of bus without places that a device goes onto; an empty text for a device on no bus, None for one with places."""
    kind = setting.board.kinds.named(setting.request.devices[index].driver)
    if kind is None or (kind.bus_kind is not None and setting.numbered(kind.bus_kind)):
        return None
    return kind.bus_kind or ""


def _against(setting: Setting, members: list[int], wish: Part) -> Nowhere:
    """The no of a wish that is in conflict with devices, and with nothing else."""
    conflict = Conflict((*(Part("item", (str(n),), 1) for n in members), wish), (), 0, False, True)
    return Nowhere((), (), Infeasible((conflict,), (Correction((wish,), COSTS[wish.what], False),), False), setting)
