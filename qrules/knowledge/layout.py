"""Lays out the pieces of a target: machines, what all share, properties, notes, and one piece a machine family."""

from __future__ import annotations

from qrules.diagnostics import Unusable
from qrules.knowledge.compilation import Compilation
from qrules.knowledge.forms import Json
from qrules.knowledge.procedures import lay_procedures
from qrules.knowledge.schema_compile import keys_of
from qrules.knowledge.scopes import SUBJECT, Scope
from qrules.knowledge.sources import after, version_key
from qrules.knowledge.words import check_role, check_wish
from qrules.knowledge.world import World
from qrules.language import tree, tree_schema
from qrules.language.tree import Expr

# Parts that are said of a kind: from there on its devices, and their attributes, count more steps for them.
LIGHT, LIGHT_MACHINE = 600, 4_000
_SAID = ("name", "kind", "path", "element", "property", "text", "holder", "limit", "role", "buses", "near", "homes")


_WISHED = ("wish", "element")


def lay_out(made: Compilation, statements: list[tree.Statement]) -> dict[str, Json]:
    """All pieces of a target by name. Raises `Unusable` with what is wrong with what was compiled before, too."""
    world = made.world
    for name, said in (*made.kinds.items(), *made.families.items()):
        of_machine = name == "machine" or name in world.machines or name in made.families
        if said.get("weight", 0) <= (LIGHT_MACHINE if of_machine else LIGHT):
            said.pop("weight", None)
    pieces: dict[str, Json] = {"machines": _machines(made), "shared": _shared(made, statements)}
    pieces["wishes"] = _wished(made, statements)
    pieces["properties"] = _properties(world)
    procedures = lay_procedures(made, statements)
    if procedures:
        pieces["procedures"] = procedures
    _share_used_properties(made, pieces["properties"])
    for index, (name, family) in enumerate(made.families.items()):
        family.pop("span")
        pieces[f"family-{index}"] = {"name": name, **family}
    _host_messages(made, statements)
    entries = {str(number): entry for number, entry in enumerate(made.notes.entries)}
    pieces["notes"] = {"files": list(made.notes.files), "entries": entries}
    pieces["phrases"] = {str(index): made.notes.phrases[index] for index in made.notes.phrases}
    pieces["keys"] = [keys_of(s) for s in _reading(made, statements) if s.members]
    pieces["probes"] = _probes(made, statements)
    pieces["vendors"] = [_vendor(s) for s in statements if isinstance(s, tree.Vendor)]
    if world.problems:
        raise Unusable(dict.fromkeys(world.problems))
    return pieces


def _shared(made: Compilation, statements: list[tree.Statement]) -> dict[str, Json]:
    """What all machines share. `kinds` is filled on afterwards."""
    world = made.world
    return {
        "types": {n: [t.status, world.bus_kind(n), list(world.line(n)), t.description] for n, t in sorted(world.types.items())},
        "buses": {n: [b.abstract, list(world.line(n))] for n, b in sorted(world.buses.items())},
        "aliases": world.aliases,
        "kinds": made.kinds,
        "watched": sorted(made.resolver.watched),
        "compared": sorted(made.resolver.compared),
        "profiles": _profiles(made, statements),
        "deciding": sorted(made.profiles.deciding),
        "domains": _domains(made, statements),
        "refusals": _refusals(made, statements),
        "shorthands": _shorthands(made, statements),
        "keeps": _keeps(made, statements),
        "backends": {s.name.text: [list(o) for o in s.options] for s in statements if isinstance(s, tree.Backend)},
        "samples": {s.name.text: list(s.sample) for s in statements if isinstance(s, tree.Backend) and s.sample},
        "wishes": {name: [wish.description, list(world.line(name))] for name, wish in world.wishes.items()},
        "ignored": _listed(statements, "ignores"),
        "verbatim": _listed(statements, "verbatim"),
        "unique": _listed(statements, "unique"),
        "nameless": _listed(statements, "nameless"),
        "known": _known_values(made, statements),
        "assumed": _assumed(made, statements),
        "reads": _reads(made, statements),
        "gone": _absent(made, statements, "gone"),
        "foreign": _absent(made, statements, "foreign"),
        "twins": [list(s.names) for s in statements if isinstance(s, tree.Twins)],
        "formerly": {old: list(s.new) for s in statements if isinstance(s, tree.Formerly) for old in s.old},
    }


def _listed(statements: list[tree.Statement], word: str) -> list[str]:
    """The options of which a word is said."""
    return sorted({o for s in statements if isinstance(s, tree.OptionList) and s.word == word for o in s.options})


