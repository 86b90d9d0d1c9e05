"""Whatever stands in a command line, a JSON line or an INI file: an answer or a diagnostic, soon, in bounded memory.

QRULES_FULL=1 tries 100,000 inputs; otherwise a sample of them, the same one every time.
"""

from __future__ import annotations

import json
import os
import random
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qrules.configs import argv, ini, shell
from qrules.diagnostics import Unusable
from qrules.explain.bulk import Bulk
from qrules.explain.verdicts import judge
from qrules.knowledge.store import Store
from qrules.report import json as shapes
from qrules.topology.board import Board

EACH = 33_334 if os.environ.get("QRULES_FULL") == "1" else 500
SECONDS = 5  # of processor time, for one input; the longest takes some milliseconds
MEGABYTES = 400  # that the process may grow by, whatever the number of inputs

LINES = (
    "qemu-system-x86_64 -M q35,usb=on -nodefaults -device pcie-root-port,id=rp1,chassis=1 -device e1000,bus=rp1,addr=0",
    "qemu-system-x86_64 \\\n -M pc \\\n -drive file=a.img,if=virtio,index=1 -hda b.img -cdrom c.iso -fda d \\\n -boot d",
    'LC_ALL=C /usr/bin/qemu-system-x86_64 -name \'guest=a,,b\' -device \'{"driver":"qemu-xhci","id":"u","p2":8}\' -m 2G,slots=2',
    "qemu-system-x86_64 -nic user,model=virtio -net nic,model=e1000 -net user -netdev user,id=n0 -serial null -parallel none",
    "qemu-system-x86_64 -usbdevice tablet -vga cirrus -audio none,model=hda -chardev null,id=c -serial chardev:c",
    "qemu-system-x86_64 -global e1000.mac=52:54:00:12:34:56 -global driver=e1000,property=addr,value=3 -set device.a.addr=7",
    "qemu-system-s390x -device virtio-blk-ccw,devno=fe.0.0001,drive=d -drive if=none,id=d -smp 2,maxcpus=4",
    "qemu-system-aarch64 -M virt,gic-version=3 -smp 4,sockets=2 -object memory-backend-ram,id=m,size=1G -numa node,memdev=m",
    "qemu-system-ppc64 -M pseries -device spapr-pci-host-bridge,index=1 -device usb-kbd,bus=usb.0,port=1.2.3",
)
INI = '# a card\n[device "nic0"]\n  driver = "e1000"\n  addr = "5"\n\n[machine]\n  type = "q35"\n  usb = "on"\n[drive]\n  if = "none"\n'
ODD = (
    b"\x00",
    b"\xff",
    b"\n",
    b"\\",
    b"'",
    b'"',
    b",",
    b",,",
    b"=",
    b"{",
    b"[" * 400,
    b"-",
    b"--",
    b".",
    b"/",
    b"%s",
    b" ",
    b"$(x)",
)
NUMBERS = (
    b"-1",
    b"0x",
    b"99999999999999999999",
    b"1e9",
    b"1" * 5000,
    b"\xd9\xa3",
    b"0.5",
    b"0777",
    b"4294967296",
    b"NaN",
    b"null",
)


def mutated(raw: bytes, rng: random.Random) -> bytes:
    """A text with some bytes taken out, doubled, exchanged, or replaced by odd ones; sometimes nothing but random bytes."""
    if rng.random() < 0.1:
        return rng.randbytes(rng.randrange(200))
    for _ in range(rng.randrange(1, 6)):
        start = rng.randrange(len(raw) + 1)
        end = min(len(raw), start + rng.choice((0, 1, 2, 5, 20)))
        piece = rng.choice((rng.choice(ODD), rng.choice(NUMBERS), raw[start:end] * 3, b"", _word(rng), rng.randbytes(2)))
        raw = raw[:start] + piece + raw[end:]
    return raw


def _word(rng: random.Random) -> bytes:
    return b" " + rng.choice(rng.choice(LINES).split()).encode() + b" "


class Reading:
    """Reads inputs as the verbs do; what they tell as diagnostics is fine."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.boards: dict[str, Board] = {}
        self.bulk = Bulk(store)

    def command_line(self, raw: bytes) -> None:
        """As a file or a pasted word of ``check``."""
        self._judge(shell.command(raw.decode("utf-8", "replace"), "file").argv)

    def json_line(self, raw: bytes) -> None:
        """As a line of ``check --jsonl``."""
        json.dumps(shapes.answer(self.bulk.answer(raw)))

    def ini_file(self, raw: bytes, folder: Path) -> None:
        """As a file of ``-readconfig``."""
        path = folder / "config"
        path.write_bytes(raw)
        self._judge(["qemu-system-x86_64", "-readconfig", str(path)])

    def _judge(self, words: list[str]) -> None:
        arch = argv.architecture(words) or "x86_64"
        if arch not in self.boards:
            self.boards[arch] = Board(self.store.knowledge(self.store.resolve("10.0", arch)))
        found = judge(self.boards[arch], argv.read(words, self.boards[arch].knowledge).request)
        json.dumps(shapes.verdict(found))


@pytest.fixture(scope="module")
def reading(store: Store) -> Reading:
    return Reading(store)


def tried(read: Callable[[bytes], None], make: Callable[[random.Random], bytes]) -> None:
    """Reads one input for each seed, and looks at the clock and at the memory."""
    before = 0
    for seed in range(EACH):
        raw = make(random.Random(seed))
        start = time.process_time()
        try:
            read(raw)
        except (Unusable, ini.Misshapen):
            pass
        except Exception as error:
            pytest.fail(f"seed {seed}: {raw!r}: {error!r}")
        assert time.process_time() - start < SECONDS, (seed, raw)
        if seed == EACH // 10:
            before = _megabytes()
    assert _megabytes() - before < MEGABYTES


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_command_lines(reading: Reading) -> None:
    tried(reading.command_line, lambda rng: mutated(rng.choice(LINES).encode(), rng))


def test_json_lines(reading: Reading) -> None:
    def make(rng: random.Random) -> bytes:
        words = shell.command(rng.choice(LINES), "").argv
        if rng.random() < 0.5:
            words[rng.randrange(len(words))] = mutated(rng.choice(words).encode(), rng).decode("latin-1")
        line = json.dumps(
            {"id": 1, "argv": words, "hotplug": {"driver": "e1000", "id": "h", "addr": rng.choice((5, "5", None, [1]))}}
        )
        return line.encode() if rng.random() < 0.3 else mutated(line.encode(), rng)

    tried(reading.json_line, make)


def test_ini_files(reading: Reading, tmp_path: Path) -> None:
    tried(lambda raw: reading.ini_file(raw, tmp_path), lambda rng: mutated(INI.encode(), rng))


def test_a_file_without_end(reading: Reading) -> None:
    """What is no plain file is not read to its end."""
    reading._judge(["-M", "q35", "-readconfig", "/dev/zero"])
