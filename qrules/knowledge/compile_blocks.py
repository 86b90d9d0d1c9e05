"""Blocks and rules to the compiled clauses of each kind and machine family."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qrules.diagnostics import Diagnostic, did_you_mean
from qrules.knowledge.compilation import Compilation
from qrules.knowledge.resolve import Json
from qrules.knowledge.scopes import SELF, SUBJECT, Scope
from qrules.language import tree


def compile_statement(made: Compilation, statement: tree.Statement) -> None:
    """Adds what a statement says of kinds and machine families to the compilation."""
    match statement:
        case tree.Block(what="device" | "bus" | "wish"):
            _compile_behaviour(made, statement)
        case tree.Block(what="machine"):
            _compile_machine(made, statement)
        case tree.Rule():
            compiled = made.clauses.rule(statement, None, made.profiles.of(statement, made.resolver.problem))
            if compiled is not None:
                kind, body = compiled
                made.of(kind).setdefault("whole-rules" if kind in made.world.buses else "rules", []).append(body)
        case _:
            pass


def _elsewhere(made: Compilation, block: tree.Block) -> bool:
    """Whether a block is about other architectures."""
    return bool(block.arches) and made.world.target.arch not in block.arches


def _compile_behaviour(made: Compilation, block: tree.Block) -> None:
    if _elsewhere(made, block):
        return
    scope = Scope({"d": SUBJECT}, SELF) if block.what == "bus" else Scope({"d": SUBJECT}, SUBJECT)
    for name in block.names:
        if block.what == "wish" or made.world.check_kind(name, block.what):
            made.world.check_restated(name, block.parents)
            for clause in block.clauses:
                _check_single(made, name.text, clause)
                inner = scope
                if block.what == "bus" and isinstance(clause, tree.Rule):  # about the device and its address on this bus
                    inner = Scope(scope.variables, scope.subject, made.dimensions(name.text))
                if block.what == "wish" and isinstance(clause, tree.Property):
                    made.resolver.used.update(prop.text for prop in clause.names)
                    known = made.of(name.text).setdefault("properties", {})
                    known.update(dict.fromkeys((prop.text for prop in clause.names), made.clauses.property(clause, inner)))
                else:
                    _add_clause(made, made.of(name.text), clause, inner)


def _check_single(made: Compilation, kind: str, clause: tree.Clause) -> None:
    """A kind has one address scheme and one way of naming: a second one would silently replace the first."""
    what = {tree.Addressed: "address schemes", tree.Called: "names"}.get(type(clause))
    if what is None:
        return
    first = made.single.setdefault((kind, what), clause)
    if first is not clause:
        related = ((first.span, "the first one"),)
        made.world.problems.append(Diagnostic("QR226", f"'{kind}' has two {what}", clause.span, "one of them", related=related))


def _add_clause(made: Compilation, into: dict[str, Any], clause: tree.Clause, scope: Scope) -> None:
    compiler = made.clauses
    match clause:
        case tree.Attribute():
            note = made.notes.add(clause.span, clause.notes, scope)
            into.setdefault("attributes", {}).setdefault(clause.name, []).append([made.resolver(clause.value, scope), note])
        case tree.Property():
            for prop in clause.names:
                _known_property(made, prop)
                into.setdefault("properties", {})[prop.text] = compiler.property(clause, scope, prop.text)
        case tree.Fact():
            note = made.notes.add(clause.span, tree.Notes(), scope)
            for name in clause.names:
                compiled = [compiler.domain(clause.domain, scope), made.resolver(clause.default, scope), note]
                into.setdefault("properties", {})[name.text] = compiled
                into.setdefault("facts", []).append(name.text)
        case tree.Accepts():
            note = made.notes.add(clause.span, tree.Notes(), scope)
            into.setdefault("accepts", []).append(
                [compiler.names(clause.names), made.resolver.condition(clause.when, scope), note]
            )
        case tree.Called():
            naming = scope.with_context(("n", "nth", "counter"))
            into["called"] = [made.resolver(clause.name, naming), made.resolver(clause.otherwise, naming)]
        case tree.Addressed():
            into["addressed"] = compiler.addressed(clause)
        case tree.Provides():
            into.setdefault("provides", []).append(compiler.provides(clause, scope))
        case tree.Points():
            into.setdefault("points", []).append(compiler.points(clause, scope))
        case tree.Claims():
            into.setdefault("claims", []).append(compiler.claims(clause, scope))
        case tree.Fills():
            into.setdefault("fills", []).append(compiler.fills(clause, scope))
        case tree.Part():
            into.setdefault("creates", []).append(compiler.part(clause, scope))
        case tree.Suppresses():
            note = made.notes.add(clause.span, clause.notes, scope)
            when = made.resolver.condition(clause.when, scope)
            into.setdefault("suppresses", []).append([[r.text for r in clause.roles], when, note])
        case tree.Becomes():
            becoming = compiler.becomes(clause, scope)
            if becoming is not None:
                into.setdefault("becomes", []).append(becoming)
        case tree.Unknown():
            note = made.notes.add(clause.span, tree.Notes(), scope)
            when = made.resolver.condition(clause.when, scope)
            what = "assumes" if clause.assumed else "unknown"
            into.setdefault(what, []).append([made.resolver(clause.text, scope), when, note])
        case tree.Rule():
            ruled = compiler.rule(clause, scope, made.profiles.of(clause, made.resolver.problem))
            if ruled is not None and clause.need:
                into.setdefault("needs", []).append([ruled[1], [word for sample in clause.samples for word in sample]])
            elif ruled is not None:
                into.setdefault("rules", []).append(ruled[1])
        case tree.Includes():
            pass


def _known_property(made: Compilation, prop: tree.Name) -> None:
    made.resolver.used.add(prop.text)
    known = made.world.other_properties
    if known and prop.text not in known:
        hint = did_you_mean(prop.text, known)
        made.resolver.problem(
            "QR211", f"no catalogue has a property '{prop.text}'", prop.span, "a property of a type of some catalogue", hint
        )


# ------------------------------------------------------------------------------------- machines
def _compile_machine(made: Compilation, block: tree.Block) -> None:
    if _elsewhere(made, block):
        return
    scope = Scope({}, SELF)
    for name in block.names:
        declared = made.world.machines.get(name.text)
        if declared is not None and declared.abstract:
            into = made.of(name.text)
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
            else:
                _add_clause(made, into, clause, scope)


def _flat_parts(made: Compilation, clause: tree.Clause, scope: Scope, when: tree.Expr | None, seen: list[str]) -> list[Json]:
    """The parts that a clause stands for: an ``includes`` is replaced by the list that it names."""
    if isinstance(clause, tree.Part):
        combined = _both(when, clause.when)
        return [made.clauses.part(_with_condition(clause, combined), scope)]
    assert isinstance(clause, tree.Includes)
    listed = made.part_lists.get(clause.name.text)
    if listed is None or clause.name.text in seen:
        problem = "includes itself" if listed else "is no list of parts"
        hint = did_you_mean(clause.name.text, made.part_lists)
        made.resolver.problem("QR212", f"'{clause.name.text}' {problem}", clause.name.span, "the name of a 'parts' block", hint)
        return []
    condition = _both(when, clause.when)
    return [p for c in listed.clauses for p in _flat_parts(made, c, scope, condition, [*seen, clause.name.text])]


def _both(left: tree.Expr | None, right: tree.Expr | None) -> tree.Expr | None:
    if left is None or right is None:
        return left or right
    return tree.Expr("and", (left, right), span=right.span)


def _with_condition(part: tree.Part, when: tree.Expr | None) -> tree.Part:
    return part if when is part.when else replace(part, when=when)
