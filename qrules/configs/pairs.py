"""The syntax of an option's argument: ``key=value,key=value`` with doubled commas, or a JSON object. Nothing is known of keys."""

from __future__ import annotations

from qrules.diagnostics import Span, unusable
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Pair(NamedTuple):
    """A key with its value; `start` and `end` are characters of the argument."""

    key: str
    value: Any
    start: int
    end: int


def pairs(text: str, implied: str = "") -> list[Pair]:
    """``a,k=v,flag`` split at single commas; ``,,`` is a comma. The first word without ``=`` belongs to `implied`.

    A later word without ``=`` is an old-style flag: ``k`` is ``k=on`` and ``nok`` is ``k=off`` (qemu:util/qemu-option.c
    "get_opt_name_value").
    """
    if not text:  # nothing at all is no pair
        return []
    found = []
    for number, (piece, start, end) in enumerate(_pieces(text) if ",," in text else _plain_pieces(text)):
        key, equals, value = piece.partition("=")
        if not equals:
            if number == 0 and implied:
                key, value = implied, piece
            elif piece.startswith("no") and len(piece) > 2 and implied:
                key, value = piece[2:], "off"
            else:
                value = "on"
        found.append(Pair._make((key, value, start, end)))
    return found


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    piece, start, at = "", 0, 0
    while at < len(text):
        character = text[at]
        if character == ",":
            if text[at + 1 : at + 2] == ",":
                piece += ","
                at += 2
                continue
            yield piece, start, at
            piece, start = "", at + 1
        else:
            piece += character
        at += 1
    if piece or not text:
        yield piece, start, at


def _plain_pieces(text: str) -> list[tuple[str, int, int]]:
    start = 0
    pieces = text.split(",")
    if len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    found = []
    for piece in pieces:
        end = start + len(piece)
        found.append((piece, start, end))
        start = end + 1
    return found


def list_of(name: str) -> str | None:
    """What a key with a number in it, such as ``window.0.size``, is a member of; None for other keys."""
    steps = name.split(".") if "." in name else ()
    return next((".".join(steps[:at]) for at, step in enumerate(steps) if step.isdigit()), None)


def json_pairs(text: str, word: int) -> list[Pair]:
    """The members of the JSON object that is word `word` (from 0), in its order. Raises `Unusable` (QR403) when it is none."""
    from qrules.configs.json_text import NotJson, emulators

    try:
        value = emulators(text)
    except NotJson as error:
        at = f" (character {error.at + 1})" if error.at is not None else ""
        raise unusable(
            "QR403", f"this is not JSON: {error}{at}", _argument(word), expected='an object such as {"driver": "..."}'
        ) from error
    if not isinstance(value, dict):
        raise unusable("QR403", "JSON, but not an object", _argument(word), expected='an object such as {"driver": "..."}')
    return [Pair(key, member, 0, len(text)) for key, member in value.items()]


def _argument(word: int) -> Span:
    return Span(f"argument {word + 1}", 0)