def _holds(made: Compilation, extent: tree.Extent) -> bool:
    """Whether something is said of this target's emulator."""
    target = made.world.target
    begins = None if extent.version is None else after(extent.version) if extent.later else version_key(extent.version)
    in_time = begins is None or extent.before == (version_key(target.version) < begins)
    return in_time and (not extent.arches or target.arch in extent.arches)


def _absent(made: Compilation, statements: list[tree.Statement], word: str) -> list[str]:
    """The options that the emulator of this target does not take."""
    said = (s for s in statements if isinstance(s, tree.AbsentOptions) and s.word == word and _holds(made, s.extent))
    return sorted({option for s in said for option in s.options})


def _known_values(made: Compilation, statements: list[tree.Statement]) -> Json:
    """For each option the keys of which not every value is known, with the known ones."""
    found: dict[str, dict[str, list[str]]] = {}
    for s in statements:
        if isinstance(s, tree.KnownValues):
            listed = found.setdefault(s.option, {}).setdefault(s.key, [])
            listed.extend(s.values if _holds(made, s.extent) else ())
    return found


def _assumed(made: Compilation, statements: list[tree.Statement]) -> Json:
    """``{option: [[keys, values, unless, note], ...]}``: what of an option the host alone decides."""
    scope = Scope().with_context(("text",))
    found: dict[str, Json] = {}
    for s in statements:
        if isinstance(s, tree.Assumed):
            note = made.notes.add(s.span, s.notes, scope, "assumed")
            for option in s.options:
                found.setdefault(option, []).append([list(s.keys), list(s.values), list(s.unless), note])
    return found


def _probes(made: Compilation, statements: list[tree.Statement]) -> Json:
    """``[[names, lines], ...]``: command lines to try on machines, for each a name that they have or that they are by."""
    found = []
    for s in statements:
        if isinstance(s, tree.Probe):
            names: list[str] = []
            for name in s.names:
                if "{" in name.text:
                    names += made.world.matching_machines(name.text)
                elif name.text in made.world.machines or made.world.check(name, "machine"):
                    names.append(name.text)
            if not s.arches or made.world.target.arch in s.arches:
                found.append([names, list(s.lines)])
    return found


def _wished(made: Compilation, statements: list[tree.Statement]) -> Json:
    """The kinds of wishes: taken out of what every question loads, since few options make one."""
    names = (s.names[0].text for s in statements if isinstance(s, tree.Block) and s.what in _WISHED)
    return {name: made.kinds.pop(name) for name in names if name in made.kinds}


def _reading(made: Compilation, statements: list[tree.Statement]) -> list[tree_schema.Reads]:
    return [s for s in statements if isinstance(s, tree_schema.Reads) and _holds(made, s.extent)]


def _reads(made: Compilation, statements: list[tree.Statement]) -> Json:
    """For each option that is read by its schema the ways in which it is; the narrower ones first.

    ``[how, record, implied, only, without, tag, keys, default]``: `keys` is the number of its own ones in the piece ``keys``, or
    None.
    """
    found: dict[str, list[Json]] = {}
    count = 0
    for s in _reading(made, statements):
        for option in s.options:
            own = count if s.members else None
            way = [s.how, s.record, s.implied, list(s.only), list(s.without), s.tag or s.implied, own, s.default]
            found.setdefault(option, []).append(way)
        count += bool(s.members)
    return {option: sorted(ways, key=lambda way: not way[3]) for option, ways in found.items()}


def _share_used_properties(made: Compilation, properties: Json) -> None:
    """Catalogue facts of the properties that rules speak of stand beside the rules: a question needs no other piece."""
    for kind, facts in properties.items():
        used = {name: fact for name, fact in facts.items() if name in made.resolver.used}
        if used and kind in made.world.types:
            made.of(kind)["catalogue"] = used


def _machines(made: Compilation) -> Json:
    """Every concrete machine: its family (None where no rules stand), version, ancestors, and what the catalogue says."""
    owners: dict[str, tuple[int | None, str, str]] = {}
    for number, (pattern, family) in enumerate(made.families.items()):
        made.world.spend(len(made.world.machines), family["span"])
        for name, version in made.world.matching_machines(pattern).items():
            if name in owners:
                message = f"'{name}' belongs to '{owners[name][2]}' already"
                made.resolver.problem("QR213", message, family["span"], "one definition for each machine")
            owners[name] = (number, version, pattern)
    listed: dict[str, list[Json]] = {}
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
    stems: dict[str, int] = {}
    for name in listed:
        stems.setdefault(_stem(name), len(stems))
    return dict(sorted(listed.items(), key=lambda item: (stems[_stem(item[0])], version_key(item[1][1] or "0"))))


