"""What is alike is not done again: of configs that differ only in what no rule looks at, one is judged, and its answer holds for all.

A config is cut into its skeleton and the values of its slots (`forms`); the rules say what may stand in each (`slots`, `observed`).
When a form comes a second time, two more configs of it are judged, with names, addresses and paths that nothing else has: the first
becomes a `Template`, and filling it has to give, word by word and span by span, the answers of the second and of the config at hand.
A form of which it does not is judged config by config, as every form is when it comes the first time.
"""

from __future__ import annotations

from collections import OrderedDict

from qrules.diagnostics import Unusable
from qrules.explain.bulk import Answer, Bulk
from qrules.fleet.forms import Skeleton, cut
from qrules.fleet.slots import Slots
from qrules.fleet.template import Template, Unfit
from qrules.report import json as shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from qrules.configs.lines import Line
    from qrules.fleet.forms import Cut, Formed
    from qrules.plugging.board import Board

    Told: TypeAlias = tuple[str, tuple[str, ...]]  # a line of JSON, and what it counts as
    Known: TypeAlias = "tuple[Template, tuple[str, ...], frozenset[str]] | None"

_MOST_SKELETONS = 512
_MOST_FORMS = 4_096
_MOST_TEXT = 24_000_000  # characters of all answers that are kept
_PATIENCE = 64  # configs of a skeleton without one that is alike, from which on few are looked at
_SELDOM = 16
_HEAD = '{"id": null, '
_FILES = ("-readconfig", "--readconfig")


class Alike:
    """Answers lines as `Bulk` does, as lines of JSON; `plainly`: without a look at what is alike."""

    def __init__(self, bulk: Bulk, plainly: bool = False) -> None:
        self.bulk, self._plainly = bulk, plainly
        self.filled = 0  # answers that were not worked out again
        self._slots: dict[Board, Slots] = {}
        self._skeletons: OrderedDict[object, Skeleton | None] = OrderedDict()
        self._forms: OrderedDict[object, Known | int] = OrderedDict()
        self._text = 0

    def told(self, line: Line) -> Told:
        """The answer to a line."""
        if self._plainly or line.hotplug:
            return self._plain(line)
        parts = cut(line.argv)
        if parts is None or not parts.values or any(word in line.argv for word in _FILES):
            return self._plain(line)
        context = (line.qemu, line.arch, line.profiles, line.argv[0] if not line.argv[0].startswith("-") else "")
        return self._of_skeleton(line, parts, context)

    def _plain(self, line: Line) -> Told:
        answer = self.bulk.judged(line)
        return shapes.line(shapes.answer(answer)), kinds(answer)

    def _of_skeleton(self, line: Line, parts: Cut, context: object) -> Told:
        key = (context, parts.skeleton)
        skeleton = self._skeletons.get(key)
        if skeleton is None:
            if key not in self._skeletons:
                _keep(self._skeletons, key, None, _MOST_SKELETONS)
                return self._plain(line)
            skeleton = self._made(line, parts)
            if skeleton is None:
                return self._plain(line)
            self._skeletons[key] = skeleton
        elif skeleton.misses > _PATIENCE and skeleton.misses % _SELDOM:
            skeleton.misses += 1
            return self._plain(line)
        self._skeletons.move_to_end(key)
        formed = skeleton.form(parts.values)
        form = (key, formed.key)
        known = self._forms.get(form)
        if known is None and form not in self._forms:
            skeleton.misses += 1
            _keep(self._forms, form, 1, _MOST_FORMS)
            return self._plain(line)
        if known == 1:
            return self._learn(line, parts, skeleton, formed, form)
        self._forms.move_to_end(form)
        filled = self._fill(line, known, formed) if known is not None else None
        if filled is None:
            skeleton.misses += 1
            return self._plain(line)
        skeleton.misses = 0
        self.filled += 1
        return filled

    def _made(self, line: Line, parts: Cut) -> Skeleton | None:
        """What is known of a skeleton; None where the config can't be read."""
        answer = self.bulk.judged(line)
        if answer.found is None:
            return None
        board = self.bulk.board(line)
        slots = self._slots.get(board)
        if slots is None:
            slots = self._slots[board] = Slots(board.kinds)
        try:
            return Skeleton(slots, line.argv, parts, answer.found.machine)
        except Unusable:
            return None

    def _fill(self, line: Line, known: Any, formed: Formed) -> Told | None:
        template, told, taken = known
        values = list(formed.numbers)
        if values and (not taken.isdisjoint(values) or max(map(len, values)) > template.longest):
            return None
        return f'{{"id": {shapes.line(line.id)}, {template.filled(values)}', told

    def _learn(self, line: Line, parts: Cut, skeleton: Skeleton, formed: Formed, form: object) -> Told:
        """The answer to a line whose form has come a second time; what it is for all of the form is kept."""
        plain = self._plain(line)
        known = self._template(line, parts, skeleton, formed)
        if known is not None and self._fill(line, known, formed) != plain:
            known = None
        if known is not None:
            self._text += known[0].size
            while self._text > _MOST_TEXT and self._forms:
                _, dropped = self._forms.popitem(last=False)
                self._text -= dropped[0].size if isinstance(dropped, tuple) else 0
        self._forms[form] = known
        return plain

    def _template(self, line: Line, parts: Cut, skeleton: Skeleton, formed: Formed) -> Known:
        """What two configs of a form that nobody wrote have in common with it; None where they have not all."""
        told: list[tuple[str, tuple[str, ...], list[str]]] = []
        taken: set[str] = set()
        for seed in (1, 2):
            values = skeleton.others(parts.values, seed)
            if values is None:
                return None
            words = skeleton.words(line.argv, parts.values, values)
            answer = self.bulk.judged(line._replace(id=None, argv=words))
            if answer.found is None or self.bulk.compared:
                return None
            told.append((shapes.line(shapes.answer(answer))[len(_HEAD) :], kinds(answer), values))
        (text, counted, values), (second, others_counted, others) = told
        mine = skeleton.form(values)
        names = {name: number for name, number in mine.numbers.items() if name not in mine.kept}
        try:
            template = Template(text, names, skeleton.numbered(line.argv, values))
        except Unfit:
            return None
        if counted != others_counted or template.filled(list(skeleton.form(others).numbers)) != second:
            return None
        return template, counted, self._taken(line, skeleton, parts, values) | taken

    def _taken(self, line: Line, skeleton: Skeleton, parts: Cut, values: list[str]) -> frozenset[str]:
        """The names that stand in the end without having been given: no value may be one of them."""
        from qrules.configs import argv
        from qrules.explain.verdicts import judge_outcome

        board = self.bulk.board(line)
        request = argv.read(skeleton.words(line.argv, parts.values, values), board.knowledge)
        _, outcome = judge_outcome(board, request)
        if outcome is None:
            return frozenset()
        state = outcome.state
        every = [*state.ids, *state.by_name, *state.backends, *(b.id for b in state.buses if b.id)]
        return frozenset([*every, *(name.rpartition(".")[0] for name in every)]) - {""}


def kinds(answer: Answer) -> tuple[str, ...]:
    """What an answer counts as."""
    found = answer.found
    unchecked = ("unchecked",) if found is not None and found.unchecked else ()
    assumed = ("assumed",) if found is not None and found.assumed else ()
    sure = ("sure",) if answer.verdict == "accept" and not unchecked and not assumed else ()
    return ("config", answer.verdict, *unchecked, *assumed, *sure)


def _keep(kept: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    while len(kept) >= most:
        kept.popitem(last=False)
    kept[key] = value
