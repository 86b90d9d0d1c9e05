"""Configs of one version on another, and of one machine version on another, held against the binaries (`upgrades`).

QRULES_FULL=1 asks 300 random configs of five architectures, and as many again between machine versions of one binary; otherwise a
sample. QRULES_CASES names a folder with `command-lines.json`, people's configs that are kept elsewhere, which are asked besides. Run
with ``-s`` to see the counts with their intervals.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qrules.configs.argv import read
from qrules.configs.rewriting import with_machine
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.knowledge.vendors import versions_of
from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.conversions import startable
from tests.conformance.upgrades import POINTS, Asked, Side, asked
from tests.qemu.conftest import find

pytestmark = pytest.mark.qemu

SEED = int(os.environ.get("QRULES_SEED", "20261202"))
OLD, NEW = "10.0", "11.1"
COUNT = {"x86_64": 120, "aarch64": 60, "s390x": 40, "ppc64": 40, "riscv64": 40}
SAMPLE = {"x86_64": 6, "aarch64": 3, "s390x": 2, "ppc64": 2, "riscv64": 2}
KEEP_MACHINES = {"x86_64": 6, "aarch64": 3, "s390x": 2, "ppc64": 2}
CASES = Path(os.environ.get("QRULES_CASES", ""), "command-lines.json")


def side(store: Store, series: str, arch: str) -> Side:
    return Side(Board(store.knowledge(store.resolve(series, arch))), sibling(find(series), arch))


def agreement(title: str, configs: Sequence[list[str]], ask: Callable[[list[str]], Asked]) -> None:
    """Asks all, tells how many are right in each point, and fails with those that are not."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(ask, configs))
    print()
    for point in POINTS:
        bad = sum(any(w.startswith(point) for w in r.wrong) for r in results)
        print(row(f"{title}, {point}", len(results) - bad, len(results)))
    print(dict(Counter(r.answer.will for r in results)), "defaults not known:", sum(r.answer.unknown_defaults for r in results))
    for wrong, count in Counter(w for r in results for w in r.wrong).most_common(20):
        print(f"  {count} times  {wrong[:300]}")
    assert [(" ".join(r.words), *r.wrong) for r in results if r.wrong] == []


@pytest.mark.parametrize("arch", COUNT)
def test_between_versions(store: Store, arch: str) -> None:
    sides = side(store, OLD, arch), side(store, NEW, arch)
    drawn = list(startable(sides[0].board, SEED, (COUNT if full else SAMPLE)[arch], OLD))
    agreement(arch, drawn, lambda words: asked(sides, words))


@pytest.mark.parametrize("arch", KEEP_MACHINES)
def test_between_machine_versions(store: Store, arch: str) -> None:
    """On one binary: from an older machine of a family to the newest."""
    own = side(store, NEW, arch)
    chosen = random.Random(SEED)
    configs, targets = [], {}
    for words in startable(own.board, SEED + 1, (COUNT if full else KEEP_MACHINES)[arch], NEW):
        facts = own.board.knowledge.machine(read(words, own.board.knowledge).machine)
        versions = versions_of(own.board.knowledge, facts.name) if facts is not None else []
        if len(versions) > 1:
            older = with_machine(words, chosen.choice(versions[:-1]), {})
            if judge(own.board, read(older, own.board.knowledge), ("qemu",)).verdict in ("accept", "warn"):
                configs.append(older)
                targets[" ".join(older)] = versions[-1]
    assert configs
    agreement(f"{arch}, machines", configs, lambda words: asked((own, own), words, targets[" ".join(words)]))


@pytest.mark.skipif(not CASES.is_file(), reason="QRULES_CASES names no folder with command-lines.json")
def test_what_people_had(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that start on the older version, as the rules say; files that they name are small ones."""
    monkeypatch.chdir(tmp_path)
    for name in ("disk.img", "disk.qcow2", "cdrom.iso"):
        (tmp_path / name).write_bytes(bytes(1 << 20))
    sides: dict[str, tuple[Side, Side]] = {}
    configs = []
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        if case["arch"] not in COUNT or not case["argv"]:
            continue
        arch, words = case["arch"], case["argv"][1:]
        if arch not in sides:
            sides[arch] = side(store, OLD, arch), side(store, NEW, arch)
        try:
            if judge(sides[arch][0].board, read(words, sides[arch][0].board.knowledge), ("qemu",)).verdict in ("accept", "warn"):
                configs.append([arch, *words])
        except Unusable:
            continue
    agreement("cases", configs, lambda words: asked(sides[words[0]], words[1:]))
