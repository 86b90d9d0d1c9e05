"""What is wrong with rule files that can be read: what compiling any of their targets finds, and loose ends.

Loose ends are sound rules and boards that say too little, and words that nothing uses: codes ``QR6xx``. All stand in
docs/language.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.knowledge import sources
from qrules.knowledge.compilation import Profiles, blocks
from qrules.knowledge.model import Knowledge
from qrules.knowledge.words import REFUSALS
from qrules.language import tree
from qrules.language.reader import read_bytes
from qrules.machine.request import Request
from qrules.paths import rules_folder
from qrules.plugging.board import Board
from qrules.rulesets.store import Store

_SHIPPED = "rules/"  # how files of the shipped rules are shown
_DOMAIN = re.compile(r"^ +property [^:\n]+: *([\w-]+)", re.MULTILINE)
_ASKS = "asks-of-boards"  # attribute of machines: the names of what each board is to say itself
_SAID = ("attributes", "properties")
_BEHAVES = re.compile(r"^(?:bus|device|machine|parts|group|term|rule|refusal|domain|shorthand) ", re.MULTILINE)


class Finding(NamedTuple):
    """A loose end. `remove` is the statement or line without which it is mended, where that is safe."""

    code: str
    message: str
    span: Span
    remove: Span | None = None


Read: TypeAlias = Callable[[bytes, str], tuple[tree.Statement, ...]]


def compiling(root: Path | None, progress: Callable[[str], None] | None, every: bool) -> Iterator[Finding]:
    """What compiling the targets of a rule set finds, schemas included; what is kept compiled has nothing to find.

    Raises `Unusable` where a file can't be read.
    """
    store = Store(root.resolve() if root is not None else None, progress)
    targets = store.targets()
    for entry in targets if every or not targets else [store.resolve(None, None)]:
        try:
            store.compiled(entry)
            yield from _unsaid(store.knowledge(entry))
        except Unusable as error:
            for one in error.diagnostics:
                hint = f" ({one.hint})" if one.hint else ""
                yield Finding(one.code, f"{one.message}{hint}", one.span)


def loose_ends(rule_set: sources.RuleSet, reader: Read = read_bytes) -> list[Finding]:
    """The findings in the files of a rule set; `reader` gives the statements of one. Raises `Unusable`."""
    read = list(statements(rule_set, reader))
    loose = [*_unused(read, _catalogued(rule_set)), *_profiles(read)]
    found = [*_without_reason(read, _policies(read)), *loose, *_unworded(read, rule_set)]
    return sorted(found, key=lambda f: (f.span.file, f.span.line, f.code))


def statements(rule_set: sources.RuleSet, reader: Read = read_bytes) -> Iterator[tree.Statement]:
    """All statements of a rule set but those of catalogues that only list. Raises `Unusable` with every problem found."""
    problems: list[Diagnostic] = []
    catalogues = (p for p in dict.fromkeys(rule_set.catalogues.values()) if _BEHAVES.search(rule_set.text(p)))
    for path in (*rule_set.rules, *catalogues):
        try:
            yield from reader(rule_set.contents[path], rule_set.shown(path))
        except Unusable as error:
            problems.extend(error.diagnostics)
    if problems:
        raise Unusable(problems)


def _unsaid(knowledge: Knowledge) -> Iterator[Finding]:
    """What kinds of machines ask their boards to say, and one leaves to what is taken where nothing is said."""
    board = Board(knowledge)
    newest = {facts.family: facts for name in knowledge.machine_names() if (facts := knowledge.machine(name)) is not None}
    for facts in (each for each in newest.values() if each.family is not None):
        family = board.family(facts)
        own = [family.piece, *(knowledge.shared["kinds"].get(k, {}) for k in facts.line)]
        said = {n for of in own if _ASKS not in of.get("attributes", ()) for what in _SAID for n in of.get(what, ())}
        state, _ = board.build_machine(facts, Request(facts.name))
        for name in sorted({*(state.machine.get(_ASKS, state) or ())} - said):
            message = f"{facts.name} says nothing of '{name}', which is asked of every board"
            note = knowledge.note(next(family.notes()))
            yield Finding("QR614", message, Span(note.file, note.line))


# ------------------------------------------------------------------------------------- reasons and sources
def _policies(said: list[tree.Statement]) -> set[Span]:
    """Where the rules of profiles stand that a site has of its own and that decide nothing: who makes them is their source."""
    deciding = Profiles(said).deciding
    own = {s.name.text for s in said if isinstance(s, tree.Profile) and not s.name.span.file.startswith(_SHIPPED)} - deciding
    rules = [s for s in said if isinstance(s, tree.Rule)]
    rules += [c for block in blocks(said) for c in block.clauses if isinstance(c, tree.Rule)]
    return {r.name.span for r in rules if r.profile is not None and r.profile.text in own}


def _without_reason(said: list[tree.Statement], policies: set[Span]) -> Iterator[Finding]:
    """Whatever can refuse says why, and, if it is no policy, by which source."""
    for name, span, notes in refusing(said):
        if notes.because is None:
            yield Finding("QR601", f"{name} does not say why (because)", span)
        if not notes.see and span not in policies:
            yield Finding("QR602", f"{name} cites no source (see)", span)


def refusing(said: list[tree.Statement]) -> Iterator[tuple[str, Span, tree.Notes]]:
    """Whatever can refuse: what it is called, where it stands, and what it says."""
    for s in said:
        if isinstance(s, tree.Rule):
            yield f"the rule '{s.name.text}'", s.name.span, s.notes
        elif isinstance(s, tree.Refusal):
            yield f"the refusal '{s.name.text}'", s.name.span, s.notes
        elif isinstance(s, tree.HostMessage):
            yield f"the message '{s.name.text}'", s.name.span, s.notes
        elif isinstance(s, tree.Domain) and s.notes.words:
            yield f"the domain '{s.names[0].text}'", s.names[0].span, s.notes
    for clause in (c for block in blocks(said) for c in block.clauses):
        match clause:
            case tree.Rule():
                yield f"the rule '{clause.name.text}'", clause.name.span, clause.notes
            case tree.Claims():
                yield f"the claim of '{clause.pool}'", clause.span, clause.notes
            case tree.Becomes():
                yield "what becomes of a device elsewhere", clause.span, clause.notes
            case tree.Addressed():
                yield f"the address '{clause.property}'", clause.span, _joined(clause)
            case _:
                pass


def _joined(clause: tree.Addressed) -> tree.Notes:
    """What an address scheme says, in its own lines or in those of its dimensions."""
    parts = [clause.notes, *(d.notes for d in clause.dimensions)]
    because = next((p.because for p in parts if p.because is not None), None)
    return tree.Notes(because, tuple(s for p in parts for s in p.see))


# ------------------------------------------------------------------------------------- what nothing uses
def _catalogued(rule_set: sources.RuleSet) -> set[tuple[str, str]]:
    """The domains that catalogues name; they are long, so they are scanned, not parsed."""
    texts = (rule_set.text(path) for path in dict.fromkeys(rule_set.catalogues.values()))
    return {("domain", name) for text in texts for name in _DOMAIN.findall(text)}


def _unused(said: list[tree.Statement], catalogued: set[tuple[str, str]]) -> Iterator[Finding]:
    mentioned = catalogued.union(_words(said))
    for s in said:
        match s:
            case tree.Group(name=name):
                what = "group"
            case tree.Term(name=name):
                what = "term"
            case tree.Domain(names=(name, *_)):
                what = "domain"
            case tree.Block(what="parts", names=(name, *_)):
                what = "parts"
            case _:
                continue
        if (what, name.text) not in mentioned:
            yield Finding(
                "QR603",
                f"nothing uses the {what} '{name.text}'" if what != "parts" else f"no machine includes '{name.text}'",
                name.span,
                s.span if not isinstance(s, tree.Domain) or len(s.names) == 1 else None,
            )


def _profiles(said: list[tree.Statement]) -> Iterator[Finding]:
    """Profiles that nothing belongs to; claims and rules without a profile belong to the one that decides."""
    named = {s.profile.text for s in said if isinstance(s, tree.Rule | tree.Refusal) and s.profile is not None}
    named |= {c.profile.text for b in blocks(said) for c in b.clauses if isinstance(c, tree.Rule) and c.profile is not None}
    deciding = Profiles(said).deciding
    for s in said:
        if isinstance(s, tree.Profile) and s.name.text not in named | deciding:
            yield Finding("QR603", f"no rule belongs to the profile '{s.name.text}'", s.name.span)


def _words(said: list[tree.Statement]) -> Iterator[tuple[str, str]]:
    """Every use of a name, with what it could be the name of."""
    for s in said:
        if isinstance(s, tree.Group):
            yield from (("group", m.text) for m in s.members)
        elif isinstance(s, tree.Type | tree.MachineType):
            yield from (("domain", str(p.domain.args[0])) for p in s.properties if p.domain.form == "named")
        else:
            yield from _within(s.clauses if isinstance(s, tree.Block) else s)
        if isinstance(s, tree.Block):
            yield from (("group", n.text) for n in s.names)


def _within(node: object) -> Iterator[tuple[str, str]]:
    match node:
        case tree.Expr(op="call", args=(tree.Name() as name, *rest)):
            yield "term", name.text
            yield from (("group", str(a.args[0])) for a in rest if isinstance(a, tree.Expr) and a.op == "path")
            yield from _each(rest)
        case tree.DomainUse(form="named"):
            yield "domain", str(node.args[0])
        case tree.Includes():
            yield "parts", node.name.text
            yield from (("group", str(value.args[0])) for value in node.values if value.op == "path")
            yield from _each((node.when, *node.values))
        case tree.Name():
            yield "group", node.text
        case tuple():
            yield from _each(node)
        case _ if is_dataclass(node) and not isinstance(node, type):
            yield from _each(
                getattr(node, f.name) for f in fields(node) if not (isinstance(node, tree.Term) and f.name == "name")
            )
        case _:
            return


def _each(nodes: Iterable[object]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        yield from _within(node)


# ------------------------------------------------------------------------------------- the engine's refusals
def _unworded(said: list[tree.Statement], rule_set: sources.RuleSet) -> Iterator[Finding]:
    worded = {s.name.text for s in said if isinstance(s, tree.Refusal)}
    where = Span(str(rule_set.root) if rule_set.root != rules_folder() else "rules", 0)
    for name in REFUSALS:
        if name not in worded:
            yield Finding("QR604", f"the engine's refusal '{name}' has no words (refusal {name} : PROFILE)", where)
