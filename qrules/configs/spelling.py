"""How the author of a script writes the words of a command line, so that what is printed keeps ``$VM`` where it was."""

from __future__ import annotations

from itertools import groupby

from qrules.configs.options import options
from qrules.configs.quoting import quoted
from qrules.visible import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.configs.commands import Command
    from qrules.configs.expanding import Word


class Spelling:
    """The author's own writing of words; without a command, or where it has no constants, words are quoted as they need be."""

    def __init__(self, command: Command | None = None) -> None:
        self.preamble: list[str] = []
        self._runs: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        if command is None or not command.constants:
            return
        text = command.text
        if not all(clean(text[start:end].replace("\n", "")) for start, end in command.constants):
            return  # what does not show is written out in full
        self.preamble = [text[start:end] for start, end in command.constants]
        for (start, end), group in groupby(command.words, key=lambda word: (word.at, word.end)):
            words: tuple[Word, ...] = tuple(group)
            written = text[start:end]
            if any(not goes_on for word in words for _, _, goes_on in word.pieces) and "$" in written and clean(written):
                self._runs.setdefault(words[0].text, []).append((tuple(word.text for word in words), written))

    def lines(self, argv: Sequence[str]) -> list[str]:
        """A command line as a shell takes it, an option with its argument a line."""
        starts = {option.word for option in options(list(argv))}
        if argv and not argv[0].startswith("-"):
            starts.add(0)
        rows: list[list[str]] = []
        at = 0
        while at < len(argv):
            length, written = self._run(argv, at)
            if at in starts or not rows:
                rows.append([])
            rows[-1].append(written)
            at += length
        return [" ".join(row) for row in rows]

    def _run(self, argv: Sequence[str], at: int) -> tuple[int, str]:
        """How many words are written as one here, and how."""
        for words, written in self._runs.get(argv[at], ()):
            if tuple(argv[at : at + len(words)]) == words:
                return len(words), written
        return 1, quoted(argv[at])


PLAIN = Spelling()
