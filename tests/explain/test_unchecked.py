"""What of a config nobody looks at is told, whatever it is: an accepted config has no part that went unread without a word."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qrules.configs import argv
from qrules.configs.vocabulary import Vocabulary
from qrules.diagnostics import Unusable
from qrules.explain.bulk import Bulk
from qrules.explain.verdicts import Verdict, judge, judge_running
from qrules.knowledge.model import Knowledge
from qrules.linked.domains import is_read
from qrules.machine.request import DeviceRequest, Where
from qrules.plugging.board import Board
from qrules.report import json as shapes
from qrules.report import text
from qrules.report.style import Style
from qrules.rulesets.store import Store
from tests.boards import MakeBoard

SHELF = """
catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property colour : Colour
  property width : uint8 = 1
  property note : string
machine-type shelf is machine
  default
  property lamp : LampKind
profile run
domain uint8 = 0 .. 255
shorthand "-door"
  machine door = side
shorthand "-rope"
  wish rope
    length = length
    knot = knot
wish rope "what -rope asks for"
  property length : uint8
  property knot : Colour
backend wire
  option "-netdev" named id only copper
values "-netdev" kind = "copper", "gold"
ignores "-paint", "-lock", "-S"
assumes "-lock" value, key = "brass*" unless "brassy"
  because "the key '{text}' fits"
assumes "-netdev" end
  because "'{text}' can be reached"
device card
  property colour : Colour
machine shelf
  fact door : one of "left", "right"
  property lamp : LampKind
  provides wide called "wide.0"
"""
WORDS = {
    "-door": ["left", "side=left", "side=left,hinge=2"],
    "-rope": ["length=3", "length=3,knot=flat", "length=3,fibre=hemp"],
    "-netdev": [
        "id=a,kind=gold",
        "id=b,kind=copper,end=sea",
        "id=c,kind=gold,thick=on",
        '{"id": "d", "core": {"end": "x", "wet": true}}',
    ],
    "-paint": ["red"],
    "-lock": ["brass-3", "key=brass", "brassy", "brass,key=iron"],
    "-device": ["card", "card,width=3", "card,colour=red", "card,note=x,colour=blue"],
}
UNREAD = {
    "left": ["left"], "side=left": [], "side=left,hinge=2": ["hinge=2"],
    "length=3": [], "length=3,knot=flat": ["knot=flat"], "length=3,fibre=hemp": ["fibre=hemp"],
    "id=a,kind=gold": [], "id=b,kind=copper,end=sea": [], "id=c,kind=gold,thick=on": ["thick=on"],
    '{"id": "d", "core": {"end": "x", "wet": true}}': ["core.wet"],
    "red": ["red"], "brass-3": [], "key=brass": [], "brassy": ["brassy"], "brass,key=iron": ["key=iron"],
    "card": [], "card,width=3": [], "card,colour=red": ["colour=red"], "card,note=x,colour=blue": ["colour=blue"],
}  # fmt: skip


def ask(board: Board, *words: str) -> Verdict:
    return judge(board, argv.read(list(words), board.knowledge))


@pytest.fixture(scope="module")
def shelf(make_board: MakeBoard) -> Board:
    return make_board(SHELF)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([(option, value) for option, values in WORDS.items() for value in values]), max_size=6, unique=True)
)
def test_all_that_nobody_reads_is_told_with_its_place(shelf: Board, said: list[tuple[str, str]]) -> None:
    words = [word for pair in said for word in pair]
    answer = ask(shelf, *words)
    assert answer.verdict == "accept"
    told = sorted((u.span.argument, u.written) for u in answer.unchecked if u.span is not None)
    assert told == sorted((2 * i + 1, written) for i, (_, value) in enumerate(said) for written in UNREAD[value])
    for one in answer.unchecked:
        assert one.span is not None
        assert one.written.replace("core.", "") in words[one.span.argument][one.span.start : one.span.end]


def test_what_the_host_decides_is_taken_as_given_where_the_rule_says_so(shelf: Board) -> None:
    answer = ask(shelf, "-lock", "brass", "-netdev", "id=b,kind=copper,end=sea")
    assert [(r.message, r.severity, r.span) for r in answer.assumed] == [
        ("the key 'brass' fits", "note", Where(1, 0, 5)),
        ("'sea' can be reached", "note", Where(3, 0, 24)),
    ]
    assert answer.unchecked == ()


def test_an_option_that_stands_alone_has_nothing_to_be_read(shelf: Board) -> None:
    answer = ask(shelf, "-S")
    assert (answer.verdict, answer.unchecked, answer.assumed) == ("accept", (), ())


def test_options_of_the_machine_and_values_for_all_of_a_type(shelf: Board) -> None:
    assert [u.written for u in ask(shelf, "-M", "shelf,lamp=gas").unchecked] == ["lamp=gas"]
    assert [u.written for u in ask(shelf, "-global", "card.colour=red", "-device", "card").unchecked] == ["card.colour=red"]
    assert ask(shelf, "-global", "card.colour=red").unchecked == ()  # the emulator looks at it when there is a card
    assert [u.written for u in ask(shelf, "-set", "wire.a.thick=on", "-netdev", "id=a").unchecked] == []  # refused: not there yet


def test_what_is_refused_was_looked_at(shelf: Board) -> None:
    answer = ask(shelf, "-device", "card,colour=red,width=x")
    assert ([r.about for r in answer.reasons], [u.written for u in answer.unchecked]) == (["width"], ["colour=red"])
    answer = ask(shelf, "-rope", "length=x,fibre=hemp")
    assert (answer.verdict, [u.written for u in answer.unchecked]) == ("reject", ["fibre=hemp"])


def test_what_is_set_of_another_option_is_looked_at_as_if_it_stood_there(shelf: Board) -> None:
    for written in ("thick=on", "kind=gold"):
        words = ["-netdev", "id=a", "-set", f"netdev.a.{written}"]
        answer = ask(shelf, *words)
        plain = ask(shelf, "-netdev", f"id=a,{written}")
        assert answer.verdict == plain.verdict == "accept"
        assert [u.written.partition("=")[0] for u in answer.unchecked] == [u.written.partition("=")[0] for u in plain.unchecked]
        assert all(u.span == Where(1, 0, 4) for u in answer.unchecked)


OF_KINDS = """
reads "-table" as keys by kind for "wide"
  takes kind : number
  takes colour : string
