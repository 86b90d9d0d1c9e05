"""What a guest sees besides the devices of the config: the board's own devices, and what rules say of machines and devices.

Attributes whose names begin with ``guest-sees`` are texts about what a guest finds of a device or machine, besides its places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from qrules.conversion.answer import Brought
from qrules.conversion.target import roles
from qrules.explain.verdicts import placement
from qrules.linked.described import Described
from qrules.linked.families import Family
from qrules.machine.entities import Device, Entity, users_own
from qrules.machine.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Key: TypeAlias = tuple[str, str, str]

_SEES = "guest-sees"
BOARD = "the board"


def place_text(device: Device) -> str:
    """``e1000 on pci.0, addr=03.0``."""
    placed = placement(None, device)
    if placed.bus is None:
        return device.kind.name
    return ", ".join((f"{device.kind.name} on {placed.bus}", *(f"{n}={v}" for n, v in placed.address.items())))


def of_the_board(old: State, new: State) -> Iterable[Brought]:
    """The devices of the boards that the other one has not, or has elsewhere, but for those of roles and options."""
    before, after = _own(old), _own(new)
    gone, come = _only(before, after), _only(after, before)
    if gone or come:
        yield Brought(BOARD, gone, come)


def beside(old: State, new: State) -> Iterable[Brought]:
    """The devices that nobody wrote and the other side has not, or has elsewhere, whoever brings them."""
    before, after = ([d for d in state.devices if d.bus is not None and d.request is None] for state in (old, new))
    gone, come = _only(before, after), _only(after, before)
    if gone or come:
        yield Brought(BOARD, gone, come)


def _own(state: State) -> list[Device]:
    known = roles(state)
    return [d for d in state.devices if d.bus is not None and _is_own(d, known)]


def _is_own(device: Device, known: dict[int, str]) -> bool:
    """Whether the board itself brings a device, or a device that the board brings."""
    top: Device | None = device
    while top is not None:
        if top.request is not None or top.wish is not None or top.where is not None or top.origin in known:
            return False
        top = top.creator
    return True


def _key(device: Device) -> Key:
    """What a guest tells a device by: its type and address, and the type of what it hangs on, below the board's roots."""
    bus = device.bus
    maker = bus.owner if bus is not None and isinstance(bus.owner, Device) else None
    below = device.address and maker is not None and maker.bus is not None and maker.bus.parent is not None
    return device.kind.name, repr(sorted(device.address.items())), maker.kind.name if below and maker is not None else ""


def _only(devices: Sequence[Device], others: Sequence[Device]) -> tuple[str, ...]:
    """Those that the others lack, alike ones together."""
    left = Counter(_key(d) for d in others)
    found: Counter[str] = Counter()
    for device in devices:
        key = _key(device)
        if left[key]:
            left[key] -= 1
        else:
            found[place_text(device)] += 1
    return tuple(text if count == 1 else f"{count} {text}" for text, count in found.items())


def come_along(state: State) -> dict[int, Counter[str]]:
    """The types of what users' devices bring, with an address of its own, by the position of the device."""
    found: dict[int, Counter[str]] = {}
    for device in state.devices:
        maker = users_own(device.creator)
        if maker is not None and maker.request is not None and device.address:
            found.setdefault(maker.request, Counter())[device.kind.name] += 1
    return found


def other_company(was: Counter[str], now: Counter[str]) -> Iterable[str]:
    """What comes along with a device on one machine alone."""
    gone, come = was - now, now - was
    if gone:
        yield f"{', '.join(gone)} came with it before"
    if come:
        yield f"{', '.join(come)} comes with it now"


# ------------------------------------------------------------------------------------- what rules say
def seen_otherwise(before: Entity, after: Entity, was: Described, now: Described, old: State, new: State) -> Iterable[str]:
    """What a guest sees of something otherwise than before. `was` and `now` are its kinds, `old` and `new` the states."""
    later = set(_names(now))
    for name in dict.fromkeys(n for n in _names(was) if n in later):
        then, here = before.get(name, old), after.get(name, new)
        if then != here and isinstance(then, str) and isinstance(here, str):
            yield f"{here} now, {then} before"


def _names(kind: Described) -> Iterable[str]:
    own = [kind.piece] if isinstance(kind, Family) else []
    for described in (*own, *(kind.knowledge.shared["kinds"][k] for k in kind.telling)):
        yield from (name for name in described.get("attributes", ()) if name.startswith(_SEES))
