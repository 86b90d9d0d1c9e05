"""The words of the language, as its grammar has them: for those who colour rule texts."""

from __future__ import annotations

import functools
import re

from qrules.paths import grammar_file

_WORD = re.compile(r'"([a-z][a-z-]*)"')
_COMMENT = re.compile(r"^//[^\n]*", re.MULTILINE)
OPERATORS = ("and", "or", "not", "is", "in", "meets", "under", "since", "before")
CONSTANTS = ("on", "off")


@functools.cache
def keywords() -> tuple[str, ...]:
    """All words of the language; some are names elsewhere."""
    text = _COMMENT.sub("", grammar_file().read_text(encoding="utf-8"))
    return tuple(sorted(set(_WORD.findall(text))))
