"""What is alike is not done again: of configs that differ only in what no rule looks at one is judged, and its answer is for all.

A config is cut into its skeleton and the values of its blanks (`forms`); the rules say what may stand in each (`blanks`,
`observed`). When a form comes a second time, two more configs of it are judged, with names, addresses and paths that nothing else
has: the first becomes a `Template`, and filling it has to give, word by word and span by span, the answers of the second and of
the config at hand. A form of which it does not is judged config by config, as every form is when it comes the first time.
"""

from __future__ import annotations

from collections import OrderedDict

from qrules.diagnostics import Unusable
from qrules.fleet.blanks import Blanks
from qrules.fleet.forms import Cut, Skeleton, cut, with_values
from qrules.fleet.template import Template, Unfit
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol, TypeAlias

    from qrules.configs.lines import Line
    from qrules.fleet.forms import Formed
    from qrules.plugging.board import Board

    Told: TypeAlias = tuple[str, tuple[str, ...]]  # what stands behind the id in a line of JSON, and what it counts as
    Known: TypeAlias = "tuple[Template, tuple[str, ...], frozenset[str]] | None"

    class Judge(Protocol):
        """Answers lines, one by one."""

        def judged(self, line: Line) -> Judged:
            """The answer to a line. Never raises for what stands in it."""

        def boards(self, line: Line) -> tuple[Board, ...]:
            """Those whose rules an answer follows."""

        def taken(self, line: Line) -> frozenset[str]:
            """The names that stand in the end, given or not."""


class Judged(NamedTuple):
    """An answer: JSON without the brace and the id that it begins with, and what it counts as.

    `machine` is the one that it is about (empty: it could not be read); `near`: it tells which other names are near.
    """

    text: str
    counts: tuple[str, ...]
    machine: str = ""
    near: bool = False


_MOST_SKELETONS = 512
_MOST_FORMS = 4_096
_MOST_TEXT = 24_000_000  # characters of all answers that are kept
_MOST_VALUES = 2_000  # of a config; what is larger is judged by itself
_PATIENCE = 64  # configs of a skeleton without one that is alike, from which on few are looked at
_SELDOM = 16
_FILES = ("-readconfig", "--readconfig")


class Alike:
    """Answers lines as its judge does; `plainly`: without a look at what is alike."""

    def __init__(self, judge: Judge, plainly: bool = False) -> None:
        self.judge, self._plainly = judge, plainly
        self.filled = 0  # answers that were not worked out again
        self._blanks: dict[Board, Blanks] = {}
        self._skeletons: OrderedDict[object, Skeleton | None] = OrderedDict()
        self._forms: OrderedDict[object, Known | int] = OrderedDict()
        self._text = 0

    def told(self, line: Line) -> Told:
        """The answer to a line."""
        if self._plainly or line.hotplug or not line.argv:
            return self._plain(line)
        parts = cut(line.argv)
        if parts is None or not 0 < len(parts.values) <= _MOST_VALUES or any(word in line.argv for word in _FILES):
            return self._plain(line)
        context = (line.qemu, line.arch, line.profiles, line.argv[0] if not line.argv[0].startswith("-") else "")
        return self._of_skeleton(line, parts, context)

    def _plain(self, line: Line) -> Told:
        found = self.judge.judged(line)
        return found.text, found.counts

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
        found = self.judge.judged(line)
        if not found.machine:
            return None
        asked = []
        for board in self.judge.boards(line):
            if board not in self._blanks:
                self._blanks[board] = Blanks(board.kinds)
            asked.append(self._blanks[board])
        try:
            return Skeleton(asked, line.argv, parts, found.machine)
        except Unusable:
            return None

    def _fill(self, line: Line, known: Any, formed: Formed) -> Told | None:
        template, told, taken = known
        values = list(formed.numbers)
        own = [value for value in values if value not in formed.kept] if formed.kept else values
        if own and (not taken.isdisjoint(own) or max(map(len, own)) > template.longest):
            return None
        return template.filled(values), told

    def _learn(self, line: Line, parts: Cut, skeleton: Skeleton, formed: Formed, form: object) -> Told:
        """The answer to a line whose form has come a second time; what it is for all of the form is kept."""
        plain = self._plain(line)
        known = self._template(line, parts, skeleton, formed)
        if known is not None and self._fill(line, known, formed) != plain:
            known = None
        if known is not None:
            self._text += known[0].length
            while self._text > _MOST_TEXT and self._forms:
                _, dropped = self._forms.popitem(last=False)
                self._text -= dropped[0].length if isinstance(dropped, tuple) else 0
        self._forms[form] = known
        return plain

    def _template(self, line: Line, parts: Cut, skeleton: Skeleton, formed: Formed) -> Known:
        """What two configs of a form that nobody wrote have in common with it; None where they have not all."""
        told: list[tuple[Judged, list[str], Line]] = []
        for seed in (1, 2):
            values = skeleton.others(parts.values, seed)
            if values is None:
                return None
            other = line._replace(id=None, argv=with_values(line.argv, parts, values))
            found = self.judge.judged(other)
            if not found.machine or found.near:
                return None
            told.append((found, values, other))
        (first, values, other), (second, others, _) = told
        mine = skeleton.form(values)
        names = {name: number for name, number in mine.numbers.items() if name not in mine.kept}
        try:
            template = Template(first.text, names, skeleton.numbered(other.argv, Cut(parts.skeleton, values)))
        except Unfit:
            return None
        if first.counts != second.counts or template.filled(list(skeleton.form(others).numbers)) != second.text:
            return None
        taken = self.judge.taken(other)
        return template, first.counts, frozenset([*taken, *(name.rpartition(".")[0] for name in taken)]) - {"", *names}


def _keep(kept: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    while len(kept) >= most:
        kept.popitem(last=False)
    kept[key] = value
