"""Numbers and sizes as the emulator reads them from text: the one reader of both, with its grammar and no more.

Python's own `int` takes what no emulator does (``1_0``, digits of other scripts, blanks behind): it only sees what passed here.
See qemu:util/cutils.c "qemu_strtoi64", "qemu_strtou64" and "do_strtosz", which stand on C's strtoull.
"""

from __future__ import annotations

import re

_BLANK = r"[ \t\n\v\f\r]*"  # isspace() of the C locale
_INTEGER = re.compile(_BLANK + r"([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))")
_SIZE = re.compile(_BLANK + r"\+?(?:0[xX]([0-9a-fA-F]+)|([0-9]+)(?:\.([0-9]*))?)([bkmgtpeBKMGTPE]?)")
_UNITS = {"": 0, "b": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50, "e": 60}
_MOST = 1 << 64  # what no 64 bits hold is no number: ERANGE is answered as EINVAL is
_DIGITS = 4_000  # zeros before a number included; more are counted in no time by nobody (CPython's own limit is 4,300)


def integer(text: str) -> int | None:
    """The number that a text spells: decimal, ``0x`` hexadecimal or ``0`` octal, below 2**64 without its sign; else None."""
    match = _INTEGER.fullmatch(text) if len(text) <= _DIGITS else None
    if match is None:
        return None
    sign, hexadecimal, octal, decimal = match.groups()
    number = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else int(decimal)
    return None if number >= _MOST else -number if sign == "-" else number


def size(text: str) -> int | None:
    """The bytes that a size such as ``64M``, ``1.5G`` or ``0x100`` spells (units are powers of 1024, B without one); else None.

    Zeros before a decimal number mean nothing here; a fraction of a byte is no size.
    """
    match = _SIZE.fullmatch(text) if len(text) <= _DIGITS else None
    if match is None:
        return None
    hexadecimal, decimal, fraction, unit = match.groups()
    shift = _UNITS[unit.lower()]
    number = (int(hexadecimal, 16) if hexadecimal else int(decimal)) << shift
    if fraction and int(fraction):
        if not shift:
            return None
        number += (int(fraction) << shift) // 10 ** len(fraction)
    return number if number < _MOST else None
