"""How many more devices of a type a config takes: as it stands, with controllers added, and while it runs."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.placing import place
from qrules.place.problem import question
from qrules.place.serving import Put, more
from qrules.place.setting import Setting
from qrules.place.wants import Spare, Wants
from qrules.plugging.board import Board
from qrules.records import NamedTuple, as_dict
from qrules.solve.problem import Item
from qrules.solve.solver import room_for

MANY = 4096  # room for more is not counted
_COUNTED = 400  # devices that are put down one by one; more than these are the solver's matter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class Refused(NamedTuple):
    """The config itself does not stand, so that nothing can be added to it; or, `unknown`, nobody knows whether it does."""

    messages: tuple[str, ...]
    unknown: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def room(board: Board, request: Request, asked: str | DeviceRequest, profiles: tuple[str, ...] = ()) -> Room | Refused:
    """The room that a config has for more devices of a type, or what is wrong with the config.

    `asked` is a type that the catalogue has, by its name or an alias, or such a device with properties. `profiles` are those that
    are heeded (none: all).
    """
    found = counted_room(board, request, asked, profiles)
    return found if isinstance(found, Refused) else found.room


class Counted(NamedTuple):
    """The numbers, with the devices that were put onto the machine for them, one by one: at the start, and while it runs."""

    room: Room
    cold: list[Put]
    hot: list[Put]


def counted_room(board: Board, request: Request, asked: str | DeviceRequest, profiles: tuple[str, ...] = ()) -> Counted | Refused:
    """The same as `room`, with the devices."""
    device = DeviceRequest(asked) if isinstance(asked, str) else asked
    driver = device.driver
    verdict, outcome = judge_outcome(board, request, profiles)
    facts = board.knowledge.machine(request.machine)
    if facts is None or outcome is None or verdict.verdict == "reject":
        return Refused(tuple(r.message for r in verdict.reasons), verdict.verdict == "unknown")
    wants = Wants(spare=(Spare(driver, 1, False, device.properties),), profiles=profiles)
    one_more = request._replace(devices=(*request.devices, device))  # it may replace a default device
    setting = Setting(board, request, wants, board.build_machine(facts, one_more)[0], outcome)
    counted = _counted(setting, request, device)
    problem = question(setting, unmoved=True).problem._replace(spare=())
    index = len(request.devices)
    cold, hot = (
        frozenset(
            k for k, s in setting.sites.items() if setting.fitting.fit(index, device, s, hot=h, bare=True).position is not None
        )
        for h in (False, True)
    )
    item = Item("more", cold, driver)
    added = room_for(problem, item, ceiling=MANY) if cold else 0
    if counted is not None and len(counted.cold) < _COUNTED:
        stand = len(counted.cold)
        if added is None or added > stand:  # what bounds the number may be no matter of places
            further = Wants(spare=(Spare(driver, stand + 1, False, device.properties),), profiles=profiles)
            added = added if isinstance(place(board, request, further, 1), Placed) else stand
        more_ = max(added, stand) if added is not None else None
        return Counted(Room(driver, stand, more_, len(counted.hot), _names(counted.cold)), *counted)
    buses = [b.id for site, _ in setting.owned.values() if setting.kind_of(site) in cold for b in site.buses]
    stands = room_for(problem, item, expand=False, ceiling=MANY) if cold else 0
    running = room_for(problem, item._replace(accepts=hot, hotplug=True), expand=False, ceiling=MANY) if hot else 0
    if counted is not None:  # more than were put down; where the solver knows of fewer, nobody knows where it ends
        hot_ones = len(counted.hot)
        stands = stands if stands is None or stands >= len(counted.cold) else None
        running = hot_ones if hot_ones < _COUNTED else running if running is None or running >= hot_ones else None
        added = added if added is None or (stands is not None and added >= stands) else None
    told = Room(driver, stands, added, running, tuple(dict.fromkeys(buses)))
    return Counted(told, *(counted or ([], [])))


def _names(stand: list[Put]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(put.device.bus.id for put in stand if put.device.bus is not None))


class _Stand(NamedTuple):
    """Devices that were put onto the machine one by one, at the start and while it runs."""

    cold: list[Put]
    hot: list[Put]


def _counted(setting: Setting, request: Request, device: DeviceRequest) -> _Stand | None:
    """How many devices the machine takes as it stands; None where the device lacks something besides a place, such as a drive."""
    fitting = setting.fitting
    state, cold = _without_replaced(setting, request, device)
    index = len(request.devices)
    tried = [fitting.fit(index, device, s, bare=b).position is not None for s in setting.sites.values() for b in (False, True)]
    if any(tried) and not any(tried[::2]):
        return None
    hot: list[Put] = []
    more(fitting, state, device, False, _COUNTED - len(cold), cold)
    more(fitting, setting.written.state, device, True, _COUNTED, hot)  # what comes later takes no default's place
    return _Stand(cold, hot)


def _without_replaced(setting: Setting, request: Request, device: DeviceRequest) -> tuple[State, list[Put]]:
    """The machine without the default devices that one more device of the config takes the place of, and that device.

    The machine as it stands, and no device, where it takes nobody's place.
    """
    facts = setting.board.knowledge.machine(request.machine)
    assert facts is not None
    outcome = setting.board.run(facts, request._replace(devices=(*request.devices, device)), False)
    newest, before = outcome.devices[-1], setting.written.state
    if None in outcome.devices[:-1]:
        return before, []
    without = outcome.state.copy()
    if newest is not None:
        without.retract(newest)
    if len(without.devices) >= len(before.devices):
        return before, []
    return outcome.state, [Put(newest, None, False)] if newest is not None else []


def room_made(
    board: Board,
    request: Request,
    asked: str | DeviceRequest,
    count: int,
    hot: bool,
    profiles: tuple[str, ...] = (),
    words: Sequence[str] | None = None,
) -> Placed | Nowhere | Undecided:
    """The config with what has to be added so that there is room for `count` more of a type, or of a device with properties.

    `hot`: while it runs. `words` are the command line that the config was read from.
    """
    device = DeviceRequest(asked) if isinstance(asked, str) else asked
    spare = Spare(device.driver, count, hot, device.properties)
    return place(board, request, Wants(spare=(spare,), profiles=profiles), words=words)
