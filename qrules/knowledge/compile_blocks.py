"""Blocks and rules to the compiled clauses of each kind and machine family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qrules.diagnostics import Diagnostic, did_you_mean
from qrules.knowledge.clauses import ClauseCompiler
from qrules.knowledge.compilation import Compilation
from qrules.knowledge.forms import Json, laid
from qrules.knowledge.model import ATTRIBUTE, NEED
from qrules.knowledge.parameters import filled
from qrules.knowledge.rules import WITHOUT
from qrules.knowledge.scopes import SELF, SUBJECT, Scope
from qrules.knowledge.world import ROOTS
from qrules.language import tree


def compile_statement(made: Compilation, statement: tree.Statement) -> None:
    """Adds what a statement says of kinds and machine families to the compilation."""
    match statement:
        case tree.Block(what="device" | "bus" | "wish" | "element"):
            _compile_behaviour(made, statement)
        case tree.Block(what="machine"):
            _compile_machine(made, statement)
        case tree.Rule():
            before = made.world.spent
            compiled = made.rules.rule(statement, None, made.profiles.of(statement, made.resolver.problem))
            if compiled is not None:
                kind, body = compiled
                made.of(kind).setdefault("whole-rules" if kind in made.world.buses else "rules", []).append(body)
                _weigh(made, made.of(kind), before)
        case _:
            pass


def _elsewhere(made: Compilation, block: tree.Block) -> bool:
    """Whether a block is about other architectures."""
    return bool(block.arches) and made.world.target.arch not in block.arches


def _compile_behaviour(made: Compilation, block: tree.Block) -> None:
    if _elsewhere(made, block):
        return
    scope = Scope({"d": SUBJECT}, SELF if block.what == "bus" else SUBJECT, sort=block.what)
    wished = block.what in ("wish", "element")
    for name in block.names:
        if wished or made.world.check_kind(name, block.what):
            made.world.check_restated(name, block.parents)
            for clause in block.clauses:
                _check_single(made, name.text, clause)
                inner = scope
                if block.what == "bus" and isinstance(clause, tree.Rule):  # about the device and its address on this bus
                    inner = replace(scope, dimensions=made.dimensions(name.text))
                if wished and isinstance(clause, tree.Property):
                    made.resolver.used.update(prop.text for prop in clause.names)
                    _add_wished(made, made.of(name.text), clause, inner)
                else:
                    _add_clause(made, made.of(name.text), clause, inner)


def _add_wished(made: Compilation, into: dict[str, Any], clause: tree.Property, scope: Scope) -> None:
    """A property that no catalogue has: of a wish, or of an element, which has it at a place of the document."""
    names = [prop.text for prop in clause.names]
    made.resolver.used.update(names)
    into.setdefault("properties", {}).update(dict.fromkeys(names, made.clauses.property(clause, scope, names[0])))
    if clause.path:
        into.setdefault("paths", {}).update(dict.fromkeys(names, clause.path))


def _check_single(made: Compilation, kind: str, clause: tree.Clause) -> None:
    """A kind has one address scheme and one way of naming: a second one would silently replace the first."""
    what = {tree.Addressed: "address schemes", tree.Called: "names"}.get(type(clause))
    if what is None:
        return
    first = made.single.setdefault((kind, what), clause)
    if first is not clause:
        related = ((first.span, "the first one"),)
        made.world.problems.append(Diagnostic("QR226", f"'{kind}' has two {what}", clause.span, "one of them", related=related))


# Clauses of which a kind can have several, by where they stand in what is compiled of it.
_SEVERAL: dict[type, tuple[str, Callable[[ClauseCompiler, Any, Scope], Json]]] = {
    tree.Accepts: ("accepts", ClauseCompiler.accepts),
    tree.Provides: ("provides", ClauseCompiler.provides),
    tree.Points: ("points", ClauseCompiler.points),
    tree.Claims: ("claims", ClauseCompiler.claims),
    tree.Fills: ("fills", ClauseCompiler.fills),
    tree.Part: ("creates", ClauseCompiler.part),
    tree.Suppresses: ("suppresses", ClauseCompiler.suppresses),
    tree.Becomes: ("becomes", ClauseCompiler.becomes),
}


def _add_clause(made: Compilation, into: dict[str, Any], clause: tree.Clause, scope: Scope) -> None:
    """Adds what a clause says to `into`, which is all that is said of a kind or of a machine family, and how much that is."""
    before = made.world.spent
    _say(made, into, clause, scope)
    _weigh(made, into, before)


def _weigh(made: Compilation, into: dict[str, Any], before: int) -> None:
    """Adds the parts that were compiled since `before` to what is said of a kind."""
    into["weight"] = into.get("weight", 0) + made.world.spent - before


def _say(made: Compilation, into: dict[str, Any], clause: tree.Clause, scope: Scope) -> None:
    made.world.spend(2, clause.span)
    compiler = made.clauses
    if type(clause) in _SEVERAL:
        what, method = _SEVERAL[type(clause)]
        compiled = method(compiler, clause, scope)
        if compiled is not None:
            into.setdefault(what, []).append(compiled)
        return
    match clause:
        case tree.Attribute():
            into.setdefault("attributes", {}).setdefault(clause.name, []).append(compiler.attribute(clause, scope))
        case tree.Property():
            for prop in clause.names:
                made.world.spend(2, prop.span)
                _known_property(made, prop)
                into.setdefault("properties", {})[prop.text] = compiler.property(clause, scope, prop.text)
        case tree.Fact():
            for name, compiled in zip(clause.names, compiler.fact(clause, scope), strict=True):
                into.setdefault("properties", {})[name.text] = compiled
                into.setdefault("facts", []).append(name.text)
        case tree.Called():
            into["called"] = compiler.called(clause, scope)
        case tree.Addressed():
            into["addressed"] = compiler.addressed(clause)
        case tree.Unknown():
            into.setdefault("assumes" if clause.assumed else "unknown", []).append(compiler.unknown(clause, scope))
        case tree.Rule():
            _add_rule(made, into, clause, scope)
        case tree.Stores():
            into.setdefault("stores", []).append([clause.path, made.resolver(clause.value, scope)])
        case tree.Passes():
            into.setdefault("passes", []).extend(clause.paths)
        case _:
            pass  # lists of parts, which only machines have


def _add_rule(made: Compilation, into: dict[str, Any], rule: tree.Rule, scope: Scope) -> None:
    ruled = made.rules.rule(rule, scope, made.profiles.of(rule, made.resolver.problem))
    if ruled is None:
        return
    if rule.need:
        words = [word for sample in rule.samples for word in sample]
        into.setdefault("needs", []).append(laid(NEED, rule=ruled[1], words=words))
    else:
        into.setdefault("rules", []).append(ruled[1])


def _known_property(made: Compilation, prop: tree.Name) -> None:
    made.resolver.used.add(prop.text)
    known = made.world.other_properties
    of_shipped = made.world.may_name(prop.text.partition(".")[0], prop.span)
    if known and prop.text not in known and prop.text.partition(".")[0] not in known and not of_shipped:  # a.b is a member of a
        hint = did_you_mean(prop.text, known)
        made.resolver.problem(
            "QR211", f"no catalogue has a property '{prop.text}'", prop.span, "a property of a type of some catalogue", hint
        )


# ------------------------------------------------------------------------------------- machines
def _compile_machine(made: Compilation, block: tree.Block) -> None:
    if _elsewhere(made, block):
        return
    scope = Scope({}, SELF, sort="machine")
    for name in block.names:
        declared = made.world.machines.get(name.text)
        if name.text == ROOTS[2] or (declared is not None and declared.abstract):
            into = made.of(name.text)
        elif name.text.count("{") > 1:
            made.resolver.problem("QR213", f"'{name.text}' has two holes", name.span, "one hole, such as shelf-{version}")
            continue
        elif "{" in name.text or declared is not None:
            into = made.families.setdefault(name.text, {"span": name.span})
        else:
            made.world.check(name, "machine")
            continue
        if declared is not None:
            made.world.check_restated(name, block.parents)
        for clause in block.clauses:
            if isinstance(clause, (tree.Part, tree.Includes)):
                into.setdefault("parts", []).extend(_flat_parts(made, clause, scope, None, []))
            elif isinstance(clause, tree.Without):
                _do_without(made, into, clause)
            else:
                _add_clause(made, into, clause, scope)


def _do_without(made: Compilation, into: dict[str, Any], clause: tree.Without) -> None:
    """Rules that do not hold for a machine: an attribute of it, which they ask for."""
    for name in clause.rules:
        note = made.notes.add(name.span, tree.Notes(), Scope({}, SELF))
        into.setdefault("attributes", {}).setdefault(WITHOUT + name.text, []).append(laid(ATTRIBUTE, value=True, note=note))


def _flat_parts(made: Compilation, clause: tree.Clause, scope: Scope, when: tree.Expr | None, seen: list[str]) -> list[Json]:
    """The parts that a clause stands for: an ``includes`` is replaced by the list that it names."""
    made.world.spend(8, clause.span)
    if isinstance(clause, tree.Part):
        part = made.clauses.part(_with_condition(clause, _both(when, clause.when)), scope)
        return [] if part is None else [part]
    assert isinstance(clause, tree.Includes)
    listed = made.part_lists.get(clause.name.text)
    if listed is None or clause.name.text in seen:
        problem = "includes itself" if listed else "is no list of parts"
        hint = did_you_mean(clause.name.text, made.part_lists)
        made.resolver.problem("QR212", f"'{clause.name.text}' {problem}", clause.name.span, "the name of a 'parts' block", hint)
        return []
    if len(clause.values) != len(listed.parameters):
        wanted = f"{clause.name.text}({', '.join(listed.parameters)})" if listed.parameters else clause.name.text
        made.resolver.problem("QR206", f"{clause.name.text} takes {len(listed.parameters)} values", clause.span, wanted)
        return []
    condition, values = _both(when, clause.when), dict(zip(listed.parameters, clause.values, strict=True))
    inside = [filled(c, values) for c in listed.clauses]
    return [p for c in inside for p in _flat_parts(made, c, scope, condition, [*seen, clause.name.text])]


def _both(left: tree.Expr | None, right: tree.Expr | None) -> tree.Expr | None:
    if left is None or right is None:
        return left or right
    return tree.Expr("and", (left, right), span=right.span)


def _with_condition(part: tree.Part, when: tree.Expr | None) -> tree.Part:
    return part if when is part.when else replace(part, when=when)
