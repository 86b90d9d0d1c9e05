"""The true reason of a no: which devices can stand nowhere at all, and which only stand in one another's way."""

from __future__ import annotations

from qrules.explain.reasons import Reason, reason
from qrules.explain.verdicts import judge_outcome
from qrules.machine.request import Request
from qrules.place.answer import Nowhere
from qrules.place.problem import Struck
from qrules.place.setting import Setting
from qrules.place.stepwise import step_by_step
from qrules.place.wants import Wants
from qrules.plugging.blame import named_after
from qrules.solve.answers import Conflict, Correction, Infeasible, Part
from qrules.solve.problem import COSTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_GIVEN = ("reading", "properties", "type", "options", "pre-plug", "realize")  # phases that look at what a device is given
_MOST = 24  # devices that are tried one by one: more are told as they were found


def in_own_words(found: Nowhere, reasons: tuple[Reason, ...]) -> Nowhere:
    """The same no, where a device that the config as written refuses for what it is given is told that reason.

    Alone it may lack another device that the config has.
    """
    known = {reason.rule for reason in reasons}
    struck = []
    for one in found.struck:
        own = tuple(r for r in reasons if r.devices[:1] == (one.device,) and r.severity == "reject" and r.phase in _GIVEN)
        strange = bool(one.reasons) and known.isdisjoint(r.rule for r in one.reasons)
        struck.append(one._replace(reasons=own) if own and strange else one)
    return found._replace(struck=tuple(struck))


def told_apart(setting: Setting, found: Nowhere) -> Nowhere:
    """The same no, where a device counts as impossible only if it has no place alone; the others are in conflict."""
    request, fitting = setting.request, setting.fitting
    alike: dict[tuple[object, ...], list[Struck]] = {}
    for struck in found.struck:
        device = request.devices[struck.device]
        alike.setdefault((fitting.nature(device), repr(sorted(device.properties.items()))), []).append(struck)
    if not alike or len(alike) > _MOST:
        return found
    alone: list[Struck] = []
    conflicts: list[Conflict] = []
    reasons: list[Reason] = []
    for group in alike.values():
        members = [struck.device for struck in group]
        if setting.wants.hotplug.intersection(members) or not _fit(setting, members[:1]):
            alone += group
            continue
        conflict = _among(setting, members) or _with_others(setting, members[0])
        if conflict is None:
            alone += group
            continue
        if not _has_part(setting, members[0], conflict):
            continue  # others clash whether it is there or not
        conflicts.append(conflict)
        reasons += _as_written(setting, members) or group[0].reasons[:1]
    if not conflicts:
        return found
    told = found.found
    known = told.conflicts if told is not None else ()
    undone = tuple(_correction(c) for c in conflicts) if not alone and not known and len(conflicts) == 1 else ()
    infeasible = Infeasible((*conflicts, *known), told.corrections if told is not None else undone, False)
    return Nowhere((*found.reasons, *reasons), tuple(alone), infeasible, setting)


def refused_together(setting: Setting, failed: Sequence[int]) -> Nowhere | None:
    """A no where the device that found no place fails to stand even beside those that are like it, and nothing else.

    None where it would: then nobody knows.
    """
    fitting, devices = setting.fitting, setting.request.devices
    for index in failed:
        nature, written = fitting.nature(devices[index]), devices[index].properties
        alike = [n for n, device in enumerate(devices) if fitting.nature(device) == nature]
        same = [n for n in alike if devices[n].properties == written]  # a number that only one may have, say
        members = same if len(same) > 1 else alike
        if setting.wants.hotplug.intersection(members) or len(members) < 2 or not _fit(setting, members[:1]):
            continue
        conflict = _among(setting, members)
        if conflict is not None and conflict.parts[0].number == 2:
            only = Infeasible((conflict,), (_correction(conflict),), False)
            return Nowhere(tuple(_as_written(setting, members)), (), only, setting)
    return None


def _as_written(setting: Setting, members: Sequence[int]) -> list[Reason]:
    """What the config as it is written is refused for on account of these devices: the first reason."""
    refusals = [r for r in setting.written.refusals if r.device in members and r.consequence_of is None]
    found = [reason(setting.board.knowledge, r, setting.request) for r in refusals]
    return [r for r in found if r.severity == "reject"][:1]


def _has_part(setting: Setting, member: int, conflict: Conflict) -> bool:
    """Whether the others of a conflict would fit without a device."""
    others = [int(name) for part in conflict.parts for name in part.names if int(name) != member]
    return len(conflict.parts) == 1 or _fit(setting, others)


def _correction(conflict: Conflict) -> Correction:
    """What competes is left out until the rest fits: of devices that are alike all but so many, of others the last."""
    last = conflict.parts[-1]
    part = last._replace(number=len(last.names) - last.number + 1)
    return Correction((part,), COSTS["item"], False)


def _among(setting: Setting, members: list[int]) -> Conflict | None:
    """How many devices that are alike are too many, where they compete with one another alone."""
    for count in range(2, min(len(members), _MOST) + 1):
        if not _fit(setting, members[:count]):
            names = tuple(str(n) for n in members)
            return Conflict((Part("item", names, count),), (), 0, False, True)
    return None


def _with_others(setting: Setting, member: int) -> Conflict | None:
    """What a device competes with: every device that can go without making room for it is left out."""
    kept = list(range(len(setting.request.devices)))
    if len(kept) > _MOST:
        return None
    for n in reversed(range(len(kept))):
        fewer = [k for k in kept if k != n]
        if n != member and not _fit(setting, fewer):
            kept = fewer
    if len(kept) < 2 or _fit(setting, kept):
        return None
    return Conflict(tuple(Part("item", (str(n),), 1) for n in kept), (), 0, False, True)


def _fit(setting: Setting, members: Sequence[int]) -> bool:
    """Whether these devices have places, with those whose buses they name and without all others."""
    request = _only(setting.request, members)
    laid_out = _laid_out(setting, request)
    return laid_out is not None and step_by_step(laid_out) is not None


def _laid_out(setting: Setting, request: Request) -> Setting | None:
    """Another config of the same machine, with the same profiles; advice is heeded where it was."""
    board, wants = setting.board, Wants(profiles=setting.wants.profiles)
    facts = board.knowledge.machine(request.machine)
    _, outcome = judge_outcome(board, request, wants.profiles)
    if facts is None or outcome is None:
        return None
    lenient = frozenset(range(len(request.devices) + 2)) if setting.fitting.lenient else frozenset()
    return Setting(board, request, wants, board.build_machine(facts, request)[0], outcome, lenient)


def _only(request: Request, members: Sequence[int]) -> Request:
    wanted = set(members)
    grown = True
    while grown:
        named = {request.devices[n].bus for n in wanted} - {None}
        makers = {
            n for n, d in enumerate(request.devices) if d.id and any(b and (b == d.id or named_after(b, d.id)) for b in named)
        }
        grown = not makers <= wanted
        wanted |= makers
    return request._replace(devices=tuple(request.devices[n] for n in sorted(wanted)))
