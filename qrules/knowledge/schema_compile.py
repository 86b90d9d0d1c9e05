"""Schema files to compiled pieces: plain JSON, so cut that who asks for one option loads no other.

A file's pieces are ``index``, ``plain`` (options with flat keys), ``enums``, ``objects``, ``accelerators``, ``processors``,
``features``, ``links``, ``forms``, ``fixes`` (each where there is anything of it), and one for each record that a question
begins with, ``record-0`` and so on, with all records that it speaks of. `qrules.knowledge.schema` reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from qrules.diagnostics import Diagnostic, Unusable, did_you_mean
from qrules.knowledge.forms import Json
from qrules.language import tree
from qrules.language import tree_schema as nodes

_WIDTHS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
TYPES = frozenset(("str", "int", *_WIDTHS, "size", "bool", "number", "null", "any", "string", "boolean"))
"""Words for values that are no records: those of QAPI's introspection, of its visitors, and of QEMU's flat options."""

MOST_COPIES = 20_000
"""Of records in the pieces of a file, each of which has all that it speaks of. The largest file shipped has 69."""


def compile_schema(statements: Iterable[tree.Statement]) -> dict[str, Json]:
    """The pieces of one file by name. Raises `Unusable` with every name that is declared twice or not at all."""
    said = list(statements)
    records = {s.name.text: s for s in said if isinstance(s, nodes.Record)}
    problems = [*_twice(said), *_unknown(said, records), *_baseless(said)] or list(_circular(records))
    if problems:
        raise Unusable(problems)
    pieces: dict[str, Json] = {}
    where: dict[str, str] = {}
    options = {s.option: s for s in said if isinstance(s, nodes.Option)}
    spent = 0
    for root in _roots(records, options.values()):
        if root not in where:
            piece = f"record-{len(pieces)}"
            reached = list(_reached(root, records))
            spent += len(reached)
            if spent > MOST_COPIES:
                message = f"the schema becomes too large when it is compiled: more than {MOST_COPIES:,} copies of its records"
                hint = "look for chains of records of which each is an option's, too"
                raise Unusable([Diagnostic("QR230", message, records[root].span, hint=hint)])
            pieces[piece] = {name: _record(records[name], records) for name in reached}
            where.update({name: where.get(name, piece) for name in reached})
            where[root] = piece
    plain = {name: [_member(m, records) for m in s.members] for name, s in options.items() if s.record is None}
    pieces |= {name: piece for name, piece in {"plain": plain, **_lists(said)}.items() if piece}
    pieces["index"] = {
        "options": {name: s.record.text if s.record is not None else "" for name, s in options.items()},
        "records": where,
        "pieces": sorted(pieces),
    }
    return pieces


# ------------------------------------------------------------------------------------- records
def _roots(records: dict[str, nodes.Record], options: Iterable[nodes.Option]) -> Iterator[str]:
    """The records that questions begin with: those of options, and those that no record speaks of; then any that are left."""
    yield from (s.record.text for s in options if s.record is not None)
    inner = {name for each in records.values() for name in _spoken_of(each) if name != each.name.text}
    yield from (name for name in records if name not in inner)
    yield from records


def _reached(root: str, records: dict[str, nodes.Record]) -> Iterator[str]:
    queue, seen = [root], {root}
    while queue:
        name = queue.pop(0)
        yield name
        new = [each for each in dict.fromkeys(_spoken_of(records[name])) if each in records and each not in seen]
        seen.update(new)
        queue.extend(new)


def _spoken_of(record: nodes.Record) -> Iterator[str]:
    """The names in a record where a type or a record stands."""
    yield from (name.text for name in _types(record))
    yield from (case.record.text for case in record.cases if case.record is not None)


def _types(said: nodes.Record | nodes.Option) -> Iterator[tree.Name]:
    cases = said.cases if isinstance(said, nodes.Record) else ()
    for member in (*said.members, *(m for case in cases for m in case.members)):
        yield from _of_shape(member.shape)


def _of_shape(shape: Iterable[nodes.ShapePart]) -> Iterator[tree.Name]:
    for part in shape:
        if part.name is not None:
            yield part.name
        yield from _of_shape(part.either)


def _record(record: nodes.Record, records: dict[str, nodes.Record]) -> Json:
    """``[listed, tag, members, cases]``; a case is ``[values, record or "", members]``."""
    cases = [
        [[n.text for n in case.names], case.record.text if case.record else "", [_member(m, records) for m in case.members]]
        for case in record.cases
    ]
    return [record.listed, record.tag.text if record.tag else "", [_member(m, records) for m in record.members], cases]


def keys_of(said: nodes.Reads) -> Json:
    """The keys of an option that no schema has, as those of a record."""
    return [_member(member, {}) for member in said.members]


def _member(member: nodes.Member, records: dict[str, nodes.Record]) -> Json:
    """``[needed, names, shape]``; see `_part`."""
    return [member.needed, [n.text for n in member.names], [_part(part, records) for part in member.shape]]


def _part(part: nodes.ShapePart, records: dict[str, nodes.Record]) -> Json:
    """``[lists, what, value]``: `what` is type, record, words or either."""
    if part.name is not None:
        return [part.lists, "record" if part.name.text in records else "type", part.name.text]
    if part.either:
        return [part.lists, "either", [_part(each, records) for each in part.either]]
    return [part.lists, "words", list(part.words)]


# ------------------------------------------------------------------------------------- what is listed
def _lists(said: list[tree.Statement]) -> dict[str, Json]:
    return {
        "enums": {s.name.text: list(s.words) for s in said if isinstance(s, nodes.Enum)},
        "objects": [n.text for s in said if isinstance(s, nodes.Objects) for n in s.names],
        "accelerators": {s.name.text: _properties(s.properties) for s in said if isinstance(s, nodes.Accelerator)},
        "processors": _processors([s for s in said if isinstance(s, nodes.Processor)]),
        "features": {t.text: _properties(s.properties) for s in said if isinstance(s, nodes.Features) for t in s.types},
        "links": _told((s.target.text, s) for s in said if isinstance(s, nodes.Links)),
        "forms": _told((s.text, s) for s in said if isinstance(s, nodes.Form)),
        "fixes": _fixes([s for s in said if isinstance(s, nodes.Fixes)]),
    }


def _fixes(said: list[nodes.Fixes]) -> Json:
    """``{machine: [base or "", [[[types], property, value], ...]]}``."""
    return {
        name.text: [s.base.text if s.base else "", [[[t.text for t in f.types], f.name.text, f.value] for f in s.lines]]
        for s in said
        for name in s.machines
    }


def _properties(properties: Iterable[tree.Property]) -> dict[str, Json]:
    """``{type: [names]}``: most properties have one of a few types."""
    found: dict[str, Json] = {}
    for each in properties:
        type_ = each.domain.args[0] if each.domain.form == "named" else each.domain.form
        found.setdefault(str(type_), []).extend(n.text for n in each.names)
    return found


def _processors(said: list[nodes.Processor]) -> Json:
    """``[{ending: [names]}, {name: type}, [names of deprecated ones]]``: most types are called like a name with an ending."""
    regular: dict[str, list[str]] = {}
    others: dict[str, str] = {}
    for each in said:
        for name in each.names:
            if each.type.text.startswith(name.text):
                regular.setdefault(each.type.text.removeprefix(name.text), []).append(name.text)
            else:
                others[name.text] = each.type.text
    return [regular, others, [n.text for s in said if s.deprecated for n in s.names]] if said else None


def _told(said: Iterable[tuple[str, nodes.Links | nodes.Form]]) -> Json:
    """``{"": {property: what}, kind: {property: what}}``: what holds for all types stands under no kind."""
    found: dict[str, dict[str, str]] = {}
    for what, statement in said:
        for kind in [k.text for k in statement.kinds] or [""]:
            found.setdefault(kind, {}).update({n.text: what for n in statement.names})
    return found


# ------------------------------------------------------------------------------------- problems
def _twice(said: list[tree.Statement]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], Any] = {}
    for statement in said:
        for what, name, span in _declared(statement):
            known = first.setdefault((what, name), span)
            if known is not span:
                related = ((known, "the first time"),)
                yield Diagnostic("QR201", f"'{name}' is declared twice", span, related=related)


def _declared(statement: tree.Statement) -> Iterator[tuple[str, str, Any]]:
    match statement:
        case nodes.Record() | nodes.Enum():
            yield "type", statement.name.text, statement.name.span
            if isinstance(statement, nodes.Record):
                yield from ((f"{statement.name.text} =", n.text, n.span) for case in statement.cases for n in case.names)
        case nodes.Option():
            yield "option", statement.option, statement.span
        case nodes.Processor():
            yield from (("processor", n.text, n.span) for n in statement.names)
        case nodes.Accelerator():
            yield "accelerator", statement.name.text, statement.name.span
        case nodes.Fixes():
            yield from (("machine", n.text, n.span) for n in statement.machines)
        case _:
            pass


def _circular(records: dict[str, nodes.Record]) -> Iterator[Diagnostic]:
    """A record that is its own case, at once or by way of others: what it takes would have no end."""
    safe: set[str] = set()
    for root in records:
        path: dict[str, Iterator[tree.Name]] = {root: _cases(records[root])}
        while path and root not in safe:
            last = next(reversed(path))
            inner = next(path[last], None)
            if inner is None:
                safe.add(last)
                del path[last]
            elif inner.text in path:
                message = f"the record '{inner.text}' is a case of itself"
                yield Diagnostic("QR225", message, inner.span, "records without a circle")
                return
            elif inner.text not in safe:
                path[inner.text] = _cases(records[inner.text])


def _cases(record: nodes.Record) -> Iterator[tree.Name]:
    return (case.record for case in record.cases if case.record is not None)


def _unknown(said: list[tree.Statement], records: dict[str, nodes.Record]) -> Iterator[Diagnostic]:
    """Names of types that are none, and of records that no one declares."""
    for statement in said:
        if isinstance(statement, nodes.Option) and statement.record is not None:
            yield from _known(statement.record, "record", records)
        if isinstance(statement, nodes.Record):
            for case in statement.cases:
                yield from _known(case.record, "record", records) if case.record is not None else ()
        if isinstance(statement, nodes.Record | nodes.Option):
            for name in _types(statement):
                yield from _known(name, "type", {*records, *TYPES})


def _baseless(said: list[tree.Statement]) -> Iterator[Diagnostic]:
    """Machines whose defaults are to be those of one that stands nowhere above them: so they go round in no circle, either."""
    above: set[str] = set()
    for statement in said:
        if isinstance(statement, nodes.Fixes):
            if statement.base is not None and statement.base.text not in above:
                what = f"no machine '{statement.base.text}' has its defaults above this line"
                yield Diagnostic(
                    "QR233",
                    what,
                    statement.base.span,
                    "a machine of an earlier `fixes`",
                    did_you_mean(statement.base.text, above),
                )
            above.update(name.text for name in statement.machines)


def _known(name: tree.Name, what: str, known: Collection[str]) -> Iterator[Diagnostic]:
    if name.text not in known:
        expected = "a record of this file" + (f", or {', '.join(sorted(TYPES))}" if what == "type" else "")
        yield Diagnostic("QR233", f"there is no {what} '{name.text}'", name.span, expected, did_you_mean(name.text, known))
