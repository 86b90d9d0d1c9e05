"""Conversions as the tests ask for them."""

from __future__ import annotations

import shlex

from qrules.configs.argv import read
from qrules.configs.files import Files
from qrules.configs.rewriting import lines
from qrules.conversion.answer import Converted, Impossible, Uncertain
from qrules.conversion.converting import convert
from qrules.conversion.target import target
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board

DISK = "-drive if=none,id=d,file=null-co://,format=raw"


def answer_of(board: Board, to: str, text: str, *keep: str, profiles: tuple[str, ...] = ()) -> Converted | Impossible | Uncertain:
    words = shlex.split(text)
    request = read(words, board.knowledge, Files())
    return convert(board, words, target(board, request, to, keep), profiles, Files())


def converted(board: Board, to: str, text: str, *keep: str, profiles: tuple[str, ...] = ()) -> Converted:
    """A conversion, which the rules take as a whole and which has a reason for each line."""
    answer = answer_of(board, to, text, *keep, profiles=profiles)
    assert isinstance(answer, Converted), answer
    again = read(list(answer.argv), board.knowledge)
    assert judge(board, again, profiles).verdict == answer.verdict.verdict
    assert answer.verdict.verdict in ("accept", "warn")
    assert all(change.why for change in answer.changes)
    assert [r.after for r in answer.rows if r.after is not None] == lines(answer.argv)
    return answer


def devices(answer: Converted) -> list[str]:
    return [row.after.removeprefix("-device ") for row in answer.rows if row.after and row.after.startswith("-device ")]


def impossible(board: Board, to: str, text: str) -> Impossible:
    answer = answer_of(board, to, text)
    assert isinstance(answer, Impossible), answer
    return answer
