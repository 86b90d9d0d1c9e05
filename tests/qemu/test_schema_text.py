"""The writer of schemas: made-up facts as text, and any facts as text that reads back as the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qrules.knowledge.schema_compile import TYPES
from qrules.language.formatter import formatted
from qrules.language.reader import read_text
from qrules.qemu.facts import Property
from qrules.qemu.schema_facts import Case, Fixed, Member, Option, Options, Part, Processor, Record, Shape, Told, Values
from qrules.qemu.schema_read import options_of, values_of
from qrules.qemu.schema_text import head, write_options, write_values

STR, INT = (Part(0, "str"),), (Part(0, "int"),)
OPTIONS = Options(
    (Option("-net", "net", ()), Option("-flat", "", (Member("file", False, (Part(0, "string"),)),))),
    (
        Record(
            "net",
            "kind",
            (
                Member("id", True, STR),
                Member("kind", True, ()),
                Member("a", False, STR),
                Member("b.0", False, STR),
                Member("mode", False, (Part(1, "", ("on", "a/b")),)),
                Member("file", True, (Part(0, "net"), Part(0, "str"), Part(0, "null"))),
                Member("more", True, (Part(2, "", (), (Part(0, "net"), Part(1, "list"))),)),
            ),
            (Case(("none",), "", ()), Case(("x", "2y"), "", (Member("n", True, INT),)), Case(("z",), "net", ())),
        ),
    ),
)
OPTION_TEXT = """\
option "-net" is net
option "-flat"
  takes file : string

record net by kind
  needs id : str
  needs kind
  takes a, "b.0" : str
  takes mode : list of one of "on", "a/b"
  needs file : net or str or null
  needs more : list of list of (net or list of "list")
  case none
  case x, "2y"
    needs n : int
  case z is net
"""
VALUES = Values(
    enums=(("OnOff", ("on", "2_5")), ("on|off", ("on", "off"))),
    records=(Record("Box", "", (Member("w", False, INT),), ()), Record("Boxes", "", (Member("h", True, INT),), (), True)),
    options=(Option("-own", "", (Member("k", False, (Part(0, "boolean"),)),)),),
    objects=("rope", "x,y"),
    accelerators=(("fast", (Property("a", "bool", None), Property("b", "on|off", None))),),
    processors=(Processor("toy-cpu", ("1toy", "toy"), True), Processor("x-cpu", ("x",), False)),
    features=((("toy-cpu", "x-cpu"), (Property("sse4.1", "bool", None),)),),
    links=(Told("rope", ("a", "b"), ()),),
    forms=(Told("", ("mac",), ("a-type", "b,type")), Told('say "x"', ("mac",), ())),
)
VALUE_TEXT = """\
enum OnOff = "on", "2_5"
enum "on|off" = "on", "off"

record Box
  takes w : int

list Boxes
  needs h : int

option "-own"
  takes k : boolean

object rope
object "x,y"

accelerator fast
  property a : bool
  property b : "on|off"

processor "1toy", toy is toy-cpu deprecated
processor x is x-cpu

features toy-cpu, x-cpu
  property "sse4.1" : bool

links a, b to rope

