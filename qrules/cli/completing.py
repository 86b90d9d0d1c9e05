"""What a shell shows behind ``--``: there the words are the emulator's, and argcomplete knows nothing of them."""

from __future__ import annotations

from typing import Any

from argcomplete.finders import CompletionFinder

from qrules.cli import common, next_words
from qrules.cli.form import Arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Finder(CompletionFinder):
    """argcomplete's, with an emulator's command line completed from what may stand there."""

    def _get_completions(self, comp_words: list[str], prefix: str, prequote: str, last_wordbreak: int | None) -> list[str]:
        if "--" not in comp_words:
            found: list[str]
            found = super()._get_completions(comp_words, prefix, prequote, last_wordbreak)  # type: ignore[no-untyped-call]
            return found
        at = comp_words.index("--")
        self._display_completions: dict[str, str] = {}
        return self.quote_completions(emulators(comp_words[1:at], comp_words[at + 1 :], prefix), prequote, last_wordbreak)


def emulators(ours: list[str], theirs: list[str], prefix: str) -> list[str]:
    """What may stand next behind `theirs`, the emulator's words; `ours` say which rules are meant. Nothing where nobody knows."""
    try:
        program = theirs[0] if theirs and not theirs[0].startswith("-") else ""
        if program == "" and not theirs and not prefix.startswith("-"):
            return []  # a program of the shell's
        args = Arguments(**{name: _said(ours, f"--{name}") for name in ("rules", "qemu", "arch")})
        from qrules.configs.programs import architecture

        board = common.board(args, architecture(theirs))
        return next_words.following(board, theirs[1:] if program else theirs, prefix)
    except Exception:  # a shell shows nothing, whatever is wrong: the question itself will tell
        return []


def _said(words: Iterable[str], option: str) -> Any:
    """The value of an option of ours, written in one word or two; None where it is not there."""
    told, value = list(words), None
    for at, word in enumerate(told):
        if word == option and at + 1 < len(told):
            value = told[at + 1]
        elif word.startswith(option + "="):
            value = word.partition("=")[2]
    return value
