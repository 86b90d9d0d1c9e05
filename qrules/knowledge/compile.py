"""Rule files to compiled pieces: plain JSON, one piece a machine family and what they share.

``compile_target`` is the whole of it: read, gather names, resolve, check, and lay out. All problems of all files come
out in one `Unusable`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from qrules.diagnostics import Diagnostic, Unusable, did_you_mean
from qrules.knowledge.clauses import ClauseCompiler, NoteBook
from qrules.knowledge.resolve import BUILT_IN, SELF, SUBJECT, Json, Resolver, Scope
from qrules.knowledge.sources import RuleSet, Target, mentioned, version_key
from qrules.knowledge.world import World
from qrules.language import tree
from qrules.language.reader import read_file

PHASES = ("type", "bus", "hotplug", "id", "properties", "before", "pre-plug", "address", "realize", "plug", "start")


class Reading:
    """Statements of rule files, each file read once, whatever the number of targets compiled from it."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self._files: dict[Any, tuple[tree.Statement, ...]] = {}
        self.mentioned = mentioned(rule_set)

    def statements(self, target: Target) -> list[tree.Statement]:
        """All that holds for a target: its catalogue and all rule files. Raises `Unusable` with every syntax error."""
        problems: list[Diagnostic] = []
        out: list[tree.Statement] = []
        catalogue = self.rule_set.catalogues.get(target)
        for path in (*([catalogue] if catalogue else []), *self.rule_set.rules):
            if path not in self._files:
                try:
                    self._files[path] = read_file(path, self.rule_set.shown(path))
                except Unusable as error:
                    problems.extend(error.diagnostics)
                    continue
            out.extend(self._files[path])
        if problems:
            raise Unusable(problems)
        return out


@dataclass(slots=True)
class _Compilation:
    """Everything that one target's pieces are made of."""

    world: World
    resolver: Resolver
    notes: NoteBook
    clauses: ClauseCompiler
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    families: dict[str, dict[str, Any]] = field(default_factory=dict)
    part_lists: dict[str, tree.Block] = field(default_factory=dict)

    def of(self, kind: str) -> dict[str, Any]:
        return self.kinds.setdefault(kind, {})


def compile_target(reading: Reading, target: Target) -> dict[str, Json]:
    """The pieces of a target by name: ``machines``, ``shared``, ``properties``, ``notes`` and one per family."""
    statements = reading.statements(target)
    names, properties = reading.mentioned
    world = World(target, names, properties)
    world.add(statements)
    world.settle()
    resolver = Resolver(world, _attribute_names(statements))
    notes = NoteBook(resolver)
    dimensions = frozenset(
        d.name for b in _blocks(statements) for c in b.clauses if isinstance(c, tree.Addressed) for d in c.dimensions
    )
    made = _Compilation(world, resolver, notes, ClauseCompiler(resolver, notes, dimensions))
    made.part_lists = {b.names[0].text: b for b in _blocks(statements) if b.what == "parts"}
    profiles = {s.name.text: s for s in statements if isinstance(s, tree.Profile)}
    for statement in statements:
        _compile_statement(made, statement, profiles)
    if world.problems:
        raise Unusable(dict.fromkeys(world.problems))
    return _lay_out(made, statements)


def _blocks(statements: Iterable[tree.Statement]) -> list[tree.Block]:
    return [s for s in statements if isinstance(s, tree.Block)]


def _attribute_names(statements: list[tree.Statement]) -> set[str]:
    names = {name for group in BUILT_IN.values() for name in group}
    for statement in statements:
        clauses: tuple[object, ...] = ()
        match statement:
            case tree.Block():
                clauses = statement.clauses
            case tree.MachineType() | tree.Type():
                clauses = (*statement.properties, *(statement.attributes if isinstance(statement, tree.MachineType) else ()))
            case tree.Profile():
                clauses = statement.attributes
            case _:
                pass
        for clause in clauses:
            names |= _names_given(clause)
    return names


def _names_given(clause: object) -> set[str]:
    match clause:
        case tree.Attribute():
            return {clause.name}
        case tree.Property() | tree.Fact():
            return {n.text for n in clause.names}
        case tree.Addressed():
            return {clause.property, *(d.name for d in clause.dimensions)}
        case tree.Provides() | tree.Points():
            return {a.name for a in clause.attributes}
        case tree.Part():
            return {a.name for a in clause.values}
        case tree.Fills():
            return {clause.property}
        case _:
            return set()


# ------------------------------------------------------------------------------------- statements
def _compile_statement(made: _Compilation, statement: tree.Statement, profiles: dict[str, tree.Profile]) -> None:
    match statement:
        case tree.Block(what="device" | "bus"):
            _compile_behaviour(made, statement)
        case tree.Block(what="machine"):
            _compile_machine(made, statement)
        case tree.Rule():
            if statement.profile not in profiles:
                assert statement.profile is not None
                hint = did_you_mean(statement.profile, profiles)
                made.resolver.problem(
                    "QR209", f"there is no profile '{statement.profile}'", statement.name.span, "a profile", hint
                )
            compiled = made.clauses.rule(statement, None, statement.profile or "")
            if compiled is not None:
                kind, body = compiled
                _check_phase(made, statement)
                made.of(kind).setdefault("rules", []).append(body)
        case _:
            pass


