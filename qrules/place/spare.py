"""How many more devices of a type a config takes: as it stands, with controllers added, and while it runs."""

from __future__ import annotations

from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import DeviceRequest, Request
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.placing import place
from qrules.place.problem import question
from qrules.place.setting import Setting
from qrules.place.wants import Spare, Wants
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.solve.problem import Item
from qrules.solve.solver import room_for

MANY = 4096  # room for more is not counted


class Room(NamedTuple):
    """Numbers of further devices of a type; None for `MANY` or more.

    `cold`: nothing moved, nothing added. `added`: with controllers added as rules allow. `hot`: while the machine runs,
    nothing added. `buses` are those with room as it stands.
    """

    type: str
    cold: int | None
    added: int | None
    hot: int | None
    buses: tuple[str, ...]


class Refused(NamedTuple):
    """The config itself does not stand, so that nothing can be added to it."""

    messages: tuple[str, ...]


def room(board: Board, request: Request, driver: str, profiles: tuple[str, ...] = ()) -> Room | Refused:
    """The room that a config has for more devices of a type, or what is wrong with the config.

    `driver` is a type that the catalogue has, by its name or an alias. `profiles` are those that are heeded (none: all).
    """
    verdict, outcome = judge_outcome(board, request, profiles)
    facts = board.knowledge.machine(request.machine)
    if facts is None or outcome is None or verdict.verdict == "reject":
        return Refused(tuple(r.message for r in verdict.reasons))
    wants = Wants(spare=(Spare(driver, 1),), profiles=profiles)
    one_more = request._replace(devices=(*request.devices, DeviceRequest(driver)))  # it may replace a default device
    setting = Setting(board, request, wants, board.build_machine(facts, one_more)[0], outcome)
    problem = question(setting, unmoved=True).problem._replace(spare=())
    index, device = len(request.devices), DeviceRequest(driver)
    cold, hot = (
        frozenset(
            k for k, s in setting.sites.items() if setting.fitting.fit(index, device, s, hot=h, bare=True).position is not None
        )
        for h in (False, True)
    )
    item = Item("more", cold, driver)
    buses = [b.id for site, _ in setting.owned.values() if setting.kind_of(site) in cold for b in site.buses]
    return Room(
        driver,
        room_for(problem, item, expand=False, ceiling=MANY) if cold else 0,
        room_for(problem, item, ceiling=MANY) if cold else 0,
        room_for(problem, item._replace(accepts=hot, hotplug=True), expand=False, ceiling=MANY) if hot else 0,
        tuple(dict.fromkeys(buses)),
    )


def room_made(
    board: Board, request: Request, driver: str, count: int, hot: bool, profiles: tuple[str, ...] = ()
) -> Placed | Nowhere | Undecided:
    """The config with what has to be added so that there is room for `count` more of a type (`hot`: while it runs)."""
    return place(board, request, Wants(spare=(Spare(driver, count, hot),), profiles=profiles))
