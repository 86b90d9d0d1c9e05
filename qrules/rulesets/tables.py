"""Tables of compiled pieces: large members, whose rows are decoded when they are asked for. A question looks at few.

    [{"files": [...]}, {"entries": {"0": 0, "1": 120, ...}}]     a piece without its tables; where each row of these begins
    [...]                                                        the rows, each in a line of its own

A piece that is one large table is ``[null, {"": {...}}]``.
"""

from __future__ import annotations

from _collections_abc import Mapping

from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

try:
    from _json import make_scanner  # what `json` decodes with, without its loading of `re` and more (4 ms)
except ImportError:  # another Python than CPython
    from json.scanner import make_scanner

_MANY = 100  # members that make a table


class _Plain:
    """JSON as it stands in the standard."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, float
    memo: dict[str, str] = {}  # noqa: RUF012 (for the scanner in Python, which clears it)


_scan = make_scanner(_Plain)  # type: ignore[arg-type]


def decoded(raw: bytes) -> Any:
    """A value of JSON as `written` has it, without blanks around it. Raises `ValueError` and `RecursionError`."""
    text = raw.decode("ascii")
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("no value") from None
    if end != len(text):
        raise ValueError("something stands behind the value")
    return value


class Table(Mapping[str, "Any"]):
    """Rows by name. Each is decoded once, so that it is the same object for all who ask.

    Raises `Unusable` (QR506) where a row is damaged: only what came with a package can be, the rest has been digested.
    """

    def __init__(self, raw: bytes, begins: dict[str, int]) -> None:
        self._raw, self._begins = raw, begins
        self._decoded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        try:
            return self._decoded[name]
        except KeyError:
            return self._decoded.setdefault(name, self._row(self._begins[name]))  # one for all threads

    def _row(self, begin: int) -> Any:
        try:
            return decoded(self._raw[begin : self._raw.index(b"\n", begin)])
        except (ValueError, RecursionError):
            raise unusable("QR506", "the compiled rules are damaged", "rules", hint="install qrules again") from None

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self._begins else default

    def __contains__(self, name: object) -> bool:
        return name in self._begins

    def __iter__(self) -> Iterator[str]:
        return iter(self._begins)

    def __len__(self) -> int:
        return len(self._begins)


def written(piece: Any) -> bytes:
    """A piece as bytes, its large members as tables."""
    if _is_large(piece):
        rest, tables = None, {"": piece}
    else:
        members = piece if isinstance(piece, dict) else {}
        tables = {name: member for name, member in members.items() if _is_large(member)}
        rest = {name: member for name, member in members.items() if name not in tables} if tables else piece
    rows: list[bytes] = []
    begins: dict[str, dict[str, int]] = {}
    at = 0
    for member, table in tables.items():
        begins[member] = {}
        for name, row in table.items():
            begins[member][name] = at
            rows.append(_encoded(row) + b"\n")
            at += len(rows[-1])
    return _encoded([rest, begins]) + b"\n" + b"".join(rows)


def read(body: bytes) -> Any:
    """A piece from its bytes. Raises `ValueError` and `RecursionError`, but not for what stands in its tables."""
    first, _, rows = body.partition(b"\n")
    piece, begins = decoded(first)
    for member, of in begins.items():
        table = Table(rows, of)
        if piece is None:
            return table
        piece[member] = table
    return piece


def _is_large(member: Any) -> bool:
    return isinstance(member, dict) and len(member) >= _MANY


def _encoded(value: Any) -> bytes:
    import json

    return json.dumps(value, separators=(",", ":")).encode()
