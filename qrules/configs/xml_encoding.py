"""Bytes of an XML document as a text: by their byte order mark, by what they say of themselves, else as UTF-8."""

from __future__ import annotations

import re

from qrules.configs import xml_trouble

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BARE = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))  # the first character of a document without a mark
_SAYS = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_READ = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1", "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15", "windows-1252": "cp1252", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_HALF = re.compile("[\ud800-\udfff]")


def decoded(given: str | bytes, where: str) -> str:
    """The text. Raises `Unusable` (QR473): the encoding is not read, bytes are none of it, or a character is half of one."""
    text = given if isinstance(given, str) else _of_bytes(given, where)
    if (half := _HALF.search(text)) is not None:
        raise xml_trouble.encoding(where, f"character {half.start() + 1} is half of one")
    if (empty := text.find("\0")) >= 0:  # XML has none, and the parser counts bytes otherwise where there are some
        raise xml_trouble.encoding(
            where, f"character {empty + 1} is NUL: the text is cut, or in another encoding, such as UTF-32"
        )
    return text.removeprefix("\ufeff")


def _of_bytes(given: bytes, where: str) -> str:
    mark, codec = next(((m, c) for m, c in _MARKS if given.startswith(m)), (b"", ""))
    if not codec:
        codec = next((c for start, c in _BARE if given.startswith(start)), "")
    said = _SAYS.match(given)
    if not codec and said is not None:
        name = said[1].decode("ascii").lower()
        codec = _READ.get(name, "")
        if not codec:
            raise xml_trouble.encoding(where, f"it says that it is in {name}, which is not read")
    try:
        return given[len(mark) :].decode(codec or "utf-8")
    except UnicodeDecodeError as error:
        told = f"it says that it is in {said[1].decode('ascii')}" if said is not None else "nothing is said of its encoding"
        raise xml_trouble.encoding(where, f"byte {len(mark) + error.start} is not {codec or 'utf-8'} text, and {told}") from None
