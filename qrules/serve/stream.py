"""JSON values out of a stream of bytes, where nothing but the value itself says where it ends, as QEMU's own reader takes them.

What is no JSON ends where its brackets do (qemu:qobject/json-streamer.c counts them), or with the line outside of any.
"""

from __future__ import annotations

_OPENING, _CLOSING, _QUOTES, _ESCAPE, _LINE = b"{[", b"}]", b"\"'", ord("\\"), ord("\n")


class TooLong(ValueError):
    """A value of more bytes than one may have."""


class Values:
    """Takes bytes as they come, and gives values once they are whole; each has at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = bytearray()
        self._depth, self._quote, self._escaped = 0, 0, False

    def feed(self, raw: bytes) -> list[bytes]:
        """The values that end in these bytes. Raises `TooLong`; nothing more can be read then."""
        found: list[bytes] = []
        begin = 0
        for at, byte in enumerate(raw):
            if self._ends(byte):
                found.append(bytes(self._begun) + raw[begin : at + 1])
                self._begun.clear()
                begin = at + 1
        self._begun += raw[begin:]
        if max(len(self._begun), *map(len, found), 0) > self._most:
            raise TooLong(f"more than {self._most:,} bytes in one command")
        return [value for value in found if value.strip()]

    def _ends(self, byte: int) -> bool:
        """Whether a value ends behind this byte."""
        if self._quote:
            if self._escaped:
                self._escaped = False
            elif byte == _ESCAPE:
                self._escaped = True
            elif byte == self._quote:
                self._quote = 0
            return False
        if byte in _OPENING:
            self._depth += 1
        elif byte in _CLOSING:
            self._depth = max(0, self._depth - 1)
            return self._depth == 0
        elif byte in _QUOTES and self._depth:
            self._quote = byte
        return byte == _LINE and self._depth == 0
