"""What the grammar takes next behind a text that is cut off, for editors that complete words."""

from __future__ import annotations

from lark.exceptions import UnexpectedInput
from lark.indenter import DedentError

from qrules.language import reader

NAME = "NAME"


def next_words(text: str) -> tuple[list[str], bool]:
    """The keywords that may follow a statement's beginning, and whether a name may; none where it is wrong already.

    `text` begins at the left margin and ends before the word that is asked for, behind the blanks of its line.
    """
    accepted = _accepted(text)
    fixed = {t.name: t.pattern.value for t in reader.parser().terminals if t.pattern.type == "str"}
    words = sorted(fixed[name] for name in accepted if name in fixed and fixed[name][:1].isalpha())
    return words, NAME in accepted


def _accepted(text: str) -> set[str]:
    """The names of terminals."""
    at_margin = text.rpartition("\n")[2] == ""
    with reader.parsing:
        state = reader.parser().parse_interactive(text, start="start")
        try:
            for token in state.lexer_thread.lex(state.parser_state):  # type: ignore[no-untyped-call]
                if token.type == "_DEDENT" and not token and not at_margin:
                    break  # the indenter closes all blocks at the end of a text
                state.feed_token(token)
        except (UnexpectedInput, DedentError, AssertionError):
            return set()
        found: set[str] = state.accepts()  # type: ignore[no-untyped-call]
        return found
