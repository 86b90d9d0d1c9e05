"""Batches of configs to batches of answers, for engines that bring their own cores and machines.

`check_batches` maps record batches of Arrow to record batches: Spark's ``mapInArrow`` takes it as it is. `check_table` and
`check_frame` do the same for one table of Arrow (Ray Data) and one frame of pandas (Dask). The columns are those of
``qrules fleet``; docs/fleet.md has a line for each engine.
"""

from __future__ import annotations

from collections import OrderedDict

from qrules.fleet import arrow
from qrules.fleet.asking import Asked, Asker
from qrules.report import json as shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

_MOST = 4  # questions whose rules and forms are kept in a process
_kept: OrderedDict[Asked, Asker] = OrderedDict()


def check_batches(
    batches: Iterable[Any],
    *,
    arch: str | None = None,
    qemu: str | None = None,
    old: str | None = None,
    profiles: Sequence[str] = (),
    libvirt: str | None = None,
    rules: str | None = None,
) -> Iterator[Any]:
    """Record batches with a column `argv` (lists of texts) or `libvirt-xml` (texts) to record batches of answers, one for one.

    Further columns that are read: `id`, `arch`, `qemu`. With `old` the answers tell what becomes of configs for that version on
    `qemu`. Raises `qrules.Unusable` where pyarrow is missing (QR463), where columns are not those that are read (QR465), and for
    versions, an architecture or profiles that there are not (QR420, QR421, QR437).
    """
    asker = _asker(Asked(rules, arch, qemu, tuple(profiles), libvirt, old))
    for batch in batches:
        yield _checked(asker, batch)


def check_table(table: Any, **asked: Any) -> Any:
    """The same for a whole table of Arrow."""
    pa = arrow.library()
    return pa.Table.from_batches(check_batches(table.to_batches(), **asked), schema(asked.get("old")))


def check_frame(frame: Any, **asked: Any) -> Any:
    """The same for a frame of pandas."""
    pa = arrow.library()
    return check_table(pa.Table.from_pandas(frame, preserve_index=False), **asked).to_pandas()


def schema(old: str | None = None) -> Any:
    """The schema of the answers; with `old` that of answers about another version."""
    return arrow.schema(_columns(Asked(old=old)))


def _columns(asked: Asked) -> dict[str, str]:
    """The columns but for the number of the row: no engine keeps an order."""
    return {name: what for name, what in asked.columns.items() if name != "row"}


def _checked(asker: Asker, batch: Any) -> Any:
    arrow.check_columns(batch.schema, "the batch")
    rows = [f'{{"id": {shapes.line(identity)}, {text}' for identity, text in arrow.answers(asker, batch)]
    return arrow.table(rows, _columns(asker.asked))


def _asker(asked: Asked) -> Asker:
    """What answers such questions, kept for the next batches of this process."""
    found = _kept.get(asked)
    if found is None:
        arrow.library()
        found = Asker(asked)
        found.check()
        while len(_kept) >= _MOST:
            _kept.popitem(last=False)
        _kept[asked] = found
    return found