def _check_phase(made: _Compilation, rule: tree.Rule) -> None:
    if rule.phase is not None and rule.phase.text not in PHASES:
        hint = did_you_mean(rule.phase.text, PHASES)
        made.resolver.problem(
            "QR210", f"there is no phase '{rule.phase.text}'", rule.phase.span, "one of " + ", ".join(PHASES), hint
        )


def _compile_behaviour(made: _Compilation, block: tree.Block) -> None:
    scope = Scope({"d": SUBJECT}, SUBJECT) if block.what == "device" else Scope({"d": SUBJECT}, SELF)
    for name in block.names:
        if made.world.check(name, "bus kind" if block.what == "bus" else "device type"):
            for clause in block.clauses:
                _add_clause(made, made.of(name.text), clause, scope)


def _add_clause(made: _Compilation, into: dict[str, Any], clause: tree.Clause, scope: Scope) -> None:
    compiler = made.clauses
    match clause:
        case tree.Attribute():
            note = made.notes.add(clause.span, clause.notes, scope)
            into.setdefault("attributes", {}).setdefault(clause.name, []).append([made.resolver(clause.value, scope), note])
        case tree.Property():
            for prop in clause.names:
                _known_property(made, prop)
                into.setdefault("properties", {})[prop.text] = compiler.property(clause, scope)
        case tree.Fact():
            note = made.notes.add(clause.span, tree.Notes(), scope)
            for name in clause.names:
                compiled = [compiler.domain(clause.domain, scope), made.resolver(clause.default, scope), note]
                into.setdefault("properties", {})[name.text] = compiled
                into.setdefault("facts", []).append(name.text)
        case tree.Accepts():
            note = made.notes.add(clause.span, tree.Notes(), scope)
            into.setdefault("accepts", []).append([compiler.names(clause.names), made.resolver(clause.when, scope), note])
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
            into.setdefault("suppresses", []).append([[r.text for r in clause.roles], made.resolver(clause.when, scope), note])
        case tree.Unknown():
            note = made.notes.add(clause.span, tree.Notes(), scope)
            into.setdefault("unknown", []).append([made.resolver(clause.text, scope), made.resolver(clause.when, scope), note])
        case tree.Rule():
            ruled = compiler.rule(clause, scope, clause.profile or "qemu")
            _check_phase(made, clause)
            if ruled is not None:
                into.setdefault("rules", []).append(ruled[1])
        case tree.Includes():
            pass


def _known_property(made: _Compilation, prop: tree.Name) -> None:
    known = made.world.other_properties
    if known and prop.text not in known:
        hint = did_you_mean(prop.text, known)
        made.resolver.problem(
            "QR211", f"no catalogue has a property '{prop.text}'", prop.span, "a property of a type of some catalogue", hint
        )


# ------------------------------------------------------------------------------------- machines
def _compile_machine(made: _Compilation, block: tree.Block) -> None:
    if block.arches and made.world.target.arch not in block.arches:
        return
    scope = Scope({}, SELF)
    for name in block.names:
        declared = made.world.machines.get(name.text)
        if declared is not None and declared.abstract:
            into = made.of(name.text)
        elif "{" in name.text or declared is not None:
            into = made.families.setdefault(name.text, {"span": name.span, "parents": [p.text for p in block.parents]})
        else:
            made.world.check(name, "machine")
            continue
        for clause in block.clauses:
            if isinstance(clause, (tree.Part, tree.Includes)):
                into.setdefault("parts", []).extend(_flat_parts(made, clause, scope, None, []))
            else:
                _add_clause(made, into, clause, scope)


def _flat_parts(made: _Compilation, clause: tree.Clause, scope: Scope, when: tree.Expr | None, seen: list[str]) -> list[Json]:
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
    return tree.Expr("and", (left, right), right.span)


def _with_condition(part: tree.Part, when: tree.Expr | None) -> tree.Part:
    return part if when is part.when else tree.Part(
        part.type, part.role, part.many, part.place, part.at, part.id, part.before, part.sharing, when, part.values, part.notes, part.span
    )  # fmt: skip


# ------------------------------------------------------------------------------------- layout
def _lay_out(made: _Compilation, statements: list[tree.Statement]) -> dict[str, Json]:
    world = made.world
    pieces: dict[str, Json] = {"machines": _machines(made)}
    pieces["shared"] = {
        "types": {n: [t.status, world.bus_kind(n), list(world.line(n)), t.description] for n, t in sorted(world.types.items())},
        "buses": {n: [b.abstract, list(world.line(n))] for n, b in sorted(world.buses.items())},
        "aliases": world.aliases,
        "kinds": made.kinds,
        "watched": sorted(made.resolver.watched),
        "profiles": _profiles(made, statements),
        "domains": _domains(made, statements),
        "refusals": _refusals(made, statements),
        "shorthands": _shorthands(made, statements),
        "backends": {s.name.text: [list(o) for o in s.options] for s in statements if isinstance(s, tree.Backend)},
        "ignored": sorted({o for s in statements if isinstance(s, tree.Ignore) for o in s.options}),
    }
    pieces["properties"] = _properties(world)
    _share_used_properties(made, pieces["properties"])
    for index, (name, family) in enumerate(made.families.items()):
        family.pop("span")
        pieces[f"family-{index}"] = {"name": name, **family}
    pieces["notes"] = {"files": list(made.notes.files), "entries": made.notes.entries}
    if world.problems:
        raise Unusable(dict.fromkeys(world.problems))
    return pieces


