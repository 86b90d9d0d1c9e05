"""The law of every proposal: a config is run as it is printed, and each of its devices has to land where the answer says.

Whoever proposes a config asks `proof` before anybody sees it, and gives no answer that fails.
"""

from __future__ import annotations

from qrules.configs import argv
from qrules.configs.options import options
from qrules.configs.rewriting import device_text, lines, rewritten
from qrules.configs.script import commands
from qrules.explain.reasons import Reason, reason
from qrules.explain.verdicts import asked_of, judge_outcome, judges
from qrules.machine.entities import Device, users_own
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board, Outcome
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Spot = tuple[object, ...]


class Proof(NamedTuple):
    """What speaks against a printed config: `reasons`, and positions of devices that are `moved`: refused, or elsewhere.

    `outcome` is what stands with the printed words; None where the machine can't be built. `advice` is what only warns.
    """

    reasons: tuple[Reason, ...]
    moved: tuple[int, ...]
    outcome: Outcome | None
    advice: tuple[Reason, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the answer may be given."""
        return self.outcome is not None and not self.reasons and not self.moved


def spot(device: Device | None) -> Spot | None:
    """Where a device stands, to compare it in two runs: bus, its maker, and address. None for nowhere."""
    bus = device.bus if device is not None else None
    if device is None or bus is None:
        return None
    maker = users_own(bus.owner)
    address = {name: value for name, value in device.address.items() if value is not None}
    return (
        maker.id or maker.kind.name if maker is not None else None,
        bus.id,
        bus.kind.name,
        bus.nth,
        repr(sorted(address.items())),
    )


def printed(board: Board, request: Request, words: Sequence[str] | None = None) -> Request:
    """The config as somebody reads it who gets its words: `words`, the command line that it came from, with its devices now.

    Without words the devices alone are written and read again. Raises `Unusable` where the words can't be read.
    """
    if words is not None:
        return argv.read(as_pasted(rewritten(words, request.devices)), board.knowledge)
    found = [option for d in request.devices for option in options(["-device", device_text(d)])]
    return request._replace(devices=tuple(argv.device(option) for option in found))


def as_pasted(words: Sequence[str]) -> list[str]:
    """The words of a command line as a shell makes them of its printed text."""
    found = commands(" ".join(lines(words)), "what is printed")
    return found[0].argv if found else []


def proof(
    board: Board,
    request: Request,
    spots: Sequence[Spot | None],
    words: Sequence[str] | None = None,
    profiles: tuple[str, ...] = (),
    later: frozenset[int] = frozenset(),
) -> Proof:
    """Runs a config as it is printed, in all `profiles` (none: all that have rules).

    `spots` say where each device is to stand. Those `later` come while the machine runs; they may be there from the start, too.
    """
    again = printed(board, request, words)
    verdict, outcome = judge_outcome(board, again, profiles)
    against = tuple(r for r in verdict.reasons if r.severity in ("reject", "unknown"))
    advice = tuple(r for r in verdict.reasons if r.severity == "warn")
    if outcome is None or len(outcome.devices) != len(spots):
        return Proof(against, (), None)
    moved = tuple(n for n, (d, at) in enumerate(zip(outcome.devices, spots, strict=True)) if d is None or spot(d) != at)
    if not later or against or moved:
        return Proof(against, moved, outcome, advice)
    return _later(board, again, spots, profiles, later, outcome)._replace(advice=advice)


def _later(
    board: Board, request: Request, spots: Sequence[Spot | None], profiles: tuple[str, ...], later: frozenset[int], whole: Outcome
) -> Proof:
    """The same config with some devices, and what hangs on them, plugged into the machine while it runs."""
    hot = set(later)
    for number, device in enumerate(whole.devices):
        maker = users_own(device.bus.owner) if device is not None and device.bus is not None else None
        if maker is not None and maker.request in hot:
            hot.add(number)
    cold = [n for n in range(len(request.devices)) if n not in hot]
    verdict, outcome = judge_outcome(board, request._replace(devices=tuple(request.devices[n] for n in cold)), profiles)
    against = [r for r in verdict.reasons if r.severity in ("reject", "unknown")]
    moved: list[int] = []
    if outcome is None:
        return Proof(tuple(against), (), None)
    for number in sorted(hot):
        device, refusals = board.hotplug(
            outcome.state, number, _as_added(request.devices[number]), judges(board.knowledge, profiles)
        )
        found = asked_of([reason(board.knowledge, r, request) for r in refusals], profiles)
        against += [r for r in found if r.severity in ("reject", "unknown")]
        if device is None or spot(device) != spots[number]:
            moved.append(number)
    return Proof(tuple(against), tuple(moved), whole)


def _as_added(device: DeviceRequest) -> DeviceRequest:
    return device._replace(json=False)
