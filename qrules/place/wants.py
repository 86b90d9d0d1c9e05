"""What is asked besides the config itself."""

from __future__ import annotations

from qrules.records import NamedTuple


class Wants(NamedTuple):
    """Positions are those of the request's devices.

    `hotplug`: devices that are to come while the machine runs, so that their places have to take that. `apart` and
    `together`: groups of devices that want buses of their own, or one bus. `spare`: for a device type, so many places to
    be left over (`hot`: that take it while the machine runs). `profiles`: those that are heeded (none: all).
    """

    hotplug: frozenset[int] = frozenset()
    apart: tuple[tuple[int, ...], ...] = ()
    together: tuple[tuple[int, ...], ...] = ()
    spare: tuple[Spare, ...] = ()
    profiles: tuple[str, ...] = ()


class Spare(NamedTuple):
    """Places to be left over for devices of a type."""

    type: str
    places: int
    hot: bool = False
