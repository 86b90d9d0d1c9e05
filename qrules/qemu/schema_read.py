"""The facts of a schema's text: what `qrules.qemu.schema_text` writes, read again."""

from __future__ import annotations

from collections.abc import Iterable

from qrules.language import tree
from qrules.language import tree_schema as nodes
from qrules.qemu.facts import Property
from qrules.qemu.schema_facts import Case, Fixed, Member, Option, Options, Part, Processor, Record, Told, Values


def options_of(said: Iterable[tree.Statement]) -> Options:
    """The options and records among statements."""
    statements = tuple(said)
    return Options(
        tuple(_option(s) for s in statements if isinstance(s, nodes.Option)),
        tuple(_record(s) for s in statements if isinstance(s, nodes.Record)),
    )


def values_of(said: Iterable[tree.Statement]) -> Values:
    """All facts among statements."""
    statements = tuple(said)
    both = options_of(statements)
    return Values(
        tuple((s.name.text, s.words) for s in statements if isinstance(s, nodes.Enum)),
        both.records,
        both.options,
        tuple(n.text for s in statements if isinstance(s, nodes.Objects) for n in s.names),
        tuple((s.name.text, _properties(s.properties)) for s in statements if isinstance(s, nodes.Accelerator)),
        tuple(Processor(s.type.text, _texts(s.names), s.deprecated) for s in statements if isinstance(s, nodes.Processor)),
        tuple((_texts(s.types), _properties(s.properties)) for s in statements if isinstance(s, nodes.Features)),
        tuple(Told(s.target.text, _texts(s.names), _texts(s.kinds)) for s in statements if isinstance(s, nodes.Links)),
        tuple(Told(s.text, _texts(s.names), _texts(s.kinds)) for s in statements if isinstance(s, nodes.Form)),
        tuple(_fixed(s) for s in statements if isinstance(s, nodes.Fixes)),
    )


def _fixed(s: nodes.Fixes) -> Fixed:
    lines = tuple((_texts(line.types), line.name.text, line.value) for line in s.lines)
    return Fixed(_texts(s.machines), s.base.text if s.base else "", lines)


def _texts(names: Iterable[tree.Name]) -> tuple[str, ...]:
    return tuple(name.text for name in names)


def _properties(properties: Iterable[tree.Property]) -> tuple[Property, ...]:
    found = [Property(name.text, str(each.domain.args[0]), None) for each in properties for name in each.names]
    return tuple(sorted(found, key=lambda each: each.name))


def _option(s: nodes.Option) -> Option:
    return Option(s.option, s.record.text if s.record else "", _members(s.members))


def _record(s: nodes.Record) -> Record:
    cases = tuple(Case(_texts(c.names), c.record.text if c.record else "", _members(c.members)) for c in s.cases)
    return Record(s.name.text, s.tag.text if s.tag else "", _members(s.members), cases, s.listed)


def _members(members: Iterable[nodes.Member]) -> tuple[Member, ...]:
    return tuple(Member(name.text, m.needed, tuple(map(_part, m.shape))) for m in members for name in m.names)


def _part(part: nodes.ShapePart) -> Part:
    return Part(part.lists, part.name.text if part.name else "", part.words, tuple(map(_part, part.either)))
