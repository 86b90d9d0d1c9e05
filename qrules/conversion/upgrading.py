"""A config of one emulator version on another one: whether it starts there, what is gone, and what the guest would see change.

The config is judged by both versions as it stands. Where the new one refuses it, a machine that it lacks becomes the oldest
one of its family that is newer, and whatever is still refused is mended as `place.repairs` does; the result was read again and
accepted as a whole. What stands on both sides is compared device by device.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from qrules.configs.argv import read
from qrules.configs.converting import written_out
from qrules.configs.files import closed
from qrules.configs.rewriting import with_machine
from qrules.conversion.answer import Brought, Seen
from qrules.conversion.defaults import Default, changed
from qrules.conversion.showing import beside, seen_otherwise
from qrules.explain.kin import kin_of
from qrules.explain.printed import as_pasted
from qrules.explain.reasons import Reason
from qrules.explain.verdicts import Verdict, judge_outcome, placement
from qrules.knowledge.defaults import Pair, Side
from qrules.knowledge.model import Knowledge
from qrules.knowledge.vendors import versions_of
from qrules.machine.request import Request
from qrules.place.drafts import Edit
from qrules.place.repairs import repairs
from qrules.plugging.board import Board, Outcome
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from qrules.machine.entities import Device

    Will = Literal["starts", "starts-changed", "does-not-start", "unknown", "did-not-start"]

_GONE = {
    "no-such-machine": "machine", "no-such-type": "device", "not-creatable": "device", "no-such-property": "property",
    "no-such-option": "machine option", "no-such-command-option": "option", "no-such-option-value": "value", "no-such-key": "key",
    "no-such-member": "key",
}  # fmt: skip
_MARK = "deprecated"  # what a catalogue says of a machine


class Gone(NamedTuple):
    """Something of the config that the new version lacks. `successors` are names that stand for it there, the likeliest first."""

    what: str
    reason: Reason
    successors: tuple[str, ...]


class Deprecated(NamedTuple):
    """A machine on its way out. `since` is the first version asked that says so, `gone` the first that lacks it (or empty)."""

    name: str
    since: str
    gone: str


class Upgraded(NamedTuple):
    """The answer. `before` and `after` are the verdicts on the config as it is written, `machines` what its machine is there.

    `argv` is the config for the new version, accepted as a whole: the one that was asked where that starts, else with `edits`;
    empty where none was found. `seen`, `brought`, `defaults` and `notes` tell what its guest finds otherwise than before.
    `pinned` is the same config with the machine that it had, where that is still there and was accepted. `unknown_defaults`
    says whether the two machines may differ in defaults that no catalogue tells.
    """

    old: str
    new: str
    will: Will
    machines: tuple[str, str]
    before: Verdict
    after: Verdict
    gone: tuple[Gone, ...]
    refused: tuple[Reason, ...]
    argv: tuple[str, ...]
    edits: tuple[Edit, ...]
    seen: tuple[Seen, ...]
    brought: tuple[Brought, ...]
    defaults: tuple[Default, ...]
    notes: tuple[str, ...]
    unknown_defaults: bool
    deprecated: tuple[Deprecated, ...]
    pinned: tuple[str, ...]
    asked: tuple[str, ...]  # the config as it is written

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class _Config(NamedTuple):
    """A config that starts: its words, what stands, and for each device its position in the config as asked."""

    words: tuple[str, ...]
    request: Request
    outcome: Outcome
    origin: tuple[int | None, ...]
    edits: tuple[Edit, ...] = ()


def upgrade(
    old: Board,
    new: Board,
    argv: Sequence[str],
    profiles: tuple[str, ...] = (),
    others: Iterable[Knowledge] = (),
    read_file: Callable[[str], str] | None = None,
    machine: str = "",
) -> Upgraded:
    """A command line of one version on another of the same architecture; `profiles` are those that are asked (none: all).

    `others` are what is known of all versions, the oldest first: they tell since when a machine is deprecated. `read_file`
    reads the files that -readconfig names (None: they are not opened). `machine` is what the config is to be there (empty: what
    it says), and both versions may be one: then it is a machine's version alone that changes. Raises `Unusable` where the
    command line can't be read, and `TooLarge` where it is larger than the budget.
    """
    argv = written_out(argv, read_file or closed)
    moved = with_machine(argv, machine, {}) if machine else list(argv)
    asked, there = read(list(argv), old.knowledge), read(moved, new.knowledge)
    before, was = judge_outcome(old, asked, profiles)
    after, now = judge_outcome(new, there, profiles)
    fresh = [r for r in _told(new, moved, there, after, profiles) if (r.rule, r.devices, r.message) not in _known(before)]
    gone = tuple(_gone(new, asked, r) for r in fresh if r.rule in _GONE)
    left = tuple(r for r in fresh if r.rule not in _GONE)
    starts = after.verdict in ("accept", "warn")
    found = _as_it_is(moved, there, now) if starts else _mended(new, moved, asked, there, profiles)
    found = _as_asked(found, asked, machine) if found is not None and machine else found
    machines = (_name(old, asked), _name(new, found.request if found is not None else there))
    compared = _Comparing(old, new, asked, was, found) if found is not None and was is not None else None
    return Upgraded(
        old.knowledge.version,
        new.knowledge.version,
        _will(before, after, found, bool(machine)),
        machines,
        before,
        after,
        gone,
        left,
        found.words if found is not None else (),
        found.edits if found is not None else (),
        *(compared.told() if compared is not None else ((), (), (), (), False)),
        tuple(_deprecated(name, others) for name in dict.fromkeys(machines) if _is_deprecated(name, (old, new))),
        _pinned(new, argv, machines, profiles) if starts and not machine else (),
        tuple(argv),
    )


def _known(before: Verdict) -> set[tuple[str, tuple[int, ...], str]]:
    return {(r.rule, r.devices, r.message) for r in before.reasons}


def _told(new: Board, argv: Sequence[str], there: Request, after: Verdict, profiles: tuple[str, ...]) -> list[Reason]:
    """What the new version refuses; where it lacks the machine, also what it refuses on the one that stands for it."""
    found = list(after.reasons)
    successor = _successor(new.knowledge, there.machine) if new.knowledge.machine(there.machine) is None else ""
    if successor:
        again, _ = judge_outcome(new, read(with_machine(argv, successor, {}), new.knowledge), profiles)
        found += [r for r in again.reasons if r.rule not in {known.rule for known in found}]
    return [r for r in found if r.severity in ("reject", "unknown") and r.consequence_of is None]


def _will(before: Verdict, after: Verdict, found: _Config | None, moved: bool) -> Will:
    if before.verdict == "reject":
        return "did-not-start"
    if not moved and after.verdict in ("accept", "warn"):
        return "starts"
    if found is not None:
        return "starts-changed"
    return "unknown" if after.verdict == "unknown" or before.verdict == "unknown" else "does-not-start"


def _name(board: Board, request: Request) -> str:
    facts = board.knowledge.machine(request.machine)
    return facts.name if facts is not None else request.machine


# ------------------------------------------------------------------------------------- what is gone
def _gone(new: Board, asked: Request, found: Reason) -> Gone:
    what = _GONE[found.rule]
    if what == "machine":
        successor = _successor(new.knowledge, asked.machine)
        return Gone(what, found, (successor,) if successor else ())
    named = asked.devices[found.devices[0]].driver if what == "device" and found.devices else ""
    return Gone(what, found, tuple(kin_of(new.knowledge, named)) if named else ())


def _successor(knowledge: Knowledge, name: str) -> str:
    """The oldest machine of its family that is newer; empty where there is none."""
    later = versions_of(knowledge, name)
    return later[0] if later else ""


# ------------------------------------------------------------------------------------- a config that starts
def _as_it_is(argv: Sequence[str], request: Request, outcome: Outcome | None) -> _Config | None:
    return _Config(tuple(argv), request, outcome, tuple(range(len(request.devices)))) if outcome is not None else None


def _as_asked(found: _Config, asked: Request, machine: str) -> _Config:
    """The same, with what was asked to be changed among its edits."""
    return found._replace(edits=(Edit("machine", None, asked.machine, machine), *found.edits))


def _mended(new: Board, argv: Sequence[str], asked: Request, there: Request, profiles: tuple[str, ...]) -> _Config | None:
    """The config with the least that has to change; None where nothing was found that the rules accept."""
    words = list(argv)
    edits: tuple[Edit, ...] = ()
    if new.knowledge.machine(there.machine) is None:
        successor = _successor(new.knowledge, there.machine)
        if not successor:
            return None
        words = with_machine(words, successor, {})
        edits = (Edit("machine", None, asked.machine, successor),)
        there = read(words, new.knowledge)
    verdict, outcome = judge_outcome(new, read(as_pasted(words), new.knowledge), profiles)
    if verdict.verdict in ("accept", "warn") and outcome is not None:
        return _Config(tuple(words), there, outcome, tuple(range(len(there.devices))), edits)
    for repair in repairs(new, there, profiles or ("qemu",), 1, words):
        _, outcome = judge_outcome(new, repair.request, profiles)
        if outcome is not None:
            return _Config(repair.argv, repair.request, outcome, repair.origin, (*edits, *repair.edits))
    return None


def _pinned(new: Board, argv: Sequence[str], machines: tuple[str, str], profiles: tuple[str, ...]) -> tuple[str, ...]:
    """The config with its machine named as what it was; empty where that changes nothing, or is not accepted."""
    if machines[0] == machines[1] or new.knowledge.machine(machines[0]) is None:
        return ()
    words = with_machine(argv, machines[0], {})
    verdict, _ = judge_outcome(new, read(as_pasted(words), new.knowledge), profiles)
    return tuple(words) if verdict.verdict in ("accept", "warn") else ()


# ------------------------------------------------------------------------------------- what the guest finds
class _Comparing:
    """What stands on both sides, device by device."""

    def __init__(self, old: Board, new: Board, asked: Request, was: Outcome, found: _Config) -> None:
        self.old, self.new, self.asked, self.was, self.found = old, new, asked, was, found
        self.facts = [b.knowledge.machine(r.machine) for b, r in ((old, asked), (new, found.request))]

    def told(self) -> tuple[tuple[Seen, ...], tuple[Brought, ...], tuple[Default, ...], tuple[str, ...], bool]:
        """Devices elsewhere, what the boards bring, defaults, notes, and whether defaults may differ that nobody told."""
        brought = tuple(beside(self.was.state, self.found.outcome.state))
        defaults, unknown = self._defaults()
        return tuple(self._seen()), brought, defaults, tuple(dict.fromkeys(self._notes())), unknown

    def _pairs(self) -> Iterator[tuple[int, Device, Device]]:
        for at, device in enumerate(self.found.outcome.devices):
            origin = self.found.origin[at] if at < len(self.found.origin) else None
            before = self.was.devices[origin] if origin is not None and origin < len(self.was.devices) else None
            if origin is not None and before is not None and device is not None:
                yield origin, before, device

    def _seen(self) -> Iterator[Seen]:
        for origin, before, after in self._pairs():
            one, other = placement(origin, before), placement(origin, after)
            if (one.bus, one.address) != (other.bus, other.address):
                yield Seen(origin, after.kind.name, one, other)

    def _notes(self) -> Iterator[str]:
        old, new = self.was.state, self.found.outcome.state
        was, now = (
            b.family(f) if f is not None and f.family is not None else None
            for b, f in zip((self.old, self.new), self.facts, strict=True)
        )
        if was is not None and now is not None:
            yield from seen_otherwise(old.machine, new.machine, was, now, old, new)
        for _, before, after in self._pairs():
            kinds = self.old.kinds.type(before.kind.name), self.new.kinds.type(after.kind.name)
            if kinds[0] is not None and kinds[1] is not None:
                for told in seen_otherwise(before, after, kinds[0], kinds[1], old, new):
                    yield f"{after.kind.name}: {told}"

    def _defaults(self) -> tuple[tuple[Default, ...], bool]:
        """The defaults that are others, and whether there may be some that nobody tells."""
        before, after = self.facts
        if before is None or after is None:
            return (), False
        sides = Pair(Side(self.old.knowledge, before), Side(self.new.knowledge, after))
        if not sides.known:
            return (), before.name != after.name
        written = {number: device.properties for number, device in enumerate(self.asked.devices)}
        return tuple(changed(sides, (*self._pairs(), *self._brought()), written, self.found.outcome.state)), False

    def _brought(self) -> Iterator[tuple[None, Device, Device]]:
        """A device of each type that nobody wrote and both sides have."""
        old, new = (
            {d.kind.name: d for d in reversed(state.devices) if d.request is None and d.bus is not None}
            for state in (self.was.state, self.found.outcome.state)
        )
        yield from ((None, old[name], device) for name, device in new.items() if name in old)


# ------------------------------------------------------------------------------------- what is deprecated
def _is_deprecated(name: str, boards: tuple[Board, Board]) -> bool:
    return any(facts is not None and _MARK in facts.words for facts in (b.knowledge.machine(name) for b in boards))


def _deprecated(name: str, others: Iterable[Knowledge]) -> Deprecated:
    """Since when a machine is deprecated, and from when on it is no more, as far as the catalogues tell."""
    since = gone = ""
    seen = False
    for knowledge in others:
        facts = knowledge.machine(name)
        if facts is not None and _MARK in facts.words and not since:
            since = knowledge.version
        if facts is None and seen and not gone:
            gone = knowledge.version
        seen = seen or facts is not None
    return Deprecated(name, since, gone)
