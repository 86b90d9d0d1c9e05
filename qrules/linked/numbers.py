"""Numbers and sizes as the emulator reads them from text: the one reader of both, with its grammar and no more.

Python's own `int` takes what no emulator does (``1_0``, digits of other scripts, blanks behind): it only sees what passed here.
See qemu:util/cutils.c "qemu_strtoi64", "qemu_strtou64" and "do_strtosz", which stand on C's strtoull.
"""

from __future__ import annotations

_BLANK = " \t\n\v\f\r"  # isspace() of the C locale
_OCTAL = "01234567"
_DECIMAL = _OCTAL + "89"
_HEXADECIMAL = _DECIMAL + "abcdefABCDEF"
_UNITS = {"": 0, **dict(zip("bkmgtpeBKMGTPE", (0, 10, 20, 30, 40, 50, 60) * 2, strict=True))}
_MOST = 1 << 64  # what no 64 bits hold is no number: ERANGE is answered as EINVAL is
_DIGITS = 4_000  # zeros before a number included; more are counted in no time by nobody (CPython's own limit is 4,300)


def integer(text: str) -> int | None:
    """The number that a text spells: decimal, ``0x`` hexadecimal or ``0`` octal, below 2**64 without its sign; else None."""
    if len(text) > _DIGITS:
        return None
    spelled = text.lstrip(_BLANK)
    sign = spelled[:1] if spelled[:1] in ("+", "-") else ""
    number = _number(spelled[len(sign) :])
    return None if number is None or number >= _MOST else -number if sign == "-" else number


def _number(text: str) -> int | None:
    if text[:2] in ("0x", "0X"):
        return int(text[2:], 16) if _are(text[2:], _HEXADECIMAL) else None
    if text[:1] == "0":
        return int(text, 8) if _are(text, _OCTAL) else None
    return int(text) if _are(text, _DECIMAL) else None


def _are(text: str, digits: str) -> bool:
    """Whether there is a text, of nothing but such digits."""
    return text != "" and not text.strip(digits)


def size(text: str) -> int | None:
    """The bytes that a size such as ``64M``, ``1.5G`` or ``0x100`` spells (units are powers of 1024, B without one); else None.

    Zeros before a decimal number mean nothing here; a fraction of a byte is no size.
    """
    if len(text) > _DIGITS:
        return None
    spelled = text.lstrip(_BLANK)
    spelled = spelled[1:] if spelled[:1] == "+" else spelled
    hexadecimal = spelled[:2] in ("0x", "0X")
    unit = spelled[-1:]
    if unit not in _UNITS or (hexadecimal and unit in _HEXADECIMAL):
        unit = ""
    whole, point, fraction = (spelled[: -len(unit)] if unit else spelled).partition(".")
    if hexadecimal and not point and _are(whole[2:], _HEXADECIMAL):
        number = int(whole[2:], 16)
    elif _are(whole, _DECIMAL) and not fraction.strip(_DECIMAL):
        number = int(whole)
    else:
        return None
    shift = _UNITS[unit]
    number <<= shift
    if fraction and int(fraction):
        if not shift:
            return None
        number += (int(fraction) << shift) // 10 ** len(fraction)
    return number if number < _MOST else None
