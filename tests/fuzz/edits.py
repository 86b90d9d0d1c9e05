"""Broken input made of good input: a text and a few edits, which hypothesis draws and shrinks, a generator draws in bulk, and
atheris takes from its bytes. What an edit does follows from four numbers alone."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

LONGEST = 20_000  # characters of an edited text
KINDS = 10
TOP = 1 << 16  # of each number of an edit
_TOKEN = re.compile(r"[\w.-]+|[^\w\s]|\s")
_NUMBER = re.compile(r"\d+")

PIECES = (
    "", ",", ",,", "=", "\\", '"', "'", "{", "}", "[", "]", "(", ")", ":", ": ", "-", "--", "-device", "\x1f-device\x1f", "\x1f", " ", "\t", "\n", "\r", "\f",
    "\0", "\x1b[31m", "\x7f", "\u0085", "\u2028", "\u202e", "\u00a0", "\ufeff", "\ufffd", "\ud800", "\udcff", "\U0001f600", "é", "0x", "0", "-1", "+-3",
    "1_0", "\u0663", "08", "0x1_0", "99999999999999999999", "9" * 5000, "1e999", "NaN", "null", "true", "[[[[[[[[", "%s", "%n", "../", "/dev/null", "$(x)", "${a}", "`",
    "{0}", "{a.b}", "{{", "\\ud800", "\\u0000", "\\x", "::error::", "#", ";", "&", "|", "<", ">", "..", "*", "*3", "a" * 300, "bus=", "id=", "addr=", "driver", "help", "?",
    "on", "off", "none", "default", "q35", "pc", "e1000", "usb-hub", "pci-bridge", "pcie-root-port", "bus=pcie.0", "addr=1f.0", "id=a", "{}", "all", "0 .. 1000000",
)  # fmt: skip


class Edit(NamedTuple):
    """Numbers from 0 to `TOP` - 1: what is done, where, up to where, and with what."""

    kind: int
    at: int
    end: int
    piece: int


def edited(text: str, edits: Sequence[Edit], others: Sequence[str] = ()) -> str:
    """The text with these edits, one after the other; `others` are texts that it may be spliced with."""
    for edit in edits:
        text = _one(text, edit, others)[:LONGEST]
    return text


def _one(text: str, edit: Edit, others: Sequence[str]) -> str:
    at, end = sorted(min(len(text), number * (len(text) + 1) // TOP) for number in (edit.at, edit.end))
    piece = PIECES[edit.piece % len(PIECES)]
    match edit.kind % KINDS:
        case 0:
            return text[:at] + text[min(end, at + 6) :]
        case 1:
            return text[:at] + piece + text[at:]
        case 2:
            return text[:end] + text[at:end][:60] + text[end:]
        case 3:
            return text[:end] + text[max(at, end - 40) : end] * (2 + edit.piece % 60) + text[end:]
        case 4:
            return _token(text, at, piece)
        case 5:
            return text[:at]
        case 6:
            return _swapped(text, at, end)
        case 7:
            found = _NUMBER.search(text, at)
            return text if found is None else text[: found.start()] + piece + text[found.end() :]
        case 8 if others:
            other = others[edit.piece % len(others)]
            return text[:at] + other[edit.end * (len(other) + 1) // TOP :]
        case _:
            return text[:at] + chr(edit.piece) + text[at:]


def _token(text: str, at: int, piece: str) -> str:
    """The token that begins next becomes something else."""
    found = _TOKEN.search(text, at)
    return text if found is None else text[: found.start()] + piece + text[found.end() :]


def _swapped(text: str, at: int, end: int) -> str:
    """Two tokens change places."""
    one, other = _TOKEN.search(text, at), _TOKEN.search(text, end)
    if one is None or other is None or one.end() > other.start():
        return text
    return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


def drawn(rng: random.Random) -> list[Edit]:
    """Edits for one input."""
    return [Edit(*(rng.randrange(TOP) for _ in range(4))) for _ in range(rng.choice((1, 1, 2, 2, 3, 5)))]


def from_bytes(data: bytes) -> tuple[int, list[Edit]]:
    """A number that chooses a seed, and edits, of what a coverage-guided fuzzer gives."""
    numbers = [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data) - 1, 2)]
    edits = [Edit(*numbers[i : i + 4]) for i in range(1, len(numbers) - 3, 4)]
    return (numbers[0] if numbers else 0), edits[:12]