reads "-table" as keys by kind for "long" since 3.0
  takes legs : number
reads "-table" as keys by plan
  takes plan : string
ignores "-table"
refusal no-such-key : run
  says "no key {property}"
refusal malformed-key : run
  says "{property} is a number"
"""


def test_the_rules_tell_keys_that_no_schema_has(make_board: MakeBoard) -> None:
    board = make_board(SHELF + OF_KINDS)
    heard = {
        "kind=wide,colour=red": "kind is a number",
        "colour=red,shade=x,kind=wide": "no key shade",
        "plan=x,kind=wide": "no key kind",
        "kind=long,legs=x": "",  # of another version
    }
    for words, said in heard.items():
        reasons = ask(board, "-table", words).reasons
        assert [r.emulator_message for r in reasons] == ([said] if said else [])


def test_what_comes_later_is_looked_at_too(shelf: Board) -> None:
    later = (DeviceRequest("card", properties={"colour": "red"}),)
    (one,) = judge_running(shelf, argv.read([], shelf.knowledge), later).unchecked
    assert (one.written, one.device, one.hotplug) == ("colour=red", None, 0)


def test_as_text_and_as_json(shelf: Board) -> None:
    words = ["-paint", "red", "-device", "card,colour=red", "-device", "card,colour=red"]
    answer = ask(shelf, *words)
    shown = text.verdict(answer, Style(False), words)
    assert shown.replace("\x00", "").splitlines()  # one text
    for line in ("not looked at: no rule says what is right here", "-paint red          argument 2", "arguments 4 and 6"):
        assert line in shown
    assert shapes.verdict(answer)["unchecked"][:2] == [
        {"option": "-paint", "written": "red", "span": {"argument": 1, "start": 0, "end": 3}, "device": None},
        {"option": "-device", "written": "colour=red", "span": {"argument": 3, "start": 0, "end": 15}, "device": 0},
    ]


# ------------------------------------------------------------------------------------- the shipped rules
def test_no_option_of_the_emulator_is_passed_over_in_silence(board: Board) -> None:
    """Nonsense behind an option is refused, told as not looked at, or taken as given.

    A name may be any text, a keyboard is looked at by VNC alone, and an event that cannot be traced is warned of.
    """
    words = Vocabulary(board.knowledge)
    silent = set()
    for option in sorted(words.known - words.absent.keys() - {"-readconfig"}):
        try:
            answer = ask(board, "-M", "none", option, "zzz")
        except Unusable:
            continue
        if answer.verdict == "accept" and not answer.unchecked and not answer.assumed:
            silent.add(option)
    assert silent <= {"-k", "-name", "-trace"}


def test_a_property_of_which_only_the_name_is_known_is_told(board: Board, knowledge: Knowledge) -> None:
    told = 0
    for name, (status, _, line, _) in knowledge.shared["types"].items():
        kind = board.kinds.type(name)
        assert kind is not None
        for prop in knowledge.property_names(tuple(line)) if status == "user" else ():
            fact = None if prop in kind.properties else kind.catalogued(prop)
            if fact is not None:
                assert kind.reads(prop) == is_read(["named", fact[0]], knowledge)
                told += not kind.reads(prop)
    assert told >= 0


def test_bulk_answers_have_it_where_there_is_something(store: Store) -> None:
    bulk = Bulk(store)
    asked = [["-M", "q35"], ["-M", "q35", "-qtest-log", "x"], ["-M", "q35", "-kernel", "k"]]
    answers = [shapes.answer(bulk.answer(json.dumps({"argv": words}).encode())) for words in asked]
    assert [("unchecked" in a, "notes" in a) for a in answers] == [(False, False), (True, False), (False, True)]
