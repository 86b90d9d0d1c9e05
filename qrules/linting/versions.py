"""Ranges of versions with holes: versions between others of which nothing is said (QR611)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qrules.knowledge.sources import version_key
from qrules.language import tree
from qrules.language.tree import Expr
from qrules.linked.expressions import build
from qrules.linting.formulas import Formula, Scope
from qrules.linting.kinds import Kinds
from qrules.linting.walking import within
from qrules.rulesets.lint import Finding

_VERSIONS = (("qemu",), ("machine", "qemu"), ("version",), ("machine", "version"))


def holes(said: list[tree.Statement], kinds: Kinds) -> Iterator[Finding]:
    """What is found in ranges whose last version is no whole one, and in values by version that leave one out."""
    for statement in said:
        for expr, _ in within(statement):
            yield from _last_release(expr, kinds)
        if isinstance(statement, tree.Block):
            yield from _between(statement)


def _last_release(expr: Expr, kinds: Kinds) -> Iterator[Finding]:
    """``machine.qemu in 7.2 .. 10.0`` has 10.0, but not 10.0.2, which is what emulators are called."""
    match expr:
        case Expr(
            op="in", args=(Expr(op="path", args=path), Expr(op="range", args=(_, Expr(op="version" | "literal", args=(last,)))))
        ):
            end = version_key(str(last))
            later = [v for v in kinds.versions if v[: len(end)] == end and v > end]
            if path in _VERSIONS[:2] and later:
                missed = ".".join(map(str, later[0]))
                told = f"{missed} is not in this range, which ends with {last} itself: say < and the next version"
                yield Finding("QR611", told, expr.span)
        case _:
            pass


def _between(block: tree.Block) -> Iterator[Finding]:
    """Values of an attribute by version alone, which leave out a version between others."""
    by_name: dict[str, list[tree.Attribute]] = {}
    for clause in block.clauses:
        if isinstance(clause, tree.Attribute):
            by_name.setdefault(clause.name, []).append(clause)
    for name, lines in by_name.items():
        arms = [arm for line in lines for arm in _arms(line.value)]
        conditions = [arm for arm in arms if arm is not None]
        if len(conditions) == len(arms) > 1 and (missed := _missed(conditions)):
            yield Finding("QR611", f"'{name}' is unset for {missed}, between versions that it has a value for", lines[0].span)


def _arms(value: Expr) -> Iterator[Expr | None]:
    """The conditions of the values that an expression can give; None for one that it gives in any case."""
    if value.op != "when":
        yield None
        return
    _, condition, otherwise = value.args
    yield condition if isinstance(condition, Expr) else None
    if isinstance(otherwise, Expr):
        yield from _arms(otherwise)


def _missed(conditions: Sequence[Expr]) -> str:
    """The lowest version that no condition takes though some take lower and higher ones; empty where there is none."""
    formula, scope = Formula({}), Scope({}, "")
    compiled = [formula.condition(c, scope) for c in conditions]
    if len(formula.numbers) != 1 or tuple(next(iter(formula.numbers)).split(".")) not in _VERSIONS:
        return ""
    closures = [build(c) for c in compiled]
    values: list[Any] = sorted(v for v in formula.domain(0) if isinstance(v, tuple))
    taken = [any(closure([value]) for closure in closures) for value in values]
    if True not in taken:
        return ""
    first, last = taken.index(True), len(taken) - 1 - taken[::-1].index(True)
    return next(
        (".".join(map(str, v)) for v, is_taken in zip(values[first:last], taken[first:last], strict=True) if not is_taken), ""
    )
