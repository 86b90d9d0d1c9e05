"""Configs that are alike have one answer with the names put back: every answer, word and span as if each were asked alone."""

from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qrules.configs.lines import Line
from qrules.explain.bulk import Bulk
from qrules.fleet import alike
from qrules.fleet.alike import Alike
from qrules.fleet.checking import Checking, whole
from qrules.rulesets.store import Store
from tests.fleet.variants import ODD, odd, renamed, stream

LIBVIRT = [
    "-name", "guest=web1,debug-threads=on", "-M", "pc-q35-10.0,usb=off", "-nodefaults", "-uuid", "8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11",
    "-chardev", "socket,id=charmonitor,path=/run/web1/monitor.sock,server=on,wait=off", "-mon", "chardev=charmonitor,id=monitor,mode=control",
    "-device", '{"driver":"pcie-root-port","port":8,"chassis":1,"id":"pci.1","bus":"pcie.0","multifunction":true,"addr":"0x1"}',
    "-device", '{"driver":"qemu-xhci","id":"usb","bus":"pci.1","addr":"0x0"}',
    "-blockdev", '{"driver":"file","filename":"/var/lib/vm/web1.img","node-name":"web1-storage","read-only":false}',
    "-blockdev", '{"node-name":"web1-format","driver":"raw","file":"web1-storage"}',
    "-device", '{"driver":"virtio-blk-pci","drive":"web1-format","id":"web1-disk","serial":"WEB1"}',
    "-netdev", "user,id=web1-host", "-device", '{"driver":"virtio-net-pci","netdev":"web1-host","id":"web1-net","mac":"52:54:00:00:00:01"}',
]  # fmt: skip
PLAIN = [
    "-M", "q35", "-nodefaults", "-device", "virtio-scsi-pci,id=hba-1", "-blockdev", "null-co,node-name=node-1",
    "-device", "scsi-hd,bus=hba-1.0,id=disk-1,drive=node-1,serial=S1", "-device", "e1000,id=card-1,mac=52:54:00:00:00:01,addr=5",
    "-smbios", "type=1,serial=X1,uuid=8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11",
]  # fmt: skip
REFUSED = [*PLAIN, "-device", "e1000,id=late-1,addr=5"]
LOST = [*PLAIN, "-device", "scsi-cd,bus=hba-9.0,id=lost-1"]  # a name that is near another one is meant


@pytest.fixture(scope="module")
def both(store: Store) -> tuple[Alike, Alike]:
    return Alike(Checking(Bulk(store))), Alike(Checking(Bulk(store)), plainly=True)


def same(both: tuple[Alike, Alike], words: list[str]) -> bool:
    """Asks both ways; whether a template served."""
    line = Line(None, words, None, None, (), ())
    before = both[0].filled
    assert both[0].told(line) == both[1].told(line), words
    return both[0].filled > before


@pytest.mark.parametrize("words", [LIBVIRT, PLAIN, REFUSED], ids=["libvirt", "plain", "refused"])
def test_what_differs_in_names_is_judged_once(both: tuple[Alike, Alike], words: list[str]) -> None:
    rng = random.Random(1)
    served = [same(both, renamed(words, rng, 1.0)) for _ in range(8)]
    assert served[4:] == [True] * 4


def test_what_tells_of_names_that_are_near_is_judged_each_time(both: tuple[Alike, Alike]) -> None:
    rng = random.Random(5)
    assert not any(same(both, renamed(LOST, rng, 1.0)) for _ in range(6))


def test_lengths_move_spans(both: tuple[Alike, Alike]) -> None:
    for length in (1, 3, 2, 9, 40, 90):
        name = "k" * length
        words = ["-M", "q35", "-device", f"e1000,id={name},addr=5", "-device", f"e1000,id=b{name},addr=5"]
        served = same(both, words)
        text = both[0].told(Line(None, words, None, None, (), ()))[0]
        (reason,) = json.loads('{"id": null, ' + text)["reasons"]
        assert reason["span"] == {"argument": 5, "start": 0, "end": len(words[5])}
    assert served


