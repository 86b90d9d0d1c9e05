"""Parser errors as diagnostics that say in words what was expected."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from qrules.diagnostics import Diagnostic, Span, did_you_mean
from qrules.language.lines import indentation, without_texts

_IN_WORDS = {
    "NAME": "a name",
    "NUMBERED": "a name",
    "STRING": 'a text in "quotes"',
    "NUMBER": "a number",
    "VERSION": "a version such as 6.1",
    "SOURCE": "a source such as qemu:docs/pcie.txt",
    "_NL": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    "COMPARE": "a comparison",
    "EQUAL": "'='",
    "COMMA": "','",
    "COLON": "':'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LBRACE": "'{'",
    "RBRACE": "'}'",
    "__ANON_0": "'..'",
    "DOT": "'.'",
    "PLUS": "'+'",
    "MINUS": "'-'",
    "TIMES": "'*'",
    "OVER": "'/'",
    "MODULO": "'%'",
    "$END": "the end of the file",
}
# Messages of a text that stops too soon: no second error where a broken line was taken out before.
CUT_SHORT = (
    "the text ends too early",
    "the line ends too early",
    "the block ends too early",
    "an indented line where no block can begin",
)
_WORD = re.compile(r" *([A-Za-z-]+)")
_BRACKET = re.compile(r"[(){}]")
CLAUSES = (
    "property",
    "fact",
    "accepts",
    "addressed",
    "called",
    "rule",
    "needs",
    "sample",
    "unknown",
    "assumes",
    "provides",
    "points",
    "claims",
    "fills",
    "creates",
    "suppresses",
    "becomes",
    "suggests",
    "has",
    "default",
    "includes",
    "because",
    "see",
    "says",
    "held",
    "outside",
    "full",
    "malformed",
    "mistyped",
    "general",
    "missing",
    "instead",
    "repair",
    "forbid",
    "require",
    "when",
    "alias",
    "takes",
    "case",
)
_OPERATORS = {"COMPARE", "PLUS", "MINUS", "TIMES", "OVER", "MODULO", "DOT"}


def diagnose(error: UnexpectedToken | UnexpectedCharacters | UnexpectedEOF, piece: str, file: str, first_line: int) -> Diagnostic:
    """What is wrong with a statement; `piece` is its text, which begins at `first_line` of the file."""
    line, column = max(error.line, 1), max(error.column, 1)
    length = 1
    if isinstance(error, UnexpectedCharacters):
        found, accepted = f"'{_character(piece, line, column)}'", set(error.allowed or ())
        message = f"the character {found} has no meaning here"
    elif isinstance(error, UnexpectedToken):
        message, length = _token_message(error)
        accepted = set(error.accepts or error.expected or ())
    else:
        message, accepted = "the text ends too early", set(error.expected or ())
    word = _word(piece, line, column)
    hint = did_you_mean(word, _keywords(accepted)) if word else ""
    first = _WORD.match(piece.split("\n")[line - 1]) if line <= piece.count("\n") + 1 else None
    if not hint and line > 1 and first is not None and first[1] not in CLAUSES and first.end() < column:
        hint = did_you_mean(first[1], CLAUSES)
    span = Span(file, line + first_line - 1, column, line + first_line - 1, column + length)
    return Diagnostic("QR110", message, span, _expected(accepted), hint)


def unclosed(piece: str, file: str, first_line: int) -> Diagnostic | None:
    """The last bracket that is opened and never closed."""
    stack: list[tuple[int, int, str]] = []
    for number, line in enumerate(piece.split("\n")):
        for bracket in _BRACKET.finditer(without_texts(line)):
            if bracket[0] in "({":
                stack.append((number, bracket.start() + 1, bracket[0]))
            elif stack:
                stack.pop()
    if not stack:
        return None
    number, column, character = stack[-1]
    span = Span(file, first_line + number, column, first_line + number, column + 1)
    return Diagnostic("QR114", f"this '{character}' is never closed", span, f"a '{')' if character == '(' else '}'}'")


def bad_dedent(piece: str, file: str, first_line: int) -> Diagnostic:
    """A line whose indentation fits no block that is open."""
    stack, number = [0], 0
    for number, line in enumerate(piece.split("\n")):
        indent = indentation(line)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        while stack[-1] > indent:
            stack.pop()
        if stack[-1] < indent:
            if number and indent not in stack and _closes(piece, number, indent):
                break
            stack.append(indent)
    span = Span(file, first_line + number, 1)
    return Diagnostic(
        "QR113", "this line's indentation fits no block that is open", span, "the indentation of one of the lines above it"
    )


def _closes(piece: str, number: int, indent: int) -> bool:
    above = [line for line in piece.split("\n")[:number] if line.strip() and not line.lstrip().startswith("#")]
    return bool(above) and indentation(above[-1]) > indent


def _token_message(error: UnexpectedToken) -> tuple[str, int]:
    token = error.token
    if token.type == "$END":
        return "the text ends too early", 1
    if token.type == "_NL":
        return "the line ends too early", 1
    if token.type == "_INDENT":
        return "an indented line where no block can begin", 1
    if token.type == "_DEDENT":
        return "the block ends too early", 1
    return f"'{token}' can't stand here", max(len(token), 1)


def _character(piece: str, line: int, column: int) -> str:
    text = piece.split("\n")[line - 1]
    return text[column - 1] if column - 1 < len(text) else "end of line"


def _word(piece: str, line: int, column: int) -> str:
    lines = piece.split("\n")
    if line - 1 >= len(lines):
        return ""
    out = ""
    for character in lines[line - 1][column - 1 :]:
        if not (character.isalnum() or character in "_-"):
            break
        out += character
    return out


def _keywords(accepted: set[str]) -> set[str]:
    return {name.lower().replace("_", "-") for name in accepted if name not in _IN_WORDS and not name.startswith("_")}


def _expected(accepted: set[str]) -> str:
    words = sorted(_keywords(accepted))
    phrases = list(dict.fromkeys(_IN_WORDS[name] for name in sorted(accepted - _OPERATORS) if name in _IN_WORDS))
    if accepted & _OPERATORS and not phrases and not words:
        phrases.append("an operator")
    shown = phrases[:5] + [f"'{w}'" for w in words]
    if len(shown) > 12:
        shown = [*shown[:12], "..."]
    return ", ".join(shown[:-1]) + (" or " if len(shown) > 1 else "") + shown[-1] if shown else ""
