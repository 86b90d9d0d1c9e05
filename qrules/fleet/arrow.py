"""Configs and answers as columns of Arrow. `pyarrow` is an extra, and is imported when the first of these is asked for."""

from __future__ import annotations

import json
from contextlib import contextmanager

from qrules.configs.lines import Line
from qrules.diagnostics import unusable
from qrules.fleet.asking import XML, Asker
from qrules.fleet.rows import LISTS, TEXTS, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

_COLUMNS = {"id": "", "argv": "list of texts", XML: "text", "arch": "text", "qemu": "text"}
_ROWS = 512  # that are read at a time


def library() -> Any:
    """The module `pyarrow`. Raises `Unusable` (QR463) where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        hint = "pip install 'qrules-qemu[fleet]'; JSON lines and CSV need nothing"
        raise unusable("QR463", "Parquet and Arrow need the package pyarrow, which is not here", "pyarrow", hint=hint) from error
    return pyarrow


@contextmanager
def opened(path: str) -> Iterator[Any]:
    """A Parquet file. Raises `Unusable`: QR463, and QR464 for what is none."""
    library()
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            yield file
    except (ArrowException, OSError) as error:
        told = " ".join(str(error).split())[:200]
        raise unusable(
            "QR464", f"this is no Parquet file that can be read: {told}", path, expected="a whole Parquet file"
        ) from error


def batches(file: Any, group: int) -> Iterator[Any]:
    """The rows of a row group, some at a time, as batches of the columns that are read."""
    wanted = [name for name in file.schema_arrow.names if name in _COLUMNS]
    yield from file.iter_batches(batch_size=_ROWS, row_groups=[group], columns=wanted)


def check_columns(schema: Any, where: str) -> None:
    """Raises `Unusable` (QR465) where columns lack, stand twice or are of another type than they are to be."""
    from pyarrow import types

    names = [name for name in schema.names if name in _COLUMNS]
    expected = f"'argv' (a list of texts) or '{XML}' (a text), and 'id', 'arch', 'qemu' as far as there are"
    if "argv" not in names and XML not in names:
        there = ", ".join(f"'{name}'" for name in schema.names[:12]) or "none"
        raise unusable("QR465", f"no column has configs; the columns are {there}", where, expected=expected)
    for name in names:
        if names.count(name) > 1:
            raise unusable("QR465", f"two columns are called '{name}'", where, expected=expected)
        kind = schema.field(name).type
        if types.is_dictionary(kind):
            kind = kind.value_type
        inner = kind.value_type if types.is_list(kind) or types.is_large_list(kind) else None
        of_text = _is_text(types, inner) if _COLUMNS[name] == "list of texts" else _is_text(types, kind)
        if _COLUMNS[name] and not of_text and not types.is_null(kind):
            raise unusable(
                "QR465", f"the column '{name}' is of the type {kind}, not a {_COLUMNS[name]}", where, expected=expected
            )


def _is_text(types: Any, kind: Any) -> bool:
    return kind is not None and (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def answers(asker: Asker, batch: Any) -> Iterator[tuple[Any, str]]:
    """The id and the answer of each row of a batch."""
    count = batch.num_rows
    columns = {name: batch.column(name) for name in batch.schema.names if name in _COLUMNS}
    for at in range(count):
        found = {name: column[at].as_py() for name, column in columns.items()}
        yield text_of(_plain(found.get("id"))), _answer(asker, found)


def _plain(value: Any) -> Any:
    """An id of any type of Arrow as one of JSON."""
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _answer(asker: Asker, found: dict[str, Any]) -> str:
    words, text = found.get("argv"), found.get(XML)
    if text is not None:
        return asker.of_xml(text, found.get("arch"), found.get("qemu"))
    if words is None or any(word is None for word in words):
        return asker.unread("QR440", f"neither argv nor {XML} has a value in this row")
    return asker.of_words(Line(None, words, found.get("arch"), found.get("qemu"), (), ()))


def schema(columns: dict[str, str]) -> Any:
    """The schema of a table of answers."""
    pa = library()
    kinds = {TEXTS: pa.string(), LISTS: pa.list_(pa.string())}
    return pa.schema([(name, kinds.get(what, pa.int64())) for name, what in columns.items()])


def table(texts: Sequence[bytes | str], columns: dict[str, str]) -> Any:
    """A record batch of rows that are written as JSON."""
    pa = library()
    decoded = [json.loads(text) for text in texts]
    kinds = schema(columns)
    return pa.record_batch(
        [pa.array([row.get(name) for row in decoded], kinds.field(name).type) for name in columns], schema=kinds
    )