def _share_used_properties(made: _Compilation, properties: Json) -> None:
    """Catalogue facts of the properties that rules speak of stand beside the rules: a question needs no other piece."""
    for kind, facts in properties.items():
        used = {name: fact for name, fact in facts.items() if name in made.resolver.used}
        if used and kind in made.world.types:
            made.of(kind)["catalogue"] = used


def _machines(made: _Compilation) -> Json:
    """Every concrete machine: its family (None where no rules stand), version, ancestors, and what the catalogue says."""
    owners: dict[str, tuple[int, str, str]] = {}
    for index, (pattern, family) in enumerate(made.families.items()):
        for name, version in made.world.matching_machines(pattern).items():
            if name in owners:
                message = f"'{name}' belongs to '{owners[name][2]}' already"
                made.resolver.problem("QR213", message, family["span"], "one definition for each machine")
            owners[name] = (index, version, pattern)
    listed = {}
    for name, machine in made.world.machines.items():
        if not machine.abstract:
            index, version, _ = owners.get(name, (None, "", ""))
            facts = {a.name: made.resolver(a.value, Scope()) for a in machine.attributes}
            listed[name] = [
                index,
                version,
                list(made.world.line(name)),
                list(machine.aliases),
                list(machine.words),
                facts,
                machine.description,
            ]
    return dict(sorted(listed.items(), key=lambda item: (item[0].rstrip("0123456789."), version_key(item[1][1] or "0"))))


def _profiles(made: _Compilation, statements: list[tree.Statement]) -> Json:
    return {
        s.name.text: {a.name: made.resolver(a.value, Scope()) for a in s.attributes}
        for s in statements
        if isinstance(s, tree.Profile)
    }


def _domains(made: _Compilation, statements: list[tree.Statement]) -> Json:
    scope = Scope({"d": SUBJECT}, SUBJECT).with_context(("text", "property", "low", "high", "limit"))
    found = {}
    for s in statements:
        if isinstance(s, tree.Domain):
            for name in s.names:
                found[name.text] = [made.clauses.domain(s.use, scope), made.notes.add(s.span, s.notes, scope, name.text)]
    return found


def _shorthands(made: _Compilation, statements: list[tree.Statement]) -> Json:
    """``{option: {value or "": [[what, name, names, value, values], ...]}}``; names in values are keys of the option."""
    found: dict[str, Json] = {}
    for s in statements:
        if not isinstance(s, tree.Shorthand):
            continue
        effects = []
        for effect in s.effects:
            for name in effect.names if effect.what in ("role", "device") else ():
                made.world.check(name, "device type")
            value = _option_value(effect.value)
            values = {a.name: _option_value(a.value) for a in effect.attributes}
            effects.append([effect.what, effect.name, [n.text for n in effect.names], value, values])
        found.setdefault(s.option, {}).setdefault(s.value or "", []).extend(effects)
    return found


def _option_value(expr: tree.Expr | None) -> Json:
    """A value in a shorthand: a constant, or ``["key", name]`` for what the user wrote under a key of the option."""
    if expr is None:
        return None
    return ["key", str(expr.args[0])] if expr.op == "path" else expr.args[0]


def _refusals(made: _Compilation, statements: list[tree.Statement]) -> Json:
    context = ("name", "kind", "path", "element", "property", "text", "holder", "limit", "role")
    scope = Scope({"d": SUBJECT}).with_context(context)
    return {
        s.name.text: made.notes.add(s.span, s.notes, scope, s.name.text, s.profile)
        for s in statements
        if isinstance(s, tree.Refusal)
    }


def _properties(world: World) -> Json:
    """Property facts of the catalogue by the kind that declares them: ``{kind: {name: [domain, default]}}``."""
    found: dict[str, Json] = {}
    for table in (world.types, world.machines):
        for kind, entry in table.items():
            for prop in entry.properties:
                value = prop.default.args[0] if prop.default is not None and prop.default.op in ("literal", "version") else None
                if prop.default is not None and prop.default.op == "negative":
                    inner = prop.default.args[0]
                    assert isinstance(inner, tree.Expr) and isinstance(inner.args[0], int)
                    value = -inner.args[0]
                for name in prop.names:
                    found.setdefault(kind, {})[name.text] = [
                        prop.domain.args[0] if prop.domain.form == "named" else prop.domain.form,
                        value,
                    ]
    return found
