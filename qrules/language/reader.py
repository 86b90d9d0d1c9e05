"""Rule text to syntax tree, with every error of a file told in one run.

A broken statement costs only itself: the reader splits a file at the lines that stand at the left margin and reads
each statement alone when the whole does not parse, so that the next error is found too.
"""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken, VisitError
from lark.grammar import Rule
from lark.indenter import DedentError, Indenter
from lark.lexer import TerminalDef

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.language import syntax_errors, templates, tree
from qrules.language.files import MAX_BYTES as MAX_BYTES
from qrules.language.files import content, too_large
from qrules.language.kept import kept_tables, tables_made
from qrules.language.lines import depth_after, indentation
from qrules.language.transform import ToNodes
from qrules.paths import grammar_file

MAX_LINE = 10_000
MAX_INDENT = 40
MAX_NESTING = 200
MAX_ERRORS = 10  # told of one statement
MAX_TOLD = 50  # of a file
MAX_LINES = 20_000  # of a file
_HEAD = re.compile(
    r"(?:abstract |internal )?(?:catalogue|bus-type|interface|type|alias|machine-type|bus|device|machine|parts|wish|group|term|"
    r"rule|refusal|profile|domain|backend|shorthand|ignores|verbatim|unique|gone|foreign|values|uses|architectures|test|"
    r"schema|option|record|list|enum|object|accelerator|processor|features|links|form|fixes|element|step|stage) "
)
_NOT_PLAIN = ("postlex", "lexer_callbacks", "edit_terminals")  # options of the parser
_NEEDED = ("forbid", "require", "for ", "on ", "option")  # lines that their block can't do without


class _Blocks(Indenter):
    NL_type = "_NL"
    OPEN_PAREN_types: ClassVar = ["LPAR", "LBRACE"]
    CLOSE_PAREN_types: ClassVar = ["RPAR", "RBRACE"]
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 8


parsing = threading.Lock()  # the parser counts brackets and levels: one text at a time


@functools.cache
def parser() -> Lark:
    """The parser of files (start ``start``) and of expressions in templates (start ``expression``)."""
    kept = kept_tables()
    if kept is not None:
        with contextlib.suppress(LookupError, TypeError, ValueError, AttributeError, AssertionError):  # of another lark
            loaded: Lark = Lark._load_from_dict(*kept, postlex=_Blocks())  # type: ignore[no-untyped-call]
            return loaded
    made = Lark(
        grammar_file().read_text(encoding="utf-8"), parser="lalr", lexer="contextual", postlex=_Blocks(),
        start=["start", "expression"], propagate_positions=True, maybe_placeholders=True,
    )  # fmt: skip
    tables, memo = made.memo_serialize([TerminalDef, Rule])
    options = {name: value for name, value in tables["options"].items() if name not in _NOT_PLAIN}
    tables_made(({**tables, "options": options}, memo))
    return made


def read_file(path: Path, shown_as: str | None = None) -> tuple[tree.Statement, ...]:
    """The statements of a rule file. Raises `Unusable` with every error found in it."""
    name = shown_as or str(path)
    return read_bytes(content(path, name), name)


def read_bytes(raw: bytes, name: str) -> tuple[tree.Statement, ...]:
    """The statements of what a rule file holds; `name` is what diagnostics show. Raises `Unusable`."""
    return read_text(decoded(raw, name), name)


