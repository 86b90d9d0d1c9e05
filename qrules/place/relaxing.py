"""A placed config with no more of it changed than has to be: devices as the user wrote them, wherever that is accepted too."""

from __future__ import annotations

from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import DeviceRequest, Request
from qrules.machine.state import State
from qrules.place.answer import Placed
from qrules.place.pinning import pinned
from qrules.plugging.board import Board

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Relaxing:
    """`asked` is the config that was placed. `spent` is told how many devices each look at the rules plugs."""

    def __init__(self, board: Board, asked: Request, profiles: tuple[str, ...], spent: Callable[[int], bool]) -> None:
        self.board, self.asked, self.profiles, self.spent = board, asked, profiles, spent

    def relaxed(self, placed: Placed) -> Request:
        """First all those that land where they landed; of the others the last first, since others may hang on the first."""
        request, origin = placed.request, placed.origin
        movable = [
            at
            for at in reversed(range(len(origin)))
            if (index := origin[at]) is not None and request.devices[at] != self.asked.devices[index]
        ]
        steady = [at for at in movable if self._lands_alike(placed, at)]
        request = self._as_written(request, origin, steady)
        return self._as_written(request, origin, [at for at in movable if at not in set(steady)])

    def _lands_alike(self, placed: Placed, at: int) -> bool:
        """Whether a device stands where it would land as written."""
        asked, setting = placed.origin[at], placed.setting
        stands = setting.written.devices[asked] if setting is not None and asked is not None else None
        if setting is None or asked is None or stands is None:
            return False
        return pinned(setting.request.devices[asked], stands, setting.written.state) == placed.request.devices[at]

    def _as_written(self, request: Request, origin: tuple[int | None, ...], positions: list[int]) -> Request:
        """The config with as many of these devices as written as the rules accept; halves are tried where all are too many."""
        if not positions or not self.spent(len(request.devices)):
            return request
        devices = list(request.devices)
        for at in positions:
            index = origin[at]
            assert index is not None
            devices[at] = self.asked.devices[index]
        tried = request._replace(devices=tuple(devices))
        verdict, _ = judge_outcome(self.board, tried, self.profiles)
        if verdict.verdict in ("accept", "warn"):
            return tried
        if len(positions) == 1:
            return request
        half = len(positions) // 2
        return self._as_written(self._as_written(request, origin, positions[:half]), origin, positions[half:])


def leaving(asked: Request, base: State | None, devices: Sequence[DeviceRequest], origin: Sequence[int | None]) -> int:
    """How many devices have another bus than the one that was written and is there, by `base` or a device of the config."""
    written = [(asked.devices[o].bus, d.bus) for d, o in zip(devices, origin, strict=True) if o is not None]
    standing = base.by_name if base is not None else {}
    ids = {d.id for d in asked.devices}
    there = ((was, now) for was, now in written if was is not None and (was in standing or was.split(".")[0] in ids))
    return sum(was != now for was, now in there)
