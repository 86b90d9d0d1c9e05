"""How many more devices of a type a config takes: as it stands, with controllers added, and while it runs."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.explain.reasons import Reason
from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.placing import place
from qrules.place.problem import Asking
from qrules.place.serving import Put, lacking, more
from qrules.place.setting import Setting
from qrules.place.wants import Spare, Wants
from qrules.plugging.board import Board
from qrules.records import NamedTuple, as_dict
from qrules.solve.problem import Item
from qrules.solve.solver import room_for

MANY = 4096  # room for more is not counted
_COUNTED = 400  # devices that are put down one by one; more than these are the solver's matter
_TRIED = 256  # devices on no bus that are put down one by one; more are not counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Room(NamedTuple):
    """Numbers of further devices of a type; None for `MANY` or more, or for `least` at the least, where that is given.

    `cold`: nothing moved, nothing added. `added`: with controllers added as rules allow. `hot`: while the machine runs,
    nothing added. `buses` are those with room as it stands. `in_all` are the numbers without what guidelines say, where these
    make one of them 0. `lacking` is what such a device lacks besides a place: not one starts as it is written, and the numbers
    are those of the places (guidelines are not asked). `reasons` tell why none starts, or what the guidelines say.
    """

    type: str
    cold: int | None
    added: int | None
    hot: int | None
    buses: tuple[str, ...]
    least: int | None = None
    in_all: Room | None = None
    lacking: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()

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
    verdict, outcome = judge_outcome(board, request, profiles)
    facts = board.knowledge.machine(request.machine)
    if facts is None or outcome is None or verdict.verdict == "reject":
        return Refused(tuple(r.message for r in verdict.reasons), verdict.verdict == "unknown")
    wants = Wants(spare=(Spare(device.driver, 1, False, device.properties),), profiles=profiles)
    one_more = request._replace(devices=(*request.devices, device))  # it may replace a default device
    setting = Setting(board, request, wants, board.build_machine(facts, one_more)[0], outcome)
    told: dict[str, Reason] = {}
    stand = _counted(setting, request, device, told)
    if setting.needs_bus(device.driver):
        found = _on_buses(setting, device, stand)
    else:
        found = _without_bus(setting, device, stand or _Stand([], []), told)
    advice = tuple(r for r in told.values() if r.severity == "warn")
    if advice and 0 in found.room[1:4]:
        return found._replace(room=_with_all(board, request, device, profiles, found.room, advice))
    if found.room.cold == 0 and found.room.added == 0 and not found.room.reasons:
        return found._replace(room=found.room._replace(reasons=tuple(told.values())))
    return found


def _with_all(
    board: Board, request: Request, device: DeviceRequest, profiles: tuple[str, ...], found: Room, advice: tuple[Reason, ...]
) -> Room:
    """The room, with how much of it there is where guidelines are not heeded, if they take all of it away somewhere."""
    shared = board.knowledge.shared
    known = dict.fromkeys((*shared["deciding"], *(profiles or shared["profiles"])))
    whole = room(board, request, device, tuple(p for p in known if not board.knowledge.is_advice(p)))
    if isinstance(whole, Refused):
        return found
    taken = (found.cold == 0 != whole.cold, found.added == 0 != whole.added, found.hot == 0 != whole.hot)
    return found._replace(in_all=whole._replace(reasons=()), reasons=advice) if any(taken) else found


def _without_bus(setting: Setting, device: DeviceRequest, stand: _Stand, told: dict[str, Reason]) -> Counted:
    """The numbers for a type that stands on no bus: so many as the whole config is accepted with, put down one by one."""
    least, reasons = 0, tuple(told.values())
    most = len(stand.cold)
    while least < most:  # what refuses the whole, refuses more of them, too
        count = most if least == 0 and most == len(stand.cold) else (least + most + 1) // 2
        further = (device._replace(id=None),) * count
        request = setting.request._replace(devices=(*setting.request.devices, *further))
        verdict = judge_outcome(setting.board, request, setting.wants.profiles)[0]
        if verdict.verdict in ("accept", "warn"):
            least = count
        else:
            most, reasons = count - 1, verdict.reasons
    cold, hot = (None if n >= _TRIED else n for n in (least, len(stand.hot)))
    bound = _TRIED if cold is None or hot is None else None
    found = Room(device.driver, cold, cold, hot, (), bound, reasons=reasons if cold == 0 else ())
    return Counted(found, stand.cold[:least], stand.hot)


def _on_buses(setting: Setting, device: DeviceRequest, counted: _Stand | None) -> Counted:
    """The numbers for a type that stands on a bus: put down one by one, and of many, and what could be added, the solver's."""
    board, request, driver, profiles = setting.board, setting.request, device.driver, setting.wants.profiles
    problem = Asking(setting, unmoved=True).question().problem._replace(spare=())
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
            added = added if isinstance(place(board, request, further, 1, reasons=False), Placed) else stand
        more_ = max(added, stand) if added is not None else None
        return Counted(Room(driver, stand, more_, len(counted.hot), _names(counted.cold)), *counted)
    buses = [b.id for site, _ in setting.owned.values() if setting.kind_of(site) in cold for b in site.buses]
    stands = room_for(problem, item, expand=False, ceiling=MANY) if cold else 0
    running = room_for(problem, item._replace(accepts=hot, hotplug=True), expand=False, ceiling=MANY) if hot else 0
    lacks = lacking(setting, device) if counted is None else ()
    if lacks and stands is None:  # no number of places bounds it, and not one was seen to start
        return Counted(Room(driver, 0, 0, 0, (), reasons=lacks), [], [])
    least = None
    if counted is not None:  # more than were put down; where the solver knows of fewer, nobody knows where it ends
        hot_ones = len(counted.hot)
        least = _COUNTED if stands is not None and stands < len(counted.cold) else None
        stands = stands if stands is None or stands >= len(counted.cold) else None
        running = hot_ones if hot_ones < _COUNTED else running if running is None or running >= hot_ones else None
        added = added if added is None or (stands is not None and added >= stands) else None
    told = Room(driver, stands, added, running, tuple(dict.fromkeys(buses)), least, lacking=lacks)
    return Counted(told, *(counted or ([], [])))


def _names(stand: list[Put]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(put.device.bus.id for put in stand if put.device.bus is not None))


class _Stand(NamedTuple):
    """Devices that were put onto the machine one by one, at the start and while it runs."""

    cold: list[Put]
    hot: list[Put]


def _counted(setting: Setting, request: Request, device: DeviceRequest, told: dict[str, Reason]) -> _Stand | None:
    """How many devices the machine takes as it stands; None where the device lacks something besides a place, such as a drive.

    `told` gets what was said against one more at the start.
    """
    fitting = setting.fitting
    state, cold = _without_replaced(setting, request, device)
    index = len(request.devices)
    tried = [fitting.fit(index, device, s, bare=b).position is not None for s in setting.sites.values() for b in (False, True)]
    if any(tried) and not any(tried[::2]):
        return None
    hot: list[Put] = []
    most = _COUNTED if setting.needs_bus(device.driver) else _TRIED
    more(fitting, state, device, False, most - len(cold), cold, told)
    more(fitting, setting.written.state, device, True, most, hot)  # what comes later takes no default's place
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
