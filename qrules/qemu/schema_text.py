"""Writes what was harvested of options and values as a schema in the rule language. Same facts, same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from qrules.qemu.catalogue_text import name, property_lines, text, unlike
from qrules.qemu.facts import Property
from qrules.qemu.schema_facts import Case, Fixed, Member, Option, Options, Part, Processor, Record, Shape, Told, Values

_KEYWORDS = ("list", "one")  # where a type's name stands, these mean something else


def head(version: str, arches: Iterable[str], what: str) -> str:
    """The first two lines of a schema that stands in a file of its own."""
    return (
        f"# Harvested from QEMU {version} by `qrules harvest`: {what}, no behaviour. Do not edit; harvest again.\n"
        f"schema {text(version)} for {_names(sorted(arches))}\n"
    )


def write_options(options: Options) -> str:
    """The statements of what is the same for all architectures, ending with a line feed."""
    return _sections(
        [
            (line for option in options.options for line in _option(option)),
            *(_record(record) for record in options.records),
        ]
    )


def write_values(values: Values) -> str:
    """The statements of what depends on the architecture, ending with a line feed."""
    return _sections(
        [
            (f"enum {name(enum)} = {', '.join(map(text, words))}" for enum, words in values.enums),
            *(_record(record) for record in values.records),
            (line for option in values.options for line in _option(option)),
            (f"object {name(each)}" for each in values.objects),
            (line for each, properties in values.accelerators for line in _owned(f"accelerator {name(each)}", properties)),
            map(_processor, values.processors),
            (line for each, properties in values.features for line in _owned(f"features {_names(each)}", properties)),
            (_told(f"links {_names(each.names)} to {name(each.what)}", each) for each in values.links),
            (_told(f"form {text(each.what)} of {_names(each.names)}", each) for each in values.forms),
            (line for each in values.fixes for line in _fixed(each)),
        ]
    )


def _names(words: Iterable[str]) -> str:
    return ", ".join(map(name, words))


def _owned(line: str, properties: Iterable[Property]) -> Iterator[str]:
    yield line
    yield from property_lines(properties)


def _sections(sections: Iterable[Iterable[str]]) -> str:
    found = "\n\n".join(filter(None, map("\n".join, sections)))
    return f"{found}\n" if found else ""


def _option(option: Option) -> Iterator[str]:
    yield f"option {text(option.option)}" + (f" is {name(option.record)}" if option.record else "")
    yield from _members(option.members, "  ")


def _record(record: Record) -> Iterator[str]:
    yield f"{'list' if record.listed else 'record'} {name(record.name)}" + (f" by {name(record.tag)}" if record.tag else "")
    yield from _members(record.members, "  ")
    for case in record.cases:
        yield from _case(case)


def _case(case: Case) -> Iterator[str]:
    yield f"  case {_names(case.names)}" + (f" is {name(case.record)}" if case.record else "")
    yield from _members(case.members, "    ")


def _members(members: Iterable[Member], indent: str) -> Iterator[str]:
    """One line for neighbours that share a type: the order is that in which the emulator looks at them."""
    for (needed, shape), group in groupby(members, key=lambda each: (each.needed, each.shape)):
        names = ", ".join(name(each.name) for each in group)
        yield f"{indent}{'needs' if needed else 'takes'} {names}" + (f" : {_shape(shape)}" if shape else "")


def _shape(shape: Shape) -> str:
    return " or ".join(map(_part, shape))


def _part(part: Part) -> str:
    if part.either:
        what = f"({_shape(part.either)})"
    elif part.name:
        what = unlike(part.name, _KEYWORDS)
    else:
        what = f"one of {', '.join(map(text, part.words))}"
    return "list of " * part.lists + what


def _processor(processor: Processor) -> str:
    return f"processor {_names(processor.names)} is {name(processor.type)}" + " deprecated" * processor.deprecated


def _fixed(fixed: Fixed) -> Iterator[str]:
    yield f"fixes {_names(fixed.machines)}" + (f" as {name(fixed.base)}" if fixed.base else "")
    yield from (f"  {name(each)} of {_names(types)} = {text(value)}" for types, each, value in fixed.lines)


def _told(line: str, told: Told) -> str:
    return line + (f" for {_names(told.kinds)}" if told.kinds else "")
