"""The budget of judging: the same question ends at the same step, what was refused by then stands, and the next one begins anew."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from qrules.cli.main import main
from qrules.configs import argv
from qrules.explain.bulk import Bulk
from qrules.explain.verdicts import Verdict, judge
from qrules.linked import steps
from qrules.machine import budget
from qrules.machine.budget import MOST_TOLD, Budget, Question, TooLarge, current
from qrules.place.answer import Placed, Undecided
from qrules.place.placing import place
from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from qrules.visible import shortened
from tests.machine.test_state import PORTS

HUBS = ["-M", "q35", "-nodefaults", "-device", "qemu-xhci"]


def hubs(count: int) -> list[str]:
    """Devices that all find a place: a hub goes behind a hub."""
    return [*HUBS, *["-device", "usb-hub"] * count]


def asked(board: Board, words: list[str]) -> Verdict:
    with Question():
        return judge(board, argv.read(words, board.knowledge))


def test_what_asks_no_question_has_no_bounds() -> None:
    current().spend(budget.MOST * 10)


def test_each_question_and_each_thread_has_steps_of_its_own() -> None:
    seen: list[Budget] = []
    with Question():
        first = current()
        first.spend(budget.MOST)
        with pytest.raises(TooLarge):
            first.spend(1)
        threading.Thread(target=lambda: seen.append(current())).start()
        with Question():
            current().spend(budget.MOST)
        assert current() is first
    assert seen[0] is not first
    assert current() is seen[0]


def test_compiling_is_no_part_of_the_question(make_board: Callable[[str], Board], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST", 10)
    with Question():
        make_board(PORTS)
        assert current().left == 10


def test_beyond_the_budget_the_verdict_is_unknown(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST", 2_000)
    few, many = asked(board, hubs(3)), asked(board, hubs(100))
    assert few.verdict == "accept"
    assert (many.verdict, [r.rule for r in many.reasons]) == ("unknown", ["too-large"])
    told = many.reasons[0].message
    assert all(said in told for said in ("too large", "2,000 steps", "fewer devices")), "what was counted, the limit, what to do"
    assert asked(board, hubs(100)) == many


def test_what_was_refused_by_then_is_refused(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST", 2_000)
    answer = asked(board, [*HUBS, "-device", "e1000,addr=1f.0", *hubs(100)[5:]])
    assert answer.verdict == "reject"
    assert [r.severity for r in answer.reasons] == ["reject", "unknown"]


def test_an_answer_tells_so_many_reasons(board: Board) -> None:
    many = MOST_TOLD + 100
    for words in (
        ["-M", "q35", *["-device", "zork"] * many],
        ["-M", "q35", *["-zork"] * many],
        ["-M", "q35", "-device", "e1000" + "".join(f",p{n}=1" for n in range(many))],
        ["-M", "q35", *["-drive", "if=zork"] * many],
    ):
        answer = asked(board, words)
        assert answer.verdict == "reject"
        assert len(answer.reasons) == MOST_TOLD + 1
        assert answer.reasons[-1].rule == "too-large"
        assert f"{MOST_TOLD:,} reasons" in answer.reasons[-1].message


def test_a_line_that_is_too_large_does_not_end_a_stream(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST", 4_000)
    bulk = Bulk(store, qemu="10.0")
    lines = [json.dumps({"id": n, "argv": hubs(count)}).encode() for n, count in enumerate((2, 200, 2))]
    assert [bulk.answer(line).verdict for line in lines] == ["accept", "unknown", "accept"]
    running = {"id": 3, "argv": hubs(2), "hotplug": [{"driver": "usb-hub"}] * 200}
    assert bulk.answer(json.dumps(running).encode()).verdict == "unknown"


def test_a_placement_that_is_too_large_is_undecided(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    request = argv.read(["-M", "q35", "-device", "e1000", "-device", "e1000"], board.knowledge)
    assert isinstance(place(board, request), Placed)
    for most in (100, 500):  # what is known from the start, and what turns out on the way
        monkeypatch.setattr(budget, "MOST", most)
        with Question():
            answer = place(board, request)
        assert isinstance(answer, Undecided)
        assert "too large" in answer.why
        assert set(answer.standing).isdisjoint(answer.left)
        assert not answer.standing or {*answer.standing, *answer.left} == {0, 1}


def test_the_command_line_says_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(budget, "MOST", 2_000)
    assert main(["place", "--on", "q35", "e1000*100"]) == 3
    assert "Unknown: too large: placing 100 devices takes more than 2,000 steps" in capsys.readouterr().out
    for words, beginning in (
        (["buses"], "unknown\n\n  too large: "),
        (["buses", "--json"], '{\n  "schema": 1,\n  "verdict": "unknown"'),
    ):
        assert main([*words, "--", *hubs(100)]) == 3, "a verb without a word of its own for it"
        assert capsys.readouterr().out.startswith(beginning)


def test_a_long_name_is_shown_by_its_ends(board: Board) -> None:
    name = "a" * 50_000
    answer = asked(board, ["-M", "q35", "-device", f"e1000,addr=5,id={name}", *["-device", "e1000,addr=5"] * 5])
    held = [r for r in answer.reasons if r.rule == "addr"]
    assert len(held) == 5
    for reason in held:
        assert len(reason.message) < 1_000
        assert len(reason.emulator_message) < 1_000
        assert "(50,000 characters)" in reason.emulator_message
    assert shortened("b" * 200) == "b" * 200
    assert len(shortened("b" * 201)) < 200


def test_rules_that_end_are_not_blamed_for_a_large_config(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object) -> None:
        raise steps.spent()

    monkeypatch.setattr(Board, "run", endless)
    verdict = asked(board, hubs(600))
    assert verdict.verdict == "unknown"
    assert "too large: the rules about this take more than" in verdict.reasons[0].message
    with pytest.raises(steps.TooLong):
        asked(board, hubs(5))
