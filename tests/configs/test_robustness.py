"""Bad input of every kind gets an answer or one clear problem: random bytes, and good input with something broken.

A sample by default; QRULES_FULL=1 tries 100,000. Run with ``-s`` to see how many, and which took longest.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import time
from collections.abc import Callable

import pytest

from qrules.configs import pasted
from qrules.configs.argv import read
from qrules.configs.ini import Misshapen, sections
from qrules.diagnostics import Unusable
from qrules.explain.bulk import Bulk
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.report import json as shapes
from qrules.rulesets.store import Store

COUNT = 25_000 if os.environ.get("QRULES_FULL") == "1" else 400  # for each of the four kinds
SECONDS = 2.0  # that a single input may take
MEGABYTES = 300  # that all of them may add

LINES = (
    "qemu-system-x86_64 -M q35,usb=on -m 1G,slots=2 -device e1000,addr=1f.0,id=a -device usb-tablet,bus=usb-bus.0,port=1",
    "qemu-system-x86_64 -M pc -drive if=virtio,file=a.img -cdrom b.iso -nic user,model=e1000 -global e1000.addr=5 -serial null",
    "-machine pc-q35-7.2 -nodefaults -blockdev driver=null-co,node-name=n -device virtio-scsi-pci,id=s -device scsi-hd,drive=n,bus=s.0",
    '-M q35 -device \'{"driver": "pcie-root-port", "id": "r", "chassis": 1}\' -device virtio-net-pci,bus=r -netdev user,id=n,net=a,,b',
    "-M microvm,pcie=on -object rng-builtin,id=r -set device.a.b=c -chardev socket,id=c,path=/x -device virtserialport,chardev=c,nr=3",
    "LC_ALL=C \\\nPATH=/bin \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=a,debug-threads=on \\\n-S \\\n-accel kvm \\\n"
    '-object \'{"qom-type":"memory-backend-ram","id":"pc.ram","size":224395264}\' \\\n-machine pc,usb=off,memory-backend=pc.ram \\\n'
    "-smp 1,sockets=1,cores=1,threads=1 -numa node,nodeid=0,cpus=0,memdev=m \\\n-sandbox on,obsolete=deny -msg timestamp=on \\\n"
    '-blockdev \'{"driver":"qcow2","node-name":"f","file":{"driver":"file","filename":"/a"}}\' \\\n'
    '-netdev \'{"type":"user","id":"n"}\' -device \'{"driver":"virtio-net-pci","netdev":"n","addr":"0x3"}\'',
    "-M pc -smp 4,sockets=2 -m 256M,slots=2,maxmem=1G -audio none,model=hda -vga std -usbdevice tablet -parallel none -hda a -fda b",
)
INI = '[device "a"]\n  driver = "e1000"\n  addr = "5"\n[machine]\n  type = "q35"\n[drive "d"]\n  if = "none"\n'
PIECES = (
    "",
    ",",
    ",,",
    "=",
    "\\",
    '"',
    "'",
    "{",
    "}",
    "[",
    "-device",
    " ",
    "\n",
    "\0",
    "0x",
    "99999999999999999999",
    "\ufffd",
    "é",
    "%s",
    "../",
    "$(x)",
)


def broken(text: str, random_: random.Random) -> str:
    """A text with a few things taken out, put in, doubled or moved."""
    for _ in range(random_.randint(1, 4)):
        at, end = sorted(random_.randrange(len(text) + 1) for _ in range(2))
        match random_.randrange(4):
            case 0:
                text = text[:at] + text[min(end, at + 6) :]
            case 1:
                text = text[:at] + random_.choice(PIECES) + text[at:]
            case 2:
                text = text[:end] + text[at:end][:40] + text[end:]
            case _:
                text = (
                    text[:at]
                    + "".join(chr(random_.choice((random_.randrange(32, 127), random_.randrange(1, 0xD7FF)))) for _ in range(3))
                    + text[at:]
                )
    return text


def within_bounds(inputs: list[str], ask: Callable[[str], None]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for given in inputs[:20]:  # then the rules are compiled and loaded
        ask(given)
    slowest, which = 0.0, ""
    for given in inputs:
        start = time.process_time()
        ask(given)
        taken = time.process_time() - start
        assert taken < SECONDS, given
        slowest, which = max((slowest, which), (taken, given))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(f"\n{len(inputs):,} inputs, {grown} MiB more memory, the slowest {slowest * 1000:.0f} ms: {which[:200]!r}")
    assert grown < MEGABYTES


@pytest.fixture
def check_line(board: Board) -> Callable[[str], None]:
    def check(text: str) -> None:
        with contextlib.suppress(Unusable):
            words = pasted.pasted(text, "input").commands[0].argv
            judge(board, read(words, board.knowledge, no_file))

    return check


def no_file(path: str) -> str:
    raise FileNotFoundError(2, "No such file or directory", path)


def test_broken_command_lines(check_line: Callable[[str], None]) -> None:
    random_ = random.Random(1)
    within_bounds([broken(random_.choice(LINES), random_) for _ in range(COUNT)], check_line)


def test_random_texts(check_line: Callable[[str], None]) -> None:
    random_ = random.Random(2)
    within_bounds([random_.randbytes(random_.randrange(200)).decode("utf-8", "replace") for _ in range(COUNT)], check_line)


def test_broken_json_lines(store: Store) -> None:
    random_, bulk = random.Random(3), Bulk(store)
    good = [
        {"id": 1, "argv": ["-M", "q35", "-device", "e1000"], "arch": "x86_64", "hotplug": {"driver": "e1000", "bus": "a"}},
        {"id": "x", "argv": ["-M", "pc", "-device", '{"driver": "e1000", "addr": 24}'], "qemu": "7.2", "profile": ["qemu"]},
    ]
    lines = [broken(json.dumps(random_.choice(good)), random_) for _ in range(COUNT)]
    for first in good:
        bulk.answer(json.dumps(first).encode())  # rules that were never asked for are compiled first

    def ask(line: str) -> None:
        answer = bulk.answer(line.encode("utf-8", "replace"))
        assert answer.verdict in ("accept", "warn", "reject", "unknown", "unreadable")
        json.dumps(shapes.answer(answer))

    within_bounds(lines, ask)


def test_broken_config_files(board: Board) -> None:
    random_ = random.Random(4)

    def ask(text: str) -> None:
        with contextlib.suppress(Misshapen):
            sections(text)
        with contextlib.suppress(Unusable):
            judge(board, read(["-M", "q35", "-readconfig", "file"], board.knowledge, lambda _: text))

    within_bounds([broken(INI, random_) for _ in range(COUNT)], ask)
