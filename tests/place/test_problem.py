"""A question to the solver is a value: asking another one changes nothing about it, and every name in it leads back."""

from __future__ import annotations

from qrules.explain.verdicts import judge_outcome
from qrules.place.problem import Asking
from qrules.place.setting import Setting
from qrules.place.wants import Spare, Wants
from qrules.plugging.board import Board
from tests.place.test_placing import request_of


def laid_out(board: Board, text: str, wants: Wants) -> Setting:
    request = request_of(board, text)
    facts = board.knowledge.machine(request.machine)
    _, outcome = judge_outcome(board, request, wants.profiles)
    assert facts is not None
    assert outcome is not None
    return Setting(board, request, wants, board.build_machine(facts, request)[0], outcome)


def test_a_question_does_not_change_with_the_next_one(board: Board) -> None:
    """A device that no bus takes is struck in one, and in the other it may stay where it was."""
    text = "-M pc -nodefaults -device e1000 -device e1000e -device e1000"
    setting = laid_out(board, text, Wants())
    first = Asking(setting).question()
    kept = (first.problem, first.struck, dict(first.offers))
    unmoved = Asking(setting, unmoved=True).question()
    assert [s.device for s in first.struck] == [1]
    assert (first.problem, first.struck, dict(first.offers)) == kept
    assert Asking(setting).question() == first
    assert [i.pin for i in first.problem.items] == [None, None]
    assert all(i.pin is not None for i in unmoved.problem.items if i.name in ("0", "2"))


def test_what_is_struck_later_belongs_to_later_questions(board: Board) -> None:
    setting = laid_out(board, "-M pc -nodefaults -device e1000", Wants())
    first = Asking(setting).question()
    (item,) = first.problem.items
    for kind in item.accepts:
        assert setting.strike(setting.request.devices[0], kind, ())
    assert (first.struck, [s.device for s in Asking(setting).question().struck]) == ((), [0])


def test_every_name_leads_back(board: Board) -> None:
    wants = Wants(apart=((0, 1),), together=((1, 2),), functions=((3, 4),), spare=(Spare("ide-cd", 2),))
    text = "-M q35 -nodefaults -device ide-cd -device ide-cd -device ide-cd -device e1000 -device e1000 -device qemu-xhci,id=u"
    setting = laid_out(board, text, wants)
    asked = Asking(setting).question()
    assert [p.name for p in asked.problem.pools] == list(setting.owned)
    assert {setting.owned[p.name].maker for p in asked.problem.pools} == {None, 5}
    assert [int(i.name) for i in asked.problem.items] == [0, 1, 2, 3, 4, 5]
    assert [setting.apart[a.name] for a in asked.problem.apart] == [(0, 1)]
    assert [setting.spares[s.name].places for s in asked.problem.spare] == [2]
    groups = {**setting.together, **setting.functions}
    assert [groups[t.name] for t in asked.problem.together] == [(1, 2), (3, 4)]
    for expander in asked.problem.expanders:
        offer = asked.offers[expander.name]
        assert offer.driver in setting.additions
        assert len(offer.usable) == expander.size
        assert setting.kind_of(offer.site) == expander.gives
