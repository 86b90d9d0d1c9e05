"""Which rules the tests make fire, which conditions they see both so and not so, and why a line was not reached.

A rule is reached where it refuses (or warns of) something in some test; a condition, a part between ``and``, ``or`` and ``not``,
where it held once and once did not. Rules are watched only while a `Recorder` is at work: a run without one costs nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from qrules.diagnostics import Span
from qrules.knowledge.model import Knowledge
from qrules.knowledge.rules import WITHOUT
from qrules.language import tree
from qrules.language.tree import Expr
from qrules.linked.expressions import build
from qrules.linked.rules import CompiledRule, Rule
from qrules.machine.frames import Closure, Frame

_OF_TARGET = (("machine", "qemu"), ("machine", "arch"), ("qemu",), ("arch",))  # what is known when rules are compiled


class Unreached(NamedTuple):
    """A line that no test reaches: a rule, or a condition of one (`what` says which), and why."""

    rule: str
    span: Span
    what: str
    why: str


class Coverage(NamedTuple):
    """How many rules there are and fire, how many conditions they have and are seen both ways, and what is left."""

    rules: int
    fired: int
    conditions: int
    seen: int
    unreached: tuple[Unreached, ...]


@dataclass(slots=True)
class _Watched:
    """What was seen of a rule. `parts` are its conditions: how often each did not hold, and did."""

    rule: tree.Rule
    about: tuple[str, ...]  # the kinds that it is about
    conditions: list[Expr]
    asked: int = 0
    fired: int = 0
    known: bool = False  # to a target that a test was run on
    parts: list[list[int]] = field(default_factory=list)


class Recorder:
    """Watches the rules of a rule set while its tests run."""

    def __init__(self, said: Iterable[tree.Statement]) -> None:
        self._rules = {(w.rule.span.file, w.rule.span.line): w for w in _rules(said)}
        self._target: Knowledge | None = None

    @contextmanager
    def watching(self, target: Knowledge) -> Iterator[None]:
        """Rules of a target that are asked for the first time meanwhile are watched from then on."""
        self._target, before, Rule.watcher = target, Rule.watcher, self._watched
        try:
            yield
        finally:
            self._target, Rule.watcher = None, before

    def _watched(self, compiled: CompiledRule) -> Closure:
        assert self._target is not None
        note = self._target.note(compiled.note)
        watched = self._rules.get((note.file, note.line))
        if watched is None:
            return build(compiled.violated)
        watched.known = True
        parts = list(_parts(compiled.violated))
        counts: list[list[int]] = [[0, 0] for _ in parts]
        if len(parts) == len(watched.conditions):
            watched.parts = watched.parts or [[0, 0] for _ in parts]
            counts = watched.parts
        waiting = iter(counts)
        closure = _counting(compiled.violated, waiting)

        def violated(frame: Frame) -> bool:
            watched.asked += 1
            found = bool(closure(frame))
            watched.fired += found
            return found

        return violated

    def asked(self) -> dict[tuple[str, int], int]:
        """How often each rule was asked so far, by the file and line where it stands."""
        return {at: watched.asked for at, watched in self._rules.items()}

    def coverage(self) -> Coverage:
        """What the tests that were run reach."""
        rules = sorted(self._rules.values(), key=lambda w: (w.rule.span.file, w.rule.span.line))
        unreached = [u for watched in rules for u in _unreached(watched)]
        parts = [(no, yes) for watched in rules for no, yes in watched.parts or [[0, 0] for _ in watched.conditions]]
        both = sum(1 for no, yes in parts if no and yes)
        return Coverage(len(rules), sum(1 for w in rules if w.fired), len(parts), both, tuple(unreached))


# ------------------------------------------------------------------------------------- what there is to reach
def _rules(said: Iterable[tree.Statement]) -> Iterator[_Watched]:
    for statement in said:
        if isinstance(statement, tree.Rule):
            yield _Watched(statement, (statement.binders[0].kind.text,), _conditions(statement))
        elif isinstance(statement, tree.Block):
            names = tuple(name.text for name in statement.names)
            yield from (_Watched(c, names, _conditions(c)) for c in statement.clauses if isinstance(c, tree.Rule))


def _conditions(rule: tree.Rule) -> list[Expr]:
    """The parts of a rule's ``when`` and of what it forbids or requires, but those that compiling decides."""
    whole = [e for e in (rule.when, rule.condition) if e is not None]
    return [part for expr in whole for part in _leaves(expr) if not _decided(part)]


def _leaves(expr: Expr) -> Iterator[Expr]:
    if expr.op in ("and", "or", "not"):
        for part in expr.args:
            if isinstance(part, Expr):
                yield from _leaves(part)
    else:
        yield expr


def _decided(expr: Expr) -> bool:
    """Whether a condition is a constant, or speaks of the emulator's version or architecture alone."""
    paths = [a for a in expr.args if isinstance(a, Expr)]
    if expr.op == "literal":
        return True
    return expr.op in ("=", "!=", "<", "<=", ">", ">=", "in", "since") and any(
        p.op == "path" and p.args in _OF_TARGET for p in paths
    )


def _parts(compiled: Any) -> Iterator[Any]:
    """The same parts of a compiled condition."""
    if isinstance(compiled, list) and compiled[0] in ("and", "or", "not"):
        for part in compiled[1:]:
            yield from _parts(part)
    elif isinstance(compiled, list) and not _without(compiled):
        yield compiled


def _without(compiled: list[Any]) -> bool:
    """Whether it asks if a machine does without the rule: no line of the rule says so."""
    inner = compiled[1] if compiled[0] == "holds" else None
    return isinstance(inner, list) and inner[:1] == ["attr"] and str(inner[-1]).startswith(WITHOUT)


def _counting(compiled: Any, counts: Iterator[list[int]]) -> Closure:
    """The closure of a condition, of which each part is counted."""
    if isinstance(compiled, list) and compiled[0] in ("and", "or"):
        parts, decisive = [_counting(part, counts) for part in compiled[1:]], compiled[0] == "or"
        return lambda frame: any(part(frame) for part in parts) if decisive else all(part(frame) for part in parts)
    if isinstance(compiled, list) and compiled[0] == "not":
        inner = _counting(compiled[1], counts)
        return lambda frame: not inner(frame)
    closure = build(compiled)
    if not isinstance(compiled, list) or _without(compiled):
        return closure
    count = next(counts)

    def counted(frame: Frame) -> bool:
        found = bool(closure(frame))
        count[found] += 1
        return found

    return counted


# ------------------------------------------------------------------------------------- why it was not reached
def _unreached(watched: _Watched) -> Iterator[Unreached]:
    rule = watched.rule
    if not watched.fired:
        yield Unreached(rule.name.text, rule.name.span, "rule", _why(watched))
    for expr, (no, yes) in zip(watched.conditions, watched.parts, strict=False):
        if watched.fired and not (no and yes):
            told = "was never asked" if not (no or yes) else "was always so" if yes else "was never so"
            yield Unreached(rule.name.text, expr.span, "condition", told)


def _why(watched: _Watched) -> str:
    kinds = " or ".join(watched.about)
    if not watched.known:
        return f"no test has what it is about ({kinds}) on a machine and version that have the rule"
    if not watched.asked:
        return f"no test comes to it with something that is {kinds}: what is wrong earlier ends a device"
    never = [f"line {e.span.line}" for e, (no, yes) in zip(watched.conditions, watched.parts, strict=False) if no and not yes]
    if len(never) == 1:
        return f"its condition in {never[0]} was never so"
    return "its conditions were never so at once" + (f" (those in {' and '.join(dict.fromkeys(never))} never)" if never else "")