def _stem(machine: str) -> str:
    """A machine's name without its version: families keep the catalogue's order, versions get their own."""
    return machine.rstrip("0123456789.")


def _profiles(made: Compilation, statements: list[tree.Statement]) -> Json:
    return {
        s.name.text: {a.name: made.resolver(a.value, Scope()) for a in s.attributes}
        for s in statements
        if isinstance(s, tree.Profile)
    }


def _domains(made: Compilation, statements: list[tree.Statement]) -> Json:
    scope = Scope({"d": SUBJECT}, SUBJECT).with_context(("text", "property", "name", "low", "high", "limit", "near"))
    found = {}
    for s in statements:
        if isinstance(s, tree.Domain):
            for name in s.names:
                found[name.text] = [made.clauses.domain(s.use, scope), made.notes.add(s.span, s.notes, scope, name.text)]
    return found


def _shorthands(made: Compilation, statements: list[tree.Statement]) -> Json:
    """``{option: {value or "": [[what, name, names, value, values], ...]}}``; names in values are keys of the option."""
    found: dict[str, Json] = {}
    for s in statements:
        if not isinstance(s, tree.Shorthand):
            continue
        effects = []
        for effect in (e for e in s.effects if e.what != "keeps"):
            for name in effect.names if effect.what in ("role", "device") else ():
                made.world.check(name, "device type")
            for name in effect.names if effect.what in ("wish", "asks") else ():
                check_wish(made, name)
            value = _option_value(made, effect.value)
            values = [[a.name, _option_value(made, a.value)] for a in effect.attributes]
            effects.append([effect.what, effect.name, [n.text for n in effect.names], value, values])
        found.setdefault(s.option, {}).setdefault(s.value or "", []).extend(effects)
    return found


def _keeps(made: Compilation, statements: list[tree.Statement]) -> Json:
    """``{role: [option, argument]}``: how a command line asks for a default device of another machine; `name` is its type."""
    scope = Scope().with_context(("name",))
    found: dict[str, Json] = {}
    for s in (s for s in statements if isinstance(s, tree.Shorthand)):
        for effect in (e for e in s.effects if e.what == "keeps"):
            check_role(made, effect.names[0])
            found[effect.names[0].text] = [s.option, made.resolver(effect.value, scope)]
    return found


def _option_value(made: Compilation, expr: Expr | None) -> Json:
    """A value in a shorthand: a constant, or ``["key", name]`` for what the user wrote under a key of the option.

    ``["key", "value.kind"]`` and ``["key", "value.rest"]`` are the two halves of a value with a colon.
    """
    if expr is None:
        return None
    if expr.op not in ("path", "literal"):
        made.resolver.problem(
            "QR238", "a shorthand can't work this out", expr.span, "a constant, or the name of a key of the option"
        )
        return None
    return ["key", ".".join(str(a) for a in expr.args)] if expr.op == "path" else expr.args[0]


def _refusals(made: Compilation, statements: list[tree.Statement]) -> Json:
    scope = Scope({"d": SUBJECT}).with_context(_SAID)
    return {
        s.name.text: made.notes.add(s.span, s.notes, scope, s.name.text, s.profile.text)
        for s in statements
        if isinstance(s, tree.Refusal)
    }


def _vendor(s: tree.Vendor) -> Json:
    """``[name, [[pattern, what it stands for]], options, [[document, section]], file, line]``."""
    return [s.name, [list(pair) for pair in s.names], list(s.options), [list(of) for of in s.see], s.span.file, s.span.line]


def _host_messages(made: Compilation, statements: list[tree.Statement]) -> None:
    """Notes that only messages lead to; the options that each is said of stand with its phrases."""
    scope = Scope({"d": SUBJECT}).with_context(_SAID)
    for s in statements:
        if isinstance(s, tree.HostMessage):
            number = made.notes.add(s.span, s.notes, scope, s.name.text)
            made.notes.phrases[number]["of"] = list(s.options)


def _properties(world: World) -> Json:
    """Property facts of the catalogue by the kind that declares them: ``{kind: {name: [domain, default]}}``."""
    found: dict[str, Json] = {}
    for table in (world.types, world.machines):
        for kind, entry in table.items():
            for prop in entry.properties:
                value = prop.default.args[0] if prop.default is not None and prop.default.op in ("literal", "version") else None
                if prop.default is not None and prop.default.op == "negative":
                    inner = prop.default.args[0]
                    assert isinstance(inner, Expr)
                    assert isinstance(inner.args[0], int)
                    value = -inner.args[0]
                for name in prop.names:
                    found.setdefault(kind, {})[name.text] = [
                        prop.domain.args[0] if prop.domain.form == "named" else prop.domain.form,
                        value,
                    ]
    return found