@pytest.mark.parametrize(
    "change",
    [
        ("id=card-1", "id=disk-1"),  # an id twice
        ("mac=52:54:00:00:00:01", "mac=52:54:00:00:00"),  # no address
        ("id=card-1", "id=card.1"),
        ("id=card-1", "id=1card"),
        ("id=card-1", "id=pcie"),  # its bus would be called as the machine's
        ("bus=hba-1.0", "bus=hba-2.0"),  # none of that name
        ("drive=node-1", "drive=node-2"),
        ("uuid=8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11", "uuid=8a8e4a5c"),
        ("serial=S1", "serial=" + "S" * 300),
    ],
)
def test_what_rules_look_at_is_looked_at(both: tuple[Alike, Alike], change: tuple[str, str]) -> None:
    rng = random.Random(2)
    for _ in range(5):
        same(both, renamed(PLAIN, rng, 1.0))
    words = [word.replace(*change) for word in PLAIN]
    assert words != PLAIN
    for _ in range(3):
        same(both, words)


def test_a_group_address_is_no_other_cards(both: tuple[Alike, Alike]) -> None:
    for number in range(6):
        assert same(both, ["-M", "pc", "-nic", f"user,mac=52:54:00:00:00:0{number}"]) is (number > 2)
    assert not same(both, ["-M", "pc", "-nic", "user,mac=53:54:00:00:00:01"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([LIBVIRT, PLAIN, REFUSED, LOST]), st.randoms(use_true_random=False), st.integers(0, 2))
def test_odd_values_have_their_own_answers(both: tuple[Alike, Alike], words: list[str], rng: random.Random, times: int) -> None:
    same(both, renamed(words, rng, 1.0))
    for _ in range(times):
        words = odd(words, rng)
    same(both, words)
    same(both, words)


def test_odd_values_are_odd() -> None:
    rng = random.Random(3)
    drawn = {word for _ in range(300) for word in " ".join(odd(PLAIN, rng)).replace(",", " ").replace("=", " ").split()}
    assert len(drawn.intersection(ODD)) > 20


@pytest.mark.parametrize("corpus", ["wide-dev-10.0.jsonl.gz", "qemu-fuzz-dev-7.2.jsonl.gz"])
def test_real_configs(both: tuple[Alike, Alike], corpus: str) -> None:
    file = Path(os.environ.get("QRULES_TRUTH", "/nowhere")) / corpus
    if not file.is_file():
        pytest.skip("QRULES_TRUTH names no folder with labelled configs")
    rng = random.Random(4)
    rows = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    for row in rng.sample(rows, 12):
        for words in stream(row["argv"], rng, 4, 2):
            line = Line(None, words, row["arch"], row["version"], (), ())
            assert both[0].told(line) == both[1].told(line), words


def test_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_MOST_SKELETONS", 4)
    monkeypatch.setattr(alike, "_MOST_FORMS", 6)
    monkeypatch.setattr(alike, "_MOST_TEXT", 3_000)
    own = Alike(Checking(Bulk(store)))
    for slot in range(1, 12):
        for number in range(5):
            own.told(
                Line(None, ["-M", "q35", "-device", f"e1000,addr={slot:x}", "-name", f"web-{slot}-{number}"], None, None, (), ())
            )
        own.told(Line(None, ["-M", "q35", *(["-device", "e1000,mac=52:54:00:00:00:01"] * slot)], None, None, (), ()))
    assert own.filled > 0
    assert len(own._skeletons) <= 4
    assert len(own._forms) <= 6
    assert own._text <= 3_000


def test_hot_plug_and_files_are_asked_plainly(both: tuple[Alike, Alike], tmp_path: Path) -> None:
    for number in range(5):
        assert not same(both, ["-M", "q35", "-readconfig", str(tmp_path), "-name", f"web-{number}"])


def test_ids_are_those_of_the_questions() -> None:
    assert whole({"a": "é"}, '"x": 1}') == '{"id": {"a": "é"}, "x": 1}'
