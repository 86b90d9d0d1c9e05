"""The library from many threads at once: on an empty cache, and on boards and kinds that are built when they are first met."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qrules
from qrules.api import given
from qrules.rulesets import store as stores

THREADS = 6


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(act: Callable[[int], object]) -> list[object]:
    """What each of some threads that begin at once comes to; an exception is one of the answers."""
    gate = threading.Barrier(THREADS)
    came: list[object] = [None] * THREADS

    def one(number: int) -> None:
        gate.wait()
        try:
            came[number] = act(number)
        except BaseException as error:
            came[number] = error

    threads = [threading.Thread(target=one, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


BOARD = """catalogue "1.0" for toy
bus-type wide is bus
type card is device on wide
  property width : uint8 = 1
machine-type shelf is machine
profile run
domain uint8 = 0 .. 255
bus wide
  accepts card
  addressed slot
    slot : 0 .. 3 = lowest free
      full "no slot left"
device card
  room = width + 1
  rule narrow
    require room < 9
    because "a card of width {width} takes {room}"
    says "too wide: {room}"
machine shelf
  provides wide called "wide.0"
"""


def test_cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hasty: None) -> None:
    """Rounds of six threads that ask first, on rules that nobody has compiled: three rule sets, so several stores at once."""
    for turn in range(15):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache{turn}"))
        folders = [tmp_path / f"{turn}-{n}" for n in range(3)]
        for n, folder in enumerate(folders):
            folder.mkdir()
            (folder / "board.qr").write_text(BOARD.replace("< 9", f"< {5 + n}"))

        def ask(number: int, folders: list[Path] = folders) -> object:
            words = ["-M", "shelf", "-device", f"card,width={3 + number % 3}", "-device", "card,width=5"]
            told = qrules.check(argv=words, rules=str(folders[number % 3]))
            return [r.message for r in told.reasons]

        rooms = [(4, 5), (5, 6), (6, 7)]  # of the first card, and what the rules of the folder want it to be below
        expected = [sum(room >= most for room in (own, 6)) for own, most in (*rooms, *rooms)]
        assert [len(c) if isinstance(c, list) else c for c in together(ask)] == expected


SHIPPED = (
    ("-M", "q35", "-device", "e1000", "-device", "floppy"), ("-M", "pc", "-device", "e1000,addr=3", "-device", "rtl8139,addr=3"),
    ("-M", "q35,usb=on", "-device", "usb-hub,id=h", "-device", "usb-kbd,port=1.1"), ("-M", "pc", "-device", "isa-fdc", "-device", "floppy"),
    ("-M", "q35", "-device", "pcie-root-port,id=r,chassis=1", "-device", "nvme,bus=r,serial=x", "-device", "virtio-net-pci,bus=r"),
    ("-M", "q35", "-device", "virtio-scsi-pci,id=s", "-device", "scsi-hd,bus=s.0"),
)  # fmt: skip


def test_warm(store: object, hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled rules, but boards and kinds that no thread has met: all threads ask all, each in an order of its own."""
    expected = {words: qrules.check(argv=words, arch="x86_64") for words in SHIPPED}
    for _ in range(12):
        monkeypatch.setattr(stores, "_stores", {})
        monkeypatch.setattr(given, "_boards", {})

        def ask(number: int) -> object:
            turned = SHIPPED[number:] + SHIPPED[:number]
            return {words: qrules.check(argv=words, arch="x86_64") for words in turned}

        assert together(ask) == [expected] * THREADS
