"""How addresses are written: forms such as ``{slot:x}[.{function:x}]``, with holes, and brackets around what may be left out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

_HEXADECIMAL = "0123456789abcdefABCDEF"
_WRITTEN = {"x": r"\s*[+-]?(?:0[xX][0-9a-fA-F]*|[0-9a-fA-F]+)", "d": r"[0-9]+", "s": r".+"}


def holes(text: str) -> tuple[list[tuple[str, str, str]], str]:
    """The holes of a form: the text before each, its name and how it is written (``04x``); and what stands behind the last."""
    found = []
    while "{" in text:
        before, _, text = text.partition("{")
        hole, _, text = text.partition("}")
        name, _, form = hole.partition(":")
        found.append((before, name, form or "d"))
    return found, text


def rendered(shown: str, address: dict[str, Any]) -> str:
    """An address in a form, with all that may be left out."""
    found, rest = holes(shown.replace("[", "").replace("]", ""))
    told = []
    for before, name, form in found:
        value = address.get(name)
        told.append(before + (format(value, form) if isinstance(value, int) else str(value)))
    return "".join((*told, rest))


def hexadecimal(text: str) -> int:
    """As C's scanf reads ``%x``: blanks, a sign and ``0x`` may stand before the digits, and 32 bits are kept."""
    text = text.strip()
    digits = text.lstrip("+-").lower().removeprefix("0x")
    number = int(digits or "0", 16)
    return (-number if text.startswith("-") else number) & 0xFFFFFFFF


class Reader:
    """Reads what is written in a form. The commonest, digits with dots between them, need no regular expression."""

    def __init__(self, written: str) -> None:
        self._written = written
        self._pattern: re.Pattern[str] | None = None  # once something is read that is not plain
        found, rest = holes(written)
        befores = [before for before, _, _ in found]
        self._names = [name for _, name, _ in found]
        self._least = next((at for at, before in enumerate(befores) if "[" in before), len(found))
        more = len(found) - self._least
        dotted = befores == ["", *(["."] * (self._least - 1)), *(["[."] * more)] and rest == "]" * more
        self._dotted = dotted and all(form == "x" for _, _, form in found)

    def read(self, text: str) -> dict[str, str] | None:
        """What stands in the holes, by name; without those that are left out. None where it is not written so."""
        if self._dotted:
            texts = text.split(".")
            if self._least <= len(texts) <= len(self._names) and all(t and not t.strip(_HEXADECIMAL) for t in texts):
                return dict(zip(self._names, texts, strict=False))
        if self._pattern is None:
            self._pattern = _pattern(self._written)
        match = self._pattern.fullmatch(text)
        return None if match is None else {n: found for n in self._names if (found := match[_group(n)]) is not None}


def _group(name: str) -> str:
    return name.replace("-", "_")


def _pattern(written: str) -> re.Pattern[str]:
    """A form as a regular expression."""
    import re

    def literal(text: str) -> str:
        return re.escape(text).replace(r"\[", "(?:").replace(r"\]", ")?")

    found, rest = holes(written)
    pieces = [f"{literal(before)}(?P<{_group(name)}>{_digits(form)})" for before, name, form in found]
    return re.compile("".join((*pieces, literal(rest))), re.ASCII)


def _digits(form: str) -> str:
    """What a hole takes: `04x` exactly four digits, `2x` at most two, `x` any number of them."""
    if len(form) == 1:
        return _WRITTEN[form]
    least = "" if form.startswith("0") else "1,"
    return f"\\s*{'[0-9a-fA-F]' if form.endswith('x') else '[0-9]'}{{{least}{int(form[:-1])}}}"