def decoded(raw: bytes, name: str) -> str:
    """The text of a rule file's bytes. Raises `Unusable` where there are too many (QR101), or they are no text (QR102)."""
    if len(raw) > MAX_BYTES:
        raise Unusable([too_large(len(raw), name)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        raise Unusable(
            [Diagnostic("QR102", "this byte is not UTF-8 text", Span(name, line, column), "a text file in UTF-8")]
        ) from error


def read_text(text: str, file: str) -> tuple[tree.Statement, ...]:
    """The statements of a rule text; `file` is the name that diagnostics show. Raises `Unusable`."""
    problems = list(unreasonable(text, file))
    if problems:
        raise Unusable(problems)
    try:
        return parse(text, file)
    except (UnexpectedInput, DedentError, Unusable, RecursionError):
        return _piecewise(text, file)


def unreasonable(text: str, file: str) -> Iterator[Diagnostic]:
    """What makes a text no rule text before it is parsed: too many lines, too long ones, tabs, too many brackets."""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        if number > MAX_LINES + 1:
            yield Diagnostic("QR101", f"more than {MAX_LINES:,} lines", Span(file, 0), "several files")
            return
        if len(line) > MAX_LINE:
            found, limit = f"a line of {len(line):,} characters", f"lines of at most {MAX_LINE:,} characters"
            yield Diagnostic("QR103", found, Span(file, number), limit)
            return
        if "\t" in line[: len(line) - len(line.lstrip())]:
            yield Diagnostic("QR104", "a tab in the indentation", Span(file, number), "spaces (two for each level)")
            return
        depth = depth_after(line, depth)
        if depth > MAX_NESTING or indentation(line) > 2 * MAX_INDENT:
            yield Diagnostic("QR105", "nested too deeply to be meant", Span(file, number), f"at most {MAX_NESTING} open brackets")
            return


def parse(text: str, file: str, line_offset: int = 0) -> tuple[tree.Statement, ...]:
    """The statements of a sound text that begins behind some lines of a file. Raises what the parser raises."""
    source = text if text.endswith("\n") else text + "\n"
    with parsing:
        parsed = parser().parse(source, start="start")
    nodes = ToNodes(file, _Templates(file).read, line_offset)
    try:
        result: tuple[tree.Statement, ...] = nodes.transform(parsed)
    except VisitError as error:
        raise error.orig_exc from error
    return result


class _Templates:
    """Reads the holes of string literals: ``"slot {d.slot:x} of {bus}"``."""

    def __init__(self, file: str) -> None:
        self._file = file

    def read(self, literal: str, span: Span) -> tree.Expr:
        return templates.read(literal, span, self._hole)

    def _hole(self, text: str, span: Span) -> tree.Expr:
        try:
            with parsing:
                parsed = parser().parse(text, start="expression")
            nodes = ToNodes(self._file, self.read, span.line - 1, span.column - 1)
            expr: tree.Expr = nodes.transform(parsed)
        except VisitError as error:
            raise error.orig_exc from error
        except UnexpectedInput as error:
            raise Unusable(
                [Diagnostic("QR111", f"'{text}' in the braces is not an expression", span, "a value such as {d.id} or {slot:x}")]
            ) from error
        return expr


def _piecewise(text: str, file: str) -> tuple[tree.Statement, ...]:
    """Every statement alone: all errors come out, and what is sound is not needed any more."""
    found = (p for first_line, piece in pieces(text) for p in errors_of(piece, file, first_line))
    problems = list(islice(found, MAX_TOLD))
    if len(problems) == MAX_TOLD:
        where = Span(file, problems[-1].span.line)
        problems.append(Diagnostic("QR107", f"{MAX_TOLD} errors in this file: what stands below is not looked at", where))
    if not problems:
        problems.append(Diagnostic("QR110", "the statements of this file read one by one, but not together", Span(file, 1)))
    raise Unusable(problems)


def errors_of(piece: str, file: str, first_line: int) -> Iterator[Diagnostic]:
    """What is wrong with one statement. A broken line is blanked out and the rest read again, for what else is wrong."""
    last = 0
    for _ in range(MAX_ERRORS):
        found = _error(piece, file, first_line)
        if not found:
            return
        line = found[0].span.line - first_line + 1
        if last and (line <= last or found[0].message in syntax_errors.CUT_SHORT):
            return  # a consequence of the line that was taken out
        yield from found
        if line <= 1 or piece.split("\n")[line - 1].lstrip().startswith(_NEEDED):
            return
        last, piece = line, _without(piece, line)


def _error(piece: str, file: str, first_line: int) -> list[Diagnostic]:
    try:
        parse(piece, file, first_line - 1)
    except Unusable as error:
        return list(error.diagnostics)
    except RecursionError:
        return [Diagnostic("QR105", "nested too deeply to be meant", Span(file, first_line), "a simpler expression")]
    except DedentError:
        return [syntax_errors.bad_dedent(piece, file, first_line)]
    except (UnexpectedToken, UnexpectedCharacters, UnexpectedEOF) as error:
        unclosed = syntax_errors.unclosed(piece, file, first_line)
        if unclosed is not None:
            return [unclosed]
        return [syntax_errors.diagnose(error, piece, file, first_line)]
    return []


def _without(piece: str, line: int) -> str:
    """The text with a line and what is indented below it blanked out."""
    lines = piece.split("\n")
    depth = indentation(lines[line - 1])
    lines[line - 1] = ""
    for number in range(line, len(lines)):
        if lines[number].strip() and indentation(lines[number]) <= depth:
            break
        lines[number] = ""
    return "\n".join(lines)


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """The statements of a text with their first lines; a bracket that is left open ends with the next statement."""
    start, depth = 1, 0
    piece: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        at_margin = bool(line) and not line[0].isspace() and line[0] != "#" and (depth == 0 or _HEAD.match(line))
        if at_margin and any(p.strip() and not p.lstrip().startswith("#") for p in piece):
            yield start, "\n".join(piece) + "\n"
            start, piece, depth = number, [], 0
        depth = depth_after(line, depth)
        piece.append(line)
    yield start, "\n".join(piece) + "\n"


def tokens(text: str) -> list[Token]:
    """The tokens of a text, comments left out: for tools that look at the words of a rule file."""
    with parsing:
        lexed: Any = parser().lex(text)
        return list(lexed)
