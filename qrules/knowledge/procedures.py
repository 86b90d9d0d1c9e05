"""Steps and stages to their compiled form: what is done with the elements of a document, in which order."""

from __future__ import annotations

from qrules.diagnostics import did_you_mean
from qrules.knowledge.compilation import Compilation
from qrules.knowledge.forms import Json, laid
from qrules.knowledge.model import ADDS, SEEK, STEP, WRITES
from qrules.knowledge.scopes import SUBJECT, Scope
from qrules.language import tree, tree_documents

_NUMBER = "number"  # what is sought among numbers


def lay_procedures(made: Compilation, statements: list[tree.Statement]) -> dict[str, Json]:
    """``{"elements": {path: kind}, "steps": {name: STEP}, "stages": {name: [[rehearsed, steps], ...]}}`` or nothing."""
    steps = {s.name.text: s for s in statements if isinstance(s, tree_documents.DocumentStep)}
    elements = {path: b.names[0].text for b in statements if isinstance(b, tree.Block) for path in b.paths}
    if not elements:
        return {}
    return {
        "elements": elements,
        "steps": {name: _step(made, step) for name, step in steps.items()},
        "stages": {s.name.text: _stage(made, s, steps) for s in statements if isinstance(s, tree_documents.Stage)},
    }


def _stage(made: Compilation, stage: tree_documents.Stage, steps: dict[str, tree_documents.DocumentStep]) -> Json:
    """Runs of steps, rehearsed or not; lines of one sort that follow each other are one run."""
    runs: list[Json] = []
    for line in stage.lines:
        for name in line.steps:
            if name.text not in steps:
                hint = did_you_mean(name.text, steps)
                made.resolver.problem("QR236", f"there is no step '{name.text}'", name.span, "a 'step' of some rule file", hint)
        if not runs or runs[-1][0] != line.rehearsed:
            runs.append([line.rehearsed, []])
        runs[-1][1].extend(name.text for name in line.steps)
    return runs


def _kind(made: Compilation, name: tree.Name) -> str:
    """A kind of element, which has to be one."""
    if name.text not in made.world.wishes and name.text not in made.world.groups:
        hint = did_you_mean(name.text, made.world.wishes)
        made.resolver.problem("QR237", f"there is no element '{name.text}'", name.span, "an 'element' of some rule file", hint)
    made.resolver.watched.add(name.text)
    return name.text


def _step(made: Compilation, step: tree_documents.DocumentStep) -> Json:
    made.world.spend(8, step.span)
    resolver, kind = made.resolver, _kind(made, step.kind)
    own = Scope({step.variable: SUBJECT}, SUBJECT)
    order, when, scope = resolver(step.order, own), resolver.condition(step.when, own), own
    seeks, grows, lines = [], [], []
    for seek in (line for line in step.lines if isinstance(line, tree_documents.Seek)):
        scope, compiled = _seek(made, seek, scope)
        seeks.append(compiled)
    for line in step.lines:
        match line:
            case tree.Attribute():
                lines.append(["set", resolver.attribute(line.name, line.span, scope), resolver(line.value, scope)])
            case tree_documents.Adds(grows=True):
                grows.append(_adds(made, line, own))
            case tree_documents.Adds():
                lines.append(["add", _adds(made, line, scope)])
            case tree_documents.Drops():
                lines.append(["drop", resolver.condition(line.when, scope)])
            case tree_documents.Holds():
                lines.append(["holds", [_pool(made, name) for name in line.pools], resolver.condition(line.when, scope)])
            case tree_documents.Forgets():
                names = [resolver.attribute(name.text, name.span, scope) for name in line.attributes]
                lines.append(["forgets", names, resolver.condition(line.when, scope)])
            case tree_documents.Writes():
                lines.append(["writes", _writes(made, line, scope)])
            case _:
                pass
    profile = next(iter(made.profiles.deciding), "")
    note = made.notes.add(step.span, step.notes, own, step.name.text, profile)
    return laid(STEP, kind=kind, order=order, when=when, seeks=seeks, grows=grows, lines=lines, note=note)


def _seek(made: Compilation, seek: tree_documents.Seek, scope: Scope) -> tuple[Scope, Json]:
    """The scope with what is found, and the search."""
    source = made.resolver(seek.over, scope)
    inner = scope.having(seek.variable)
    slot = inner.variables[seek.variable]
    kind = _NUMBER if seek.over is not None and seek.over.op == "range" else _kind(made, seek.kind)
    order, condition = made.resolver(seek.order, inner), made.resolver.condition(seek.condition, inner)
    return inner, laid(SEEK, kind=kind, slot=slot, over=source, order=order, condition=condition)


def _adds(made: Compilation, line: tree_documents.Adds, scope: Scope) -> Json:
    inner = scope.with_context(("n",))
    return laid(
        ADDS,
        kind=_kind(made, line.kind),
        many=made.clauses.many(line.many, scope),
        when=made.resolver.condition(line.when, scope),
        values=[[made.resolver.attribute(a.name, a.span, scope), made.resolver(a.value, inner)] for a in line.values],
        note=made.notes.add(line.span, tree.Notes(), scope),
    )


def _writes(made: Compilation, line: tree_documents.Writes, scope: Scope) -> Json:
    members = [[a.name, made.resolver(a.value, scope)] for a in line.members]
    return laid(WRITES, json=line.json, option=line.option, value=made.resolver(line.value, scope), members=members)


def _pool(made: Compilation, name: tree.Name) -> str:
    if name.text not in made.resolver.pools:
        hint = did_you_mean(name.text, made.resolver.pools)
        made.resolver.problem("QR223", f"nothing claims '{name.text}'", name.span, "a pool that an element claims", hint)
    return name.text
