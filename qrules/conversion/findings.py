"""What the steps of a conversion have found out so far: written by `transfer`, read by `telling`."""

from __future__ import annotations

from qrules.conversion.answer import Why
from qrules.conversion.carrying import Carried
from qrules.explain.verdicts import Verdict
from qrules.machine.request import Request
from qrules.plugging.board import Board, Outcome


class Findings:
    """The findings of one attempt. Positions of `why` and `fate` are those of the old config's devices, `asked`.

    `words` is its command line, `inlined` tells that files of options were written out in it; `switched` is why an option of
    the new machine was turned on that nobody asked for. `why` has the reasons for each device, `option_why` those for options
    that the new machine does not take, `global_why` those for each -global by its number; `advice` is what could be done
    besides. `fate` is the part of the new config that a device became (None: let go). `unplaced` are the parts that the solver
    had to place, with the reasons why they could not stay. `kept_roles` are the roles of default devices that an option keeps.
    `old` and `old_verdict` are the config as it runs where it is, `carried` what was carried over: there once those steps ran.
    """

    __slots__ = (
        "advice", "asked", "board", "carried", "fate", "global_why", "inlined", "kept_roles", "old", "old_verdict",
        "option_why", "switched", "unplaced", "why", "words",
    )  # fmt: skip
    old: Outcome
    old_verdict: Verdict
    carried: Carried

    def __init__(self, board: Board, words: list[str], asked: Request, inlined: bool, switched: Why | None) -> None:
        self.board, self.words, self.asked = board, words, asked
        self.inlined, self.switched = inlined, switched
        self.why: dict[int, list[Why]] = {}
        self.option_why: dict[str, tuple[Why, ...]] = {}
        self.global_why: dict[int, tuple[Why, ...]] = {}
        self.advice: list[Why] = []
        self.fate: dict[int, int | None] = {}
        self.unplaced: dict[int, tuple[Why, ...]] = {}
        self.kept_roles: list[str] = []