form "" of mac for a-type, "b,type"
form "say \\"x\\"" of mac
"""


def test_every_kind_of_fact() -> None:
    assert write_options(OPTIONS) == OPTION_TEXT
    assert write_values(VALUES) == VALUE_TEXT


def test_the_head_names_version_and_architectures() -> None:
    assert head("9.9.1", ("toy", "486"), "options").splitlines() == [
        "# Harvested from QEMU 9.9.1 by `qrules harvest`: options, no behaviour. Do not edit; harvest again.",
        'schema "9.9.1" for "486", toy',
    ]


def test_the_text_is_in_the_one_style() -> None:
    for text in (OPTION_TEXT, VALUE_TEXT):
        assert formatted(text) == text


def test_it_reads_back_as_the_same() -> None:
    assert options_of(read_text(OPTION_TEXT, "x.qr")) == OPTIONS
    assert values_of(read_text(VALUE_TEXT, "x.qr")) == VALUES


# ------------------------------------------------------------------------------------- any facts
NAMES = st.one_of(
    st.sampled_from(
        (
            "list",
            "one",
            "or",
            "of",
            "needs",
            "case",
            "by",
            "is",
            "record",
            "for",
            "deprecated",
            "on",
            "every",
            "like",
            "tls-creds",
        )
    ),
    st.text(st.sampled_from('abzAZ019-_., "\\{}#|é'), min_size=1, max_size=6),
)
UNIQUE = {"min_size": 1, "max_size": 3, "unique": True}
WORDS = st.lists(NAMES, **UNIQUE).map(tuple)
NONE: st.SearchStrategy[tuple[Any, ...]] = st.just(())  # builds() makes up what a named tuple is not given
SCALARS = st.builds(Part, st.integers(0, 2), st.sampled_from(sorted(TYPES)) | NAMES, NONE, NONE)
ENUMS = st.builds(Part, st.integers(0, 2), st.just(""), WORDS, NONE)
SIMPLE = SCALARS | ENUMS
EITHER = st.builds(Part, st.integers(1, 2), st.just(""), st.just(()), st.lists(SIMPLE, min_size=2, max_size=3).map(tuple))
SHAPES: st.SearchStrategy[Shape] = st.lists(SIMPLE | EITHER, min_size=1, max_size=3).map(tuple)


def named(members: st.SearchStrategy[Any], **bounds: Any) -> st.SearchStrategy[Any]:
    return st.lists(members, unique_by=lambda each: each.name, **bounds).map(tuple)


MEMBERS = named(st.builds(Member, NAMES, st.booleans(), SHAPES | st.just(())), max_size=4)
CASES = st.lists(st.builds(Case, WORDS, NAMES, st.just(())) | st.builds(Case, WORDS, st.just(""), MEMBERS), max_size=3).map(tuple)
RECORDS = st.lists(st.builds(Record, NAMES, st.just("") | NAMES, MEMBERS, CASES, st.booleans()), max_size=3).map(tuple)
OPTION_LISTS = st.lists(
    st.builds(Option, NAMES, NAMES, st.just(())) | st.builds(Option, NAMES, st.just(""), MEMBERS), max_size=3
).map(tuple)
PROPERTIES = st.lists(st.builds(Property, NAMES, NAMES, st.none()), unique_by=lambda each: each.name, max_size=4).map(
    lambda found: tuple(sorted(found, key=lambda each: each.name))
)
FIXED = st.builds(Fixed, WORDS, st.just("") | NAMES, st.lists(st.tuples(WORDS, NAMES, NAMES), max_size=3).map(tuple))
TOLD = st.builds(Told, NAMES, WORDS, st.just(()) | WORDS)


@settings(max_examples=200, deadline=None)
@given(st.builds(Options, OPTION_LISTS, RECORDS))
def test_any_options_read_back_as_the_same(options: Options) -> None:
    text = write_options(options)
    assert options_of(read_text(text, "x.qr")) == options
    assert formatted(text) == text


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Values,
        st.lists(st.tuples(NAMES, WORDS), max_size=3).map(tuple),
        RECORDS,
        OPTION_LISTS,
        st.lists(NAMES, max_size=3).map(tuple),
        st.lists(st.tuples(NAMES, PROPERTIES), max_size=2).map(tuple),
        st.lists(st.builds(Processor, NAMES, WORDS, st.booleans()), max_size=3).map(tuple),
        st.lists(st.tuples(WORDS, PROPERTIES), max_size=2).map(tuple),
        st.lists(TOLD, max_size=3).map(tuple),
        st.lists(TOLD, max_size=3).map(tuple),
        st.lists(FIXED, max_size=3).map(tuple),
    )
)
def test_any_values_read_back_as_the_same(values: Values) -> None:
    text = write_values(values)
    assert values_of(read_text(text, "x.qr")) == values
    assert formatted(text) == text
