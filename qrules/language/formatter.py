"""One style for rule files. Line by line over the tokens, so that comments and the author's line breaks stay.

Two spaces a level, one space between words, none inside parentheses, `{ a, b }` for sets, at most one blank line, two
spaces before a comment behind text. The result must read as the same tree, or the text is given back as it was.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator

from qrules.diagnostics import Span
from qrules.language.lines import indentation
from qrules.language.reader import parser, read_text

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<comment>\#[^\n]*)|(?P<number>0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)*)"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*)|(?P<operator>\.\.|!=|<=|>=|[-+*/%=<>.,:(){}])|(?P<space>[ ]+)"""
)
_SOURCE = re.compile(r"(?P<source>[A-Za-z][A-Za-z0-9_-]*:[^\s\"]+)")
_OPENING, _CLOSING = ("(", "{"), (")", "}")
_TIGHT = (".",)
_VALUES = ("string", "number", "name")


def formatted(text: str, file: str = "rules") -> str:
    """The text in the one style. Raises `Unusable` where it is no rule text."""
    before = read_text(text, file)
    lines = [_line(words, raw) for words, raw in _lines(text)]
    result = _laid_out(lines)
    if _without_places(read_text(result, file)) != _without_places(before):
        return text
    return result


# ------------------------------------------------------------------------------------- tokens
Token = tuple[str, str]  # kind, text


def _lines(text: str) -> Iterator[tuple[list[Token], str]]:
    for raw in text.replace("\r\n", "\n").split("\n"):
        yield list(_tokens(raw)), raw


def _tokens(raw: str) -> Iterator[Token]:
    at = indentation(raw)
    seeing = raw[at:].startswith("see ")
    while at < len(raw):
        source = _SOURCE.match(raw, at) if seeing else None
        match = source or _TOKEN.match(raw, at)
        if match is None:
            yield "operator", raw[at]
            at += 1
            continue
        kind = match.lastgroup or ""
        if kind != "space":
            yield kind, match[0]
        at = match.end()


# Behind these words a parenthesis holds a value; behind any other name it holds what a call or a claim takes.
_BEFORE_A_VALUE = frozenset(
    (
        "and", "or", "not", "when", "with", "require", "forbid", "else", "in", "is", "meets", "under", "many", "to", "unless",
        "from", "because", "says", "instead", "held", "outside", "full", "malformed", "mistyped", "general", "missing", "means",
        "given", "type", "say", "add", "replace", "of",
    )
)  # fmt: skip


@functools.cache
def _keywords() -> frozenset[str]:
    """The words of the language: a parenthesis behind one of them is not that of a call."""
    found = {t.pattern.value for t in parser().terminals if t.pattern.type == "str"}
    return frozenset(word for word in found if word.replace("-", "").isalpha())


# ------------------------------------------------------------------------------------- a line
@dataclasses.dataclass
class _Line:
    """A line with its words as they are to stand. `indent` is the author's, in spaces; `depth` the open brackets before it."""

    indent: int
    words: str
    comment: str
    opens: int

    @property
    def blank(self) -> bool:
        return not self.words and not self.comment


def _line(tokens: list[Token], raw: str) -> _Line:
    comment = tokens.pop()[1].rstrip() if tokens and tokens[-1][0] == "comment" else ""
    opens = sum((t in _OPENING) - (t in _CLOSING) for k, t in tokens if k == "operator")
    return _Line(indentation(raw), "".join(_spaced(tokens)), comment, opens)


def _spaced(tokens: list[Token]) -> Iterator[str]:
    previous: Token = ("", "")
    unary = False
    for token in tokens:
        if previous[1] and not unary and _apart(previous, token):
            yield " "
        yield token[1]
        unary = token == ("operator", "-") and not _ends_value(previous)
        previous = token


def _ends_value(token: Token) -> bool:
    if token[0] == "name":
        return token[1] not in _keywords()
    return token[0] in _VALUES or token[1] in _CLOSING


def _apart(left: Token, right: Token) -> bool:
    """Whether a space stands between two tokens."""
    before, after = left[1], right[1]
    if "operator" not in (left[0], right[0]):
        return True
    if (left[0] == "operator" and before in _TIGHT) or (right[0] == "operator" and after in (*_TIGHT, ",", ")")):
        return False
    if left[0] == "operator" and before == "(":
        return False
    if right[0] == "operator" and after == "(":
        return not (left[0] in ("name", "string") and before not in _BEFORE_A_VALUE)
    return (before, after) != ("{", "}")


# ------------------------------------------------------------------------------------- the whole
def _laid_out(lines: list[_Line]) -> str:
    out: list[str] = []
    levels, depth = [0], 0
    for number, line in enumerate(lines):
        if line.blank:
            if out and out[-1]:
                out.append("")
            continue
        if depth > 0:  # inside brackets: the author's own place, not left of the line that opened them
            indent = max(line.indent, 2 * len(levels))
        elif line.words:
            indent = 2 * _enter(levels, line.indent)
        else:
            indent = 2 * _level_of_comment(levels, lines, number)
        depth = max(0, depth + line.opens)
        gap = "  " if line.words and line.comment else ""
        out.append(" " * indent + line.words + gap + line.comment)
    while out and not out[-1]:
        out.pop()
    return "\n".join(out) + "\n" if out else ""


def _enter(levels: list[int], indent: int) -> int:
    """The level of a line with words; `levels` are the author's indentations of the blocks that are open."""
    while levels[-1] > indent:
        levels.pop()
    if levels[-1] < indent:
        levels.append(indent)
    return len(levels) - 1


def _level_of_comment(levels: list[int], lines: list[_Line], number: int) -> int:
    """A comment on a line of its own goes with the line that follows, or with the block that it is further in than."""
    following = next((line.indent for line in lines[number + 1 :] if line.words), 0)
    wanted = min(following, lines[number].indent) if following else lines[number].indent
    after = [level for level in levels if level < following] + [following]
    return (
        sum(1 for level in after if level < wanted) if following else min(len(levels) - 1, sum(1 for v in levels if v < wanted))
    )


# ------------------------------------------------------------------------------------- comparing trees
_NOWHERE = Span("", 0)


def _without_places(node: object) -> object:
    """A tree without spans: two texts that differ in layout alone give the same."""
    if isinstance(node, Span):
        return _NOWHERE
    if isinstance(node, tuple):
        return tuple(_without_places(n) for n in node)
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        return (type(node).__name__, *(_without_places(getattr(node, f.name)) for f in dataclasses.fields(node)))
    return node
