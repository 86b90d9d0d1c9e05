"""Explained messages as text."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.explain.messages import Explained, Meaning
from qrules.report.style import Style, echo, wrapped
from qrules.visible import BREAK

_TOLD = 3  # meanings of one message that are told in full


def explained(found: list[Explained], style: Style) -> str:
    """Each message with what it means; where several rules say such a thing, the likeliest first."""
    return (BREAK * 2).join(BREAK.join(_one(e, style)) for e in found) or "There is nothing to explain."


def _one(found: Explained, style: Style) -> Iterator[str]:
    yield style(echo(found.text), "bold")
    if found.option:
        yield f"  {style('in', 'dim')}      {found.option}"
    told = len(found.meanings) if len(found.meanings) == _TOLD + 1 else _TOLD
    for number, meaning in enumerate(found.meanings[:told]):
        yield ""
        yield from _meaning(meaning, style, "or " if number else "")
    if found.meanings[told:]:
        more = [meaning.rule for meaning in found.meanings[told:]]
        yield ""
        yield wrapped(f"and {len(more)} more rules say the same of other values: {', '.join(dict.fromkeys(more))}", "  ", "  ")
    if not found.meanings:
        unlike = "no rule speaks of this: it is about the host or the guest rather than about devices"
        yield wrapped("no rule says this; the nearest that some do:" if found.near else unlike, "  ", "  ")
        for meaning in found.near:
            yield ""
            yield wrapped(meaning.template, "  ", "  ")
            yield f"  {style('rule', 'dim')}    {meaning.rule}, {meaning.where}"


def _meaning(meaning: Meaning, style: Style, start: str) -> Iterator[str]:
    for number, text in enumerate(meaning.because or ("",)):
        if text:
            yield wrapped(("or " if number else start) + text, "  ", "  ")
    for text in meaning.instead:
        yield wrapped(text, "          ", "  " + style("try", "dim") + "     ")
    if not meaning.because:
        yield wrapped(f"{start}{meaning.template}", "  ", "  ")
    yield f"  {style('rule', 'dim')}    {meaning.rule}, {meaning.where}"
    for source in meaning.see:
        yield f"  {style('source', 'dim')}  {source}"


def code(name: str, what: str, hint: str, style: Style) -> str:
    """A code of our own diagnostics."""
    lines = [style(name, "bold"), wrapped(what, "  ", "  ")]
    if hint:
        lines.append(wrapped(hint, "          ", "  " + style("try", "dim") + "     "))
    return BREAK.join(lines)
