"""Configs and answers as columns: Arrow, Parquet, and the engines that are here to try it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import qrules.fleet
from qrules.diagnostics import Unusable
from qrules.fleet.asking import Asked, Asker
from qrules.fleet.sources import source

pa = pytest.importorskip("pyarrow", reason="the extra 'fleet' (pyarrow) is not installed")
parquet = pytest.importorskip("pyarrow.parquet")

ARGV = [["-M", "q35", "-name", f"vm{n}", "-device", "e1000,addr=5" if n % 4 else "floppy"] for n in range(40)]


def table() -> Any:
    return pa.table({"id": [f"vm{n}" for n in range(40)], "argv": ARGV, "owner": ["me"] * 40})


def verdicts() -> list[str]:
    return ["accept" if n % 4 else "reject" for n in range(40)]


def test_batches_are_mapped_one_for_one() -> None:
    found = list(qrules.fleet.check_batches(table().to_batches(max_chunksize=15)))
    assert [batch.num_rows for batch in found] == [15, 15, 10]
    assert all(batch.schema == qrules.fleet.schema() for batch in found)
    answers = pa.Table.from_batches(found)
    assert answers["id"].to_pylist() == [f"vm{n}" for n in range(40)]
    assert answers["verdict"].to_pylist() == verdicts()
    assert qrules.fleet.check_table(table()).equals(answers)


def test_an_upgrade_has_columns_of_its_own() -> None:
    found = qrules.fleet.check_table(table().slice(0, 3), old="10.0", qemu="11.1")
    assert found.schema == qrules.fleet.schema(old="10.0")
    assert found["verdict"].to_pylist() == ["did-not-start", "starts", "starts"]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"name": ["x"]}, "no column has configs"),
        ({"argv": [7]}, "of the type int64, not a list of texts"),
        ({"argv": [[7]]}, "not a list of texts"),
        ({"argv": [["-M"]], "arch": [3]}, "'arch' is of the type int64"),
        ({"libvirt-xml": [b"<x/>"]}, "of the type binary, not a text"),
    ],
)
def test_wrong_columns_are_told(columns: dict[str, list[Any]], told: str) -> None:
    with pytest.raises(Unusable, match=told):
        qrules.fleet.check_table(pa.table(columns))


def test_odd_values_have_rows() -> None:
    argv = pa.array([None, [None], [], ["-M"], ["-M", "q35"]], pa.list_(pa.string()))
    found = qrules.fleet.check_table(pa.table({"argv": argv, "id": [1.5, None, 2.0, 3.0, 4.0], "qemu": ["1.0"] * 4 + ["10.0"]}))
    assert found["verdict"].to_pylist() == ["unreadable", "unreadable", "unknown", "unknown", "accept"]
    assert found["id"].to_pylist() == ["1.5", None, "2.0", "3.0", "4.0"]


def test_parquet_is_read_by_row_groups(tmp_path: Path) -> None:
    path = str(tmp_path / "fleet.parquet")
    parquet.write_table(table(), path, row_group_size=11)
    found = source(path)
    pieces = list(found.pieces())
    assert [(piece.row, piece.weight) for piece in pieces] == [(1, 11), (12, 11), (23, 11), (34, 7)]
    asker = Asker(Asked())
    told = [one for piece in pieces for one in found.answers(asker, piece)]
    assert [row for row, *_ in told] == list(range(1, 41))
    assert [json.loads("{" + text)["verdict"] for *_, text in told] == verdicts()


@pytest.mark.parametrize("cut", [4, 30, -4, -200])
def test_a_damaged_file_is_told(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "fleet.parquet"
    parquet.write_table(table(), path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unusable, match="no Parquet file that can be read"):
        source(str(path))


def test_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    parquet.write_table(table(), tmp_path / "fleet.parquet")
    with duckdb.connect() as fleet:
        batches = fleet.sql(f"SELECT id, argv FROM '{tmp_path}/fleet.parquet'").to_arrow_reader(16)
        answers = pa.RecordBatchReader.from_batches(qrules.fleet.schema(), qrules.fleet.check_batches(batches))
        with duckdb.connect() as told:
            told.register("answers", answers)
            found = told.sql("SELECT rule, count(*) FROM answers WHERE verdict = 'reject' GROUP BY rule").fetchall()
    assert [number for _, number in found] == [10]


def test_dask() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    dd = pytest.importorskip("dask.dataframe", reason="dask is not installed")
    dask = pytest.importorskip("dask")
    check = partial(qrules.fleet.check_frame, qemu="10.0")
    with dask.config.set({"dataframe.convert-string": False}):  # lists of texts are to stay such
        frame = dd.from_pandas(table().to_pandas(), npartitions=3)
        answers = frame.map_partitions(check, meta=qrules.fleet.schema().empty_table().to_pandas())
        found = answers.compute(scheduler="synchronous")
    assert list(found["verdict"]) == verdicts()
    assert set(found["qemu"]) == {"10.0.2"}
