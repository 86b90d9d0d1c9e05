"""What all parts of the transformer share: spans, templates, notes, names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lark import Token, Transformer, v_args
from lark.tree import Meta

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.language.templates import unescaped
from qrules.language.tree import Expr, Name, Notes, RepairStep

Children = list[Any]
Templates = Callable[[str, Span], Expr]

MAX_NUMBER = 2**64 - 1  # the emulator has none that are larger
_WORDS = ("says", "held", "outside", "full", "malformed", "mistyped", "general", "missing")


# Methods of the same form, one for many grammar rules: lark calls each with the transformer, a position and the children.
Method = Callable[[Any, Meta, Children], Any]


def only(self: object, meta: Meta, c: Children) -> Any:
    """The one thing that a grammar rule holds, such as the condition of a guard."""
    return c[0]


def listed(self: object, meta: Meta, c: Children) -> tuple[Any, ...]:
    """All that a grammar rule holds, in order."""
    return tuple(c)


def tagged(word: str) -> Method:
    """The one thing that a line holds, with the word that the line begins with."""

    def method(self: object, meta: Meta, c: Children) -> tuple[str, Any]:
        return (word, c[0])

    return method


def words_step(action: str) -> Method:
    """A repair that writes an option: its name and a text for its argument."""

    def method(self: object, meta: Meta, c: Children) -> RepairStep:
        return RepairStep(action, unquote(c[0]), c[1])

    return method


def unquote(literal: str) -> str:
    """The text of a string literal, escapes resolved."""
    return unescaped(literal[1:-1])


@v_args(meta=True)
class Base(Transformer[Token, Any]):
    """Builds nodes bottom up. `templates` reads the ``{...}`` holes of a string."""

    def __init__(self, file: str, templates: Templates, line_offset: int = 0, column_offset: int = 0) -> None:
        super().__init__()
        self._file, self._templates = file, templates
        self._line, self._column = line_offset, column_offset
        self._depths: dict[int, int] = {}  # of expressions, by identity

    # ------------------------------------------------------------------------------ helpers
    def _span(self, at: Meta | Token) -> Span:
        if isinstance(at, Meta) and at.empty:
            return Span(self._file, 1)
        line, end = at.line or 1, at.end_line or at.line or 1
        column, end_column = at.column or 1, at.end_column or 1
        shift = self._column if line == 1 else 0
        end_shift = self._column if end == 1 else 0
        return Span(self._file, line + self._line, column + shift, end + self._line, end_column + end_shift)

    def _template(self, literal: Token | None) -> Expr | None:
        return None if literal is None else self._templates(str(literal), self._span(literal))

    def _notes(self, children: Children) -> Notes:
        reason, see, words, instead, repairs = None, [], [], None, []
        for child in children:
            if not (isinstance(child, tuple) and child and isinstance(child[0], str)):
                continue
            what, payload = child[0], child[1]
            if what == "because":
                reason = payload
            elif what == "see":
                see.append(payload)
            elif what == "instead":
                instead = payload
            elif what == "repair":
                repairs.append(payload)
            elif what in _WORDS:
                words.append((what, payload))
        return Notes(reason, tuple(see), tuple(words), instead, tuple(repairs))

    def _number(self, digits: str, token: Token | None = None) -> int:
        """A number as it is written. Raises `Unusable` for one that is larger than any of the emulator's."""
        short = len(digits) <= 20
        number = int(digits, 16 if digits[:2] == "0x" else 10) if short else MAX_NUMBER + 1
        if number > MAX_NUMBER:
            span = self._span(token if token is not None else digits)  # type: ignore[arg-type]
            shown = digits if short else f"of {len(digits):,} digits"
            raise Unusable([Diagnostic("QR106", f"the number {shown} is too large", span, f"{MAX_NUMBER} at the most")])
        return number

    @staticmethod
    def _of(children: Children, *kinds: type) -> tuple[Any, ...]:
        return tuple(c for c in children if isinstance(c, kinds))

    @staticmethod
    def _word(children: Children, *names: str) -> str | None:
        return next((str(c) for c in children if isinstance(c, Token) and c.type in names), None)

    @staticmethod
    def _text(literal: Token | None) -> str | None:
        return None if literal is None else unquote(literal)

    # ------------------------------------------------------------------------------ words
    def plain(self, meta: Meta, c: Children) -> Name:
        return Name(str(c[0]), span=self._span(c[0]))

    def quoted(self, meta: Meta, c: Children) -> Name:
        return Name(unquote(c[0]), span=self._span(c[0]))

    names = start = listed
    expression = only
