"""Rule texts in colour: a lexer for Pygments, which Sphinx, MkDocs and `pygmentize` find by its entry point."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from qrules.language.words import CONSTANTS, OPERATORS, keywords

_NAME = r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*"
_END = r"(?![A-Za-z0-9_-])"


class RuleLexer(RegexLexer):  # type: ignore[misc]
    """Rules of qrules."""

    name = "qrules"
    aliases: ClassVar = ["qr", "qrules"]
    filenames: ClassVar = ["*.qr"]
    mimetypes: ClassVar = ["text/x-qrules"]

    tokens: ClassVar[dict[str, Any]] = {
        "root": [
            (r"\n|[ \t\r]+", Whitespace),
            (r"#[^\n]*", Comment.Single),
            (r'(see)([ ]+)([A-Za-z][A-Za-z0-9_-]*:[^\s"]+)', bygroups(Keyword, Whitespace, String.Other)),
            (r'"', String, "text"),
            (r"0x[0-9a-fA-F]+", Number.Hex),
            (r"[0-9]+(?:\.[0-9]+)+", Number),
            (r"[0-9]+", Number.Integer),
            (rf"(rule|needs|term|parts|group|domain|profile)([ ]+)({_NAME})", bygroups(Keyword, Whitespace, Name.Function)),
            (rf"(\.)({_NAME})", bygroups(Punctuation, Name.Attribute)),
            (rf"({_NAME})([ ]+)(=)(?=[ ])", bygroups(Name.Attribute, Whitespace, Operator)),
            (words(CONSTANTS, suffix=_END), Keyword.Constant),
            (words(OPERATORS, suffix=_END), Operator.Word),
            (words(keywords(), suffix=_END), Keyword),
            (rf"{_NAME}(?:\.[0-9]+)*(?=\()", Name.Function),
            (rf"{_NAME}(?:\.[0-9]+)*", Name),
            (r"\.\.|!=|<=|>=|[-+*/%=<>]", Operator),
            (r"[.,:(){}]", Punctuation),
        ],
        "text": [
            (r'"', String, "#pop"),
            (r"\\.", String.Escape),
            (r"\{[^{}\"\n]*\}", String.Interpol),
            (r'[^"\\{\n]+', String),
            (r"\{", String),
            (r"\n", Whitespace, "#pop"),
        ],
    }
