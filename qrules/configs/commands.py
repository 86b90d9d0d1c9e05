"""A command line out of somebody's text: its words, where they stand there, and what of it nobody can know."""

from __future__ import annotations

from qrules.configs.expanding import Word
from qrules.configs.shell import line_and_column
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.machine.request import Where


class Unread(NamedTuple):
    """What of a command line could not be looked at: a sentence, its place in the text, and the argument that it is a part of."""

    why: str
    at: int
    argument: int


class Command(NamedTuple):
    """A command of a text: its words, the text that they stand in, what of it is not known, and constants it was filled in from.

    `constants` are (from, to) in the text.
    """

    words: tuple[Word, ...]
    text: str
    unread: tuple[Unread, ...] = ()
    constants: tuple[tuple[int, int], ...] = ()

    @property
    def argv(self) -> list[str]:
        """The words, without where they stand."""
        return [word.text for word in self.words]

    @property
    def line_and_column(self) -> tuple[int, int]:
        """Where it begins in the text; both from 1."""
        return self.line_and_column_at(self.words[0].at)

    def line_and_column_at(self, at: int) -> tuple[int, int]:
        """Those of a place in the text."""
        return line_and_column(self.text, at)

    def position(self, where: Where) -> tuple[int, int]:
        """Line and column (from 1) in the text of what `where` points at."""
        at = self.words[where.argument].place(where.start) if where.argument < len(self.words) else len(self.text)
        return line_and_column(self.text, at)
