"""Why a device does not stand at another place: the rule against it, who has it, or what it would cost to have it there."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.diagnostics import did_you_mean, unusable
from qrules.explain.verdicts import judge_outcome
from qrules.machine.entities import Bus, Device, users_own
from qrules.numerals import whole_number
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.fitting import without_address
from qrules.place.placing import place
from qrules.place.sites import main_dimension
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.explain.reasons import Reason
    from qrules.machine.request import DeviceRequest, Request
    from qrules.place.wants import Wants
    from qrules.plugging.board import Board, Outcome


class Elsewhere(NamedTuple):
    """What became of a device (its position in the config as asked) at another place.

    `reasons` speak against it where it stands now in the placed config; `holder` has the place. `stands` is the bus and address
    that it has, None where the config has no placement. `instead` is the config placed with the device written to be there.
    """

    device: int
    bus: str
    address: str
    reasons: tuple[Reason, ...]
    holder: Device | None
    stands: tuple[str, str] | None
    instead: Placed | Nowhere | Undecided | None

    @property
    def there(self) -> bool:
        """Whether that is where it stands."""
        return self.stands is not None and self.holder is None and self.stands == (self.bus, self.address)


def elsewhere(
    board: Board,
    request: Request,
    wants: Wants,
    answer: Placed | Nowhere | Undecided,
    there: str,
    words: Sequence[str] | None = None,
) -> Elsewhere:
    """What speaks against a place that is asked for: ``[DEVICE@]BUS[:ADDRESS]`` or ``[DEVICE@]ADDRESS``.

    `answer` is what `place` says of the config, `words` the command line that it was read from. Raises `Unusable` where no such
    device or bus is there.
    """
    base = answer.request if isinstance(answer, Placed) else request
    origin = answer.origin if isinstance(answer, Placed) else tuple(range(len(request.devices)))
    _, outcome = judge_outcome(board, base, wants.profiles)
    if outcome is None:
        raise unusable("QR445", f"{request.machine} can't be built, so that nothing has a place on it", "--why-not")
    index, rest = _device(request, there)
    at = origin.index(index)
    stands = outcome.devices[at]
    bus, text = _place(outcome, stands, rest)
    moved = _moved(base.devices[at], bus, text)
    tried, after = judge_outcome(board, _with(base, at, moved), wants.profiles)
    before, _ = judge_outcome(board, base, wants.profiles)
    known = {(r.rule, r.message) for r in before.reasons}
    reasons = tuple(r for r in tried.reasons if r.devices[:1] == (at,) and (r.rule, r.message) not in known)
    lands = after.devices[at] if after is not None else None
    address = outcome.state.shown_address(lands) if lands is not None and text else text
    holder = next((d for d in outcome.state.children[bus.number] if address and _shown(outcome, d) == address), None)
    here = (stands.bus.id, _shown(outcome, stands)) if stands is not None and stands.bus is not None else None
    if not isinstance(answer, Placed):
        here = None
    if holder is stands and holder is not None:
        return Elsewhere(index, bus.id, address, (), None, here, None)
    instead = None
    machines = holder is not None and holder.request is None
    ours = holder is not None and holder.request is not None
    if here is not None and not machines and (ours or not any(r.severity == "reject" for r in reasons)):
        instead = _instead(board, request, wants, answer, index, bus, text, words)
    return Elsewhere(index, bus.id, address, reasons, holder, here, instead)


def _shown(outcome: Outcome, device: Device) -> str:
    return outcome.state.shown_address(device)


def _instead(
    board: Board,
    request: Request,
    wants: Wants,
    answer: Placed | Nowhere | Undecided,
    index: int,
    bus: Bus,
    text: str,
    words: Sequence[str] | None,
) -> Placed | Nowhere | Undecided | None:
    """The config as asked, placed with the device there; None where the place is one of a controller that was added."""
    maker = users_own(bus.owner)
    if maker is not None and isinstance(answer, Placed) and maker.request in answer.added:
        return None
    return place(board, _with(request, index, _moved(request.devices[index], bus, text)), wants, 1, words)


def _with(request: Request, at: int, device: DeviceRequest) -> Request:
    return request._replace(devices=(*request.devices[:at], device, *request.devices[at + 1 :]))


def _moved(device: DeviceRequest, bus: Bus, text: str) -> DeviceRequest:
    """A device as one writes it that is to stand at a place."""
    scheme, dimension = bus.kind.scheme, main_dimension(bus)
    given = without_address(device, bus.kind)
    if text and scheme is not None and dimension is not None:
        parts = text.split(":")
        if scheme.written:
            given[scheme.property] = text
        elif len(parts) == len(scheme.names):
            given.update(zip(scheme.names, parts, strict=True))
        else:
            given[dimension.name] = text
    return device._replace(bus=bus.id, properties=given)


# ------------------------------------------------------------------------------------- what is meant
def _device(request: Request, there: str) -> tuple[int, str]:
    """The device that is meant, and the rest of what was asked. Ids of buses may have an @ in them, too."""
    devices = request.devices
    if not devices:
        raise unusable("QR445", "the config has no device that could stand anywhere", "--why-not")
    name, sign, rest = there.partition("@")
    if sign:
        found = [i for i, d in enumerate(devices) if d.id == name]
        number = whole_number(name) or 0
        found = found or ([number - 1] if 0 < number <= len(devices) else [])
        found = found or [i for i, d in enumerate(devices) if d.driver == name]
        if len(found) == 1 or (
            found and len({(d.driver, d.bus, repr(d.properties)) for d in map(devices.__getitem__, found)}) == 1
        ):
            return found[0], rest
        if found:
            hint = "say which, by id or by position from 1: " + ", ".join(f"{i + 1}@{rest}" for i in found[:3])
            raise unusable("QR445", f"{len(found)} devices are a {name}", there, hint=hint)
    if len(devices) == 1:
        return 0, there
    known = {*(d.id for d in devices if d.id), *(d.driver for d in devices)}
    hint = did_you_mean(name, known) if sign else ""
    raise unusable(
        "QR445",
        "no device is named that could stand there",
        there,
        expected="DEVICE@BUS:ADDRESS, DEVICE an id, a type or a position",
        hint=hint,
    )


def _place(outcome: Outcome, stands: Device | None, text: str) -> tuple[Bus, str]:
    """The bus and the address, as text; a bare address is one of the bus where the device stands."""
    named = outcome.state.by_name
    bus, sign, address = text.partition(":")
    if text in named:
        return named[text][0], ""
    if sign and bus in named:
        return named[bus][0], address
    if stands is not None and stands.bus is not None and text and (not sign or bus.isalnum()) and text[:1] in "0123456789abcdef":
        return stands.bus, text
    hint = did_you_mean(bus, named) or "the buses are " + ", ".join(list(named)[:12])
    raise unusable(
        "QR445", f"there is no bus '{bus}' in the placed config", text, expected="BUS:ADDRESS, or an address", hint=hint
    )
