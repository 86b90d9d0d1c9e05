"""Rules and claims, whose expressions become closures when they are first tested.

`CompiledRule` and `CompiledClaim` name the places of the lists that `qrules.knowledge.clauses` writes.
"""

from __future__ import annotations

from qrules.linked.expressions import build, build_optional
from qrules.linked.steps import weight
from qrules.machine.frames import SUBJECT, Closure
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from qrules.machine.entities import Device


class CompiledRule(NamedTuple):
    """A rule as it is compiled; `violated` is an expression, each of `others` another device that it speaks of.

    `reads` are, for a rule of a machine, the names without which it has nothing to say; None where more than names decides.
    """

    phase: str | None
    others: list[Any]
    violated: Any
    note: int
    needs: str | None
    reads: list[str] | None


class CompiledClaim(NamedTuple):
    """A claim as it is compiled; `key`, `scope`, `limit` and `when` are expressions."""

    pool: str
    key: list[Any]
    scope: Any
    limit: Any
    phase: str | None
    when: Any
    note: int
    needs: str | None


class OtherDevice(NamedTuple):
    """The second device of a rule: found on a bus or anywhere, by parts of its address where the rule fixes them."""

    kind: str
    which: str
    on: Closure | None
    bound: tuple[tuple[str, Closure], ...]
    slot: int
    on_own_bus: bool  # of the device that the rule is about
    compiled: tuple[tuple[str, Any], ...]  # `bound` before it became closures


class Check:
    """A rule or a claim. Its closures are built when it is first tested: most never are.

    `needs` names a property (or ``written``, ``hotplugged``) without which it can't apply to a device.
    """

    __slots__ = ("_compiled", "needs", "note", "phase")
    phase: str | None
    note: int
    needs: str | None

    def __getattr__(self, name: str) -> Any:
        """A slot that nothing has filled yet."""
        if name.startswith("_"):
            raise AttributeError(name)
        self._build()
        return object.__getattribute__(self, name)

    def _build(self) -> None:
        raise NotImplementedError

    def passes_over(self, device: Device) -> bool:
        """Whether the device lacks what the check is about."""
        needs = self.needs
        if needs is None or needs in device.values or needs in device.given:
            return False
        if needs == "written":
            return device.request is None
        if needs == "hotplugged":
            return not device.hotplugged
        return not device.kind.defines(needs)


class Rule(Check):
    """What is violated where its condition holds; `others` are the second device that it looks for, if any.

    `watcher` makes the closures of conditions where somebody counts what they come to (`qrules.rule_tests.coverage`).
    """

    __slots__ = ("each", "others", "violated")
    watcher: Callable[[CompiledRule], Closure] | None = None
    others: tuple[OtherDevice, ...]
    violated: Closure
    each: int  # steps of a look at one of `others`

    _compiled: CompiledRule

    def __init__(self, raw: Iterable[Any]) -> None:
        self._compiled = compiled = CompiledRule._make(raw)
        self.phase, self.note, self.needs = compiled.phase, compiled.note, compiled.needs

    @property
    def condition(self) -> Any:
        """What is violated, compiled."""
        return self._compiled.violated

    @property
    def awaits(self) -> frozenset[str] | None:
        """For a rule of a machine, the options and facts of which one has to be written before it says anything; None: it may."""
        reads = self._compiled.reads
        return frozenset(reads) if reads is not None else None

    @property
    def reads(self) -> frozenset[str]:
        """The device's own attributes that the condition speaks of."""
        return frozenset(_own(self._compiled.violated))

    def _build(self) -> None:
        self.others = tuple(_other(o) for o in self._compiled.others)
        self.violated = build(self._compiled.violated) if Rule.watcher is None else Rule.watcher(self._compiled)
        self.each = 1 + (weight(self._compiled.violated) if self.others else 0)


class Claim(Check):
    """One holder a key (or `limit` of them). `reads` are the device's own attributes that the key is made of."""

    __slots__ = ("key", "limit", "pool", "reads", "scope", "when")
    pool: str
    key: tuple[Closure, ...]
    scope: Closure
    limit: Closure | None
    when: Closure | None
    reads: frozenset[str]
    _compiled: CompiledClaim

    def __init__(self, raw: Iterable[Any]) -> None:
        self._compiled = compiled = CompiledClaim._make(raw)
        self.pool, self.phase, self.note, self.needs = compiled.pool, compiled.phase, compiled.note, compiled.needs

    def _build(self) -> None:
        compiled = self._compiled
        self.key, self.reads = tuple(build(k) for k in compiled.key), frozenset(_own(compiled.key))
        self.scope, self.limit, self.when = build(compiled.scope), build_optional(compiled.limit), build_optional(compiled.when)

    def folded(self, fold: Callable[[Any], Any]) -> Claim | None:
        """The claim with its expressions folded; None where it can take nothing."""
        compiled = self._compiled
        condition, keys = fold(compiled.when), [fold(k) for k in compiled.key]
        if condition is False or None in keys:
            return None
        left = condition if isinstance(condition, list) else None
        scope, limit = fold(compiled.scope), fold(compiled.limit)
        return Claim(compiled._replace(key=keys, scope=scope, limit=limit, when=left))


def _other(raw: list[Any]) -> OtherDevice:
    kind, which, on, bound, slot = raw
    return OtherDevice(
        kind,
        which,
        build_optional(on),
        tuple((name, build(value)) for name, value in bound),
        slot,
        on == ["attr", ["var", SUBJECT], "bus"],
        tuple((name, value) for name, value in bound),
    )


def _own(compiled: Any) -> Iterator[str]:
    if isinstance(compiled, list):
        if compiled[:1] == ["attr"] and compiled[1] == ["var", SUBJECT]:
            yield compiled[2]
        for part in compiled:
            yield from _own(part)
