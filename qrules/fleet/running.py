"""A run over a fleet: its pieces answered by as many processes as are wanted, kept one by one, and put together to a table."""

from __future__ import annotations

import json
import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from time import monotonic

from qrules.fleet import kept, tables
from qrules.fleet.asking import Asked, Asker
from qrules.fleet.collecting import Collector
from qrules.fleet.kept import Kept
from qrules.fleet.processes import together
from qrules.fleet.rows import text_of
from qrules.fleet.sources import Folder, Lines, Parquet, Piece, source
from qrules.records import NamedTuple
from qrules.report import json as shapes
from qrules.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    Source: TypeAlias = Lines | Folder | Parquet

_AHEAD = 3  # pieces a process that are handed out before they are asked for


class Progress(NamedTuple):
    """How far a run is: configs answered, the share of the source that is, and this run's own share with the seconds it took."""

    configs: int
    share: float
    own_share: float
    seconds: float


class Done(NamedTuple):
    """The end of a run: what was counted, its seconds, and how many configs an earlier run had answered."""

    counted: dict[str, Any]
    seconds: float
    resumed: int


def run(
    path: str, table: str, asked: Asked, jobs: int = 1, restart: bool = False, tell: Callable[[Progress], None] | None = None
) -> Done:
    """Answers a source, and writes the table. What an earlier run of the same was ended at is gone on with.

    Raises `Unusable`: QR432 and QR462 to QR469, QR420, QR421 and QR437; `OSError` where the disk does not take it, or a process
    was ended from outside.
    """
    begun = monotonic()
    tables.form(table)
    if table.endswith(".parquet"):
        from qrules.fleet import arrow

        arrow.library()
    found = source(path)
    asker = Asker(asked)
    asker.check()
    beside = Kept(table)
    try:
        beside.begin(_plan(path, asked, asker), table, restart)
        done = _run(found, beside, asked, asker, jobs, tell, begun)
        tables.put_together((beside.path(n) for n in range(done[1])), table, asked.columns)
        beside.remove()
    finally:
        beside.release()
    return Done(done[0], monotonic() - begun, done[2])


def _run(
    found: Source,
    beside: Kept,
    asked: Asked,
    asker: Asker,
    jobs: int,
    tell: Callable[[Progress], None] | None,
    begun: float,
) -> tuple[dict[str, Any], int, int]:
    """Answers all pieces. Gives what was counted, how many pieces there are, and how many configs an earlier run had answered."""
    counted, resumed, own, share, pieces = kept.nothing(), 0, 0, 0, 0
    for piece, told, fresh in _pieces(found, beside, asked, asker, jobs):
        pieces = piece.number + 1
        kept.add(counted, told)
        share += piece.weight
        own += piece.weight if fresh else 0
        resumed += 0 if fresh else told["configs"]
        if tell is not None:
            whole = max(1, found.weight)
            tell(Progress(counted["configs"], share / whole, own / whole, monotonic() - begun))
    return counted, pieces, resumed


def _plan(path: str, asked: Asked, asker: Asker) -> dict[str, Any]:
    """What tells one run from another."""
    told = os.stat(path)
    return {
        "the version of qrules": __version__,
        "the rules": asker.store.digest,
        "the input": [os.path.abspath(path), told.st_size, told.st_mtime_ns],
        "the options": json.loads(json.dumps([asked[:-1]])),
    }


def _pieces(found: Source, beside: Kept, asked: Asked, asker: Asker, jobs: int) -> Iterator[tuple[Piece, dict[str, Any], bool]]:
    """Each piece in its order, with what was counted of it, and whether this run has answered it."""
    if jobs == 1:
        collector = Collector()
        for piece in found.pieces():
            known = beside.done(piece.number)
            yield piece, known or answer(found, piece, asker, beside, collector), known is None
        return
    with together(jobs, _start, found, asked, beside) as pool:
        yield from _together(pool, found, beside, jobs * _AHEAD)


def _together(pool: ProcessPoolExecutor, found: Source, beside: Kept, ahead: int) -> Iterator[tuple[Piece, dict[str, Any], bool]]:
    waiting: deque[tuple[Piece, dict[str, Any] | None, Future[dict[str, Any]] | None]] = deque()
    working = 0
    for piece in found.pieces():
        known = beside.done(piece.number)
        waiting.append((piece, known, pool.submit(_work, piece) if known is None else None))
        working += known is None
        while waiting and (working >= ahead or waiting[0][2] is None):
            working -= waiting[0][2] is not None
            yield _ended(*waiting.popleft())
    while waiting:
        yield _ended(*waiting.popleft())


def _ended(
    piece: Piece, known: dict[str, Any] | None, future: Future[dict[str, Any]] | None
) -> tuple[Piece, dict[str, Any], bool]:
    return (piece, future.result(), True) if future is not None else (piece, known or kept.nothing(), False)


def answer(found: Source, piece: Piece, asker: Asker, beside: Kept, collector: Collector) -> dict[str, Any]:
    """Answers a piece, and keeps the rows. Gives what was counted."""
    counted = kept.nothing()

    def rows() -> Iterator[bytes]:
        for row, identity, text in found.answers(asker, piece):
            name = text_of(identity)
            kept.count(counted, row, name, json.loads("{" + text))
            collector.answered()
            yield f'{{"row": {row}, "id": {shapes.line(name)}, {text}\n'.encode()

    beside.write(piece.number, rows(), counted)
    return counted


# ------------------------------------------------------------------------------------- in a process of its own
_own: list[tuple[Any, Asker, Kept, Collector]] = []


def _start(found: Source, asked: Asked, beside: Kept) -> None:
    """Begins a process of its own."""
    _own.append((found, Asker(asked), beside, Collector()))


def _work(piece: Piece) -> dict[str, Any]:
    found, asker, beside, collector = _own[0]
    return answer(found, piece, asker, beside, collector)
