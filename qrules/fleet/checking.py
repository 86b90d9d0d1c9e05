"""Lines judged by the rules of one version, as lines of JSON: what ``check --jsonl`` prints."""

from __future__ import annotations

from qrules.configs import argv
from qrules.diagnostics import Unusable
from qrules.explain.bulk import Answer, Bulk
from qrules.explain.verdicts import judge_outcome
from qrules.fleet.alike import Judged
from qrules.report import json as shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from qrules.configs.lines import Line
    from qrules.plugging.board import Board

ID = '{"id": null, '  # what an answer to a line without id begins with


class Checking:
    """Judges lines as `Bulk` does; `shape` makes JSON of an answer, of which the id is the first member."""

    def __init__(self, bulk: Bulk, shape: Callable[[Answer], Mapping[str, Any]] = shapes.answer) -> None:
        self.bulk, self._shape = bulk, shape

    def judged(self, line: Line) -> Judged:
        """The answer to a line. Never raises for what stands in it."""
        answer = self.bulk.judged(line._replace(id=None))
        machine = answer.found.machine if answer.found is not None else ""
        return Judged(shapes.line(self._shape(answer))[len(ID) :], counts(answer), machine, self.bulk.compared)

    def boards(self, line: Line) -> tuple[Board, ...]:
        """The board that a line asks about."""
        return (self.bulk.board(line),)

    def taken(self, line: Line) -> frozenset[str]:
        """The names of devices, buses and host resources that stand in the end."""
        return taken(self.bulk.board(line), line.argv)


def taken(board: Board, words: list[str]) -> frozenset[str]:
    """The names that stand in the machine that a command line starts."""
    try:
        _, outcome = judge_outcome(board, argv.read(words, board.knowledge))
    except Unusable:
        return frozenset()
    if outcome is None:
        return frozenset()
    state = outcome.state
    return frozenset((*state.ids, *state.by_name, *state.backends, *(bus.id for bus in state.buses if bus.id)))


def whole(identity: Any, text: str) -> str:
    """A line of JSON with the id of its question."""
    return f'{{"id": {shapes.line(identity)}, {text}'


def counts(answer: Answer) -> tuple[str, ...]:
    """What an answer counts as."""
    found = answer.found
    unchecked = ("unchecked",) if found is not None and found.unchecked else ()
    assumed = ("assumed",) if found is not None and found.assumed else ()
    sure = ("sure",) if answer.verdict == "accept" and not unchecked and not assumed else ()
    return ("config", answer.verdict, *unchecked, *assumed, *sure)
