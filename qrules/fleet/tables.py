"""Tables of answers: pieces of JSON lines put together to one file of JSON lines, CSV or Parquet, which appears whole."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from itertools import chain, islice

from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

FORMS = {".jsonl": "JSON lines", ".csv": "CSV", ".parquet": "Parquet"}
_ROWS = 4_096  # of a row group, and that are in memory at a time


def form(path: str) -> str:
    """The form of a table by the end of its name. Raises `Unusable` (QR466) for another end."""
    found = next((end for end in FORMS if path.endswith(end)), None)
    if found is None:
        listed = ", ".join(f"{end} ({what})" for end, what in FORMS.items())
        raise unusable(
            "QR466", "the name of the table does not tell its form", path, expected=f"a name with one of the ends {listed}"
        )
    return found


def put_together(parts: Iterable[str], path: str, columns: dict[str, str]) -> None:
    """Writes a table of its parts beside its name, and renames it. Raises `OSError`."""
    beside = f"{path}.part"
    write = {".jsonl": _as_lines, ".csv": _as_csv, ".parquet": _as_parquet}[form(path)]
    with open(beside, "wb") as out:
        write(parts, out, columns)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, path)


def _as_lines(parts: Iterable[str], out: BinaryIO, columns: dict[str, str]) -> None:
    for part in parts:
        with open(part, "rb") as file:
            shutil.copyfileobj(file, out)


def _as_csv(parts: Iterable[str], out: BinaryIO, columns: dict[str, str]) -> None:
    """Lists have a line each inside of their cell; what is unset is empty."""
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    for lines in _some(parts):
        for line in lines:
            row = json.loads(line)
            writer.writerow([_cell(row.get(name)) for name in columns])
    text.detach()


def _cell(value: object) -> object:
    return "\n".join(map(str, value)) if isinstance(value, list) else value


def _as_parquet(parts: Iterable[str], out: BinaryIO, columns: dict[str, str]) -> None:
    from qrules.fleet import arrow

    arrow.library()
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(out, arrow.schema(columns), compression="zstd") as writer:
        for lines in _some(parts):
            writer.write_batch(arrow.table(lines, columns))


def _some(parts: Iterable[str]) -> Iterator[list[bytes]]:
    """The lines of all parts, some at a time."""
    lines = chain.from_iterable(map(_lines, parts))
    while some := list(islice(lines, _ROWS)):
        yield some


def _lines(part: str) -> Iterator[bytes]:
    with open(part, "rb") as file:
        yield from file
