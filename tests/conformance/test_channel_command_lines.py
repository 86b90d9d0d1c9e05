"""Command lines for machines with channel devices, right and wrong: the binary's verdict and its words."""

from __future__ import annotations

import shlex

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board
from qrules.qemu.process import attempt
from qrules.rulesets.store import Store
from tests.conformance.conftest import sibling
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

DISK = "-blockdev driver=null-co,node-name=d0,size=67108864 "
LINES = f"""
-device virtio-rng-ccw,devno=fe.0.0000
-device virtio-rng-ccw,devno=0.0.0001 -device virtio-rng-ccw,devno=00.0.0001
-device virtio-rng-ccw,devno=ff.4.0000
-device virtio-rng-ccw,devno=ff.0.0000
-device virtio-rng-ccw,devno=0xfe.0.0000
-device '{{"driver":"virtio-rng-ccw","devno":3}}'
-device '{{"driver":"virtio-rng-pci","addr":300}}'
-device '{{"driver":"virtio-rng-pci","addr":-1}}'
-device 'virtio-rng-pci,addr= +3'
-device virtio-rng-ccw,subch_id=fe.0.0001
-device virtio-rng-pci -device zpci,target=b,fid=0
-device zpci,target=a,uid=0 -device zpci,target=b,uid=0,fid=0
-device virtio-rng-pci,id=a -device zpci,target=a
-device pci-bridge,chassis_nr=1,id=b,shpc=on -device virtio-rng-pci,bus=b -device zpci,target=x,uid=1
-device virtio-rng-ccw,bus=pci.0
-device sclp
-serial null -device sclpconsole
-serial null -serial null -device sclplmconsole
-serial none -serial null -device sclpconsole
-nodefaults -device sclpconsole
-nic user,model=virtio -nic user -device virtio-rng-ccw,devno=fe.0.0001
-nic user,model=virtio-net-ccw
-net nic -net user
-drive file=/dev/null,format=raw -device virtio-rng-ccw,devno=fe.0.0001
-drive file=/dev/null,format=raw,if=scsi
-vga std
-vga qxl
-vga virtio
-smp 2,maxcpus=3 -device qemu-s390x-cpu,core-id=2 -device max-s390x-cpu,core-id=2
-smp 1,maxcpus=3 -cpu z900,esan3=off -device z900-s390x-cpu,core-id=1 -device qemu-s390x-cpu,core-id=2
-netdev hubport,hubid=0,id=n -device virtio-net-ccw,netdev=n -device virtio-net-ccw,netdev=n
{DISK}-device virtio-blk-ccw,drive=d0 -device virtio-blk-pci,drive=d0
{DISK}-device virtio-rng-pci -device virtio-blk-pci,drive=d0 -device virtio-blk-ccw,drive=d0,id=x
{DISK}-device virtio-scsi-ccw -device scsi-hd,drive=d0 -device virtio-blk-ccw,drive=d0
"""


def test_verdict_and_words(qemu: Binary, store: Store) -> None:
    board = Board(store.knowledge(store.resolve(qemu.series, "s390x")))
    binary = sibling(qemu, "s390x")
    said, heard = [], []
    for line in LINES.strip().splitlines():
        argv = ["-M", "s390-ccw-virtio", *shlex.split(line)]
        verdict = judge(board, read(argv, board.knowledge), ("qemu",))
        started = attempt(binary, argv)
        said.append((line, verdict.verdict, verdict.reasons[0].emulator_message if verdict.reasons else ""))
        heard.append((line, "accept" if started.accepted else "reject", started.message))
    assert said == heard
    assert {verdict for _, verdict, _ in said} == {"accept", "reject"}
