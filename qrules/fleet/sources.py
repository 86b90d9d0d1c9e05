"""Where the configs of a fleet come from: a folder, JSON lines or Parquet, cut into pieces that are answered one by one.

The pieces of a source are the same in each run, so that a run that was interrupted goes on where it was.
"""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG

from qrules.configs import gathering
from qrules.configs.lines import MAX_LINE, Line
from qrules.configs.pasted import pasted
from qrules.configs.xml_domain import looks_like
from qrules.diagnostics import Unusable, unusable
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO, TypeAlias

    from qrules.fleet.asking import Asker

    Told: TypeAlias = tuple[int, Any, str]  # a row's number, its id, and the rest of its JSON

_BYTES = 1024 * 1024  # of a piece of JSON lines
_BLOCK = 64 * 1024
_FILES = 64  # of a piece of a folder
_ANSWERED = "a folder, JSON lines (.jsonl) or Parquet (.parquet)"


class Piece(NamedTuple):
    """A part of a source: from `begin` to `end` in bytes, files or row groups; `row` is the number of its first row.

    `weight` says how much of the source it is.
    """

    number: int
    begin: int
    end: int
    row: int
    weight: int


class Lines:
    """JSON lines: each is a question as ``check --jsonl`` takes it."""

    def __init__(self, path: str) -> None:
        self.path, self.weight = path, os.stat(path).st_size

    def pieces(self) -> Iterator[Piece]:
        """The pieces: whole lines, a megabyte of them."""
        number, row = 0, 1
        with open(self.path, "rb") as file:
            begin = 0
            while begin < self.weight:
                rows = 0
                end = min(begin + _BYTES, self.weight)
                left = end - begin
                while left and (block := file.read(min(_BLOCK, left))):
                    rows += block.count(b"\n")
                    left -= len(block)
                while block and not block.endswith(b"\n"):  # up to the end of the line
                    block = file.readline(_BLOCK)
                    rows += block.endswith(b"\n")
                end = file.tell()
                if end <= begin:  # it has become shorter
                    return
                yield Piece(number, begin, end, row, end - begin)
                number, row, begin = number + 1, row + rows, end

    def answers(self, asker: Asker, piece: Piece) -> Iterator[Told]:
        """The rows of a piece. Blank lines have none."""
        with open(self.path, "rb") as file:
            file.seek(piece.begin)
            row = piece.row - 1
            while file.tell() < piece.end and (line := file.readline(MAX_LINE + 1)):
                row += 1
                if len(line) > MAX_LINE:
                    _to_end(file, line)
                if line.strip():
                    yield row, *asker.of_json(line)


def _to_end(file: BinaryIO, line: bytes) -> None:
    """Passes over the rest of a line that is too long."""
    rest = line
    while rest and not rest.endswith(b"\n"):
        rest = file.readline(_BLOCK)


class Folder:
    """The files of a folder and all below it: command lines as a shell takes them, and domains of libvirt as XML."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._files = gathering.gathered(path)
        self.weight = len(self._files)

    def pieces(self) -> Iterator[Piece]:
        """The pieces: some files each, by name."""
        for number, begin in enumerate(range(0, self.weight, _FILES)):
            end = min(begin + _FILES, self.weight)
            yield Piece(number, begin, end, begin + 1, end - begin)

    def answers(self, asker: Asker, piece: Piece) -> Iterator[Told]:
        """The rows of a piece: one for each command line; files that have none, and name no emulator, have no row."""
        for row, path in enumerate(self._files[piece.begin : piece.end], piece.row):
            name = os.path.relpath(path, self.path)
            try:
                raw = gathering.content(path)
            except OSError as error:
                yield row, name, asker.unread("QR432", f"can't read it: {error.strerror or error}")
                continue
            if raw is None:
                yield row, name, asker.unread("QR432", f"more than {gathering.MAX_BYTES // 1024 // 1024} MiB in one file")
            else:
                yield from _of_file(asker, row, name, raw)


def _of_file(asker: Asker, row: int, name: str, raw: bytes) -> Iterator[Told]:
    if looks_like(raw):
        try:
            yield row, name, asker.of_xml(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield row, name, asker.unread("QR433", f"byte {error.start} is not UTF-8 text")
        return
    try:
        found = pasted(raw.decode("utf-8"), name)
    except (Unusable, UnicodeDecodeError) as error:
        if gathering.names_emulator(raw):
            told = error.diagnostics[0] if isinstance(error, Unusable) else None
            yield row, name, asker.unread(told.code if told else "QR433", told.message if told else "it is not UTF-8 text")
        return
    for command in found.commands:
        line, column = command.line_and_column
        own = name if len(found.commands) == 1 else f"{name}:{line}:{column}"
        if command.unread:
            yield row, own, asker.unread("not-known", command.unread[0].why, "unknown")
        else:
            yield row, own, asker.of_words(Line(None, command.argv, None, None, (), ()))


class Parquet:
    """The rows of a Parquet file: `argv` (a list of texts) or `libvirt-xml` (a text), and `id`, `arch`, `qemu` if there are."""

    def __init__(self, path: str) -> None:
        from qrules.fleet import arrow

        self.path = path
        with arrow.opened(path) as file:
            arrow.check_columns(file.schema_arrow, path)
            self._groups = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]
        self.weight = sum(self._groups)

    def pieces(self) -> Iterator[Piece]:
        """The pieces: the file's own row groups."""
        row = 1
        for number, rows in enumerate(self._groups):
            yield Piece(number, number, number + 1, row, rows)
            row += rows

    def answers(self, asker: Asker, piece: Piece) -> Iterator[Told]:
        """The rows of a piece."""
        from qrules.fleet import arrow

        with arrow.opened(self.path) as file:
            row = piece.row
            for batch in arrow.batches(file, piece.begin):
                for identity, text in arrow.answers(asker, batch):
                    yield row, identity, text
                    row += 1


def source(path: str) -> Lines | Folder | Parquet:
    """The source that a path names.

    Raises `Unusable`: QR432 for what can't be read or is no file, QR462 for what is none of the forms, and what `arrow` raises.
    """
    try:
        mode = os.stat(path).st_mode
        if S_ISDIR(mode):
            return Folder(path)
        if not S_ISREG(mode):
            raise unusable("QR432", "this is neither a file nor a folder", path, expected=_ANSWERED)
        with open(path, "rb") as file:
            head = file.read(_BLOCK)
    except OSError as error:
        raise unusable("QR432", f"can't read it: {error.strerror or error}", path, expected=_ANSWERED) from error
    if head.startswith(b"PAR1") or path.endswith(".parquet"):
        return Parquet(path)
    if head.lstrip()[:1] not in (b"{", b""):
        hint = '`qrules check FILE` takes one config; one of many stands in a folder, or as {"argv": [...]} in a line of its own'
        raise unusable("QR462", "this file begins with no JSON object", path, expected=_ANSWERED, hint=hint)
    return Lines(path)
