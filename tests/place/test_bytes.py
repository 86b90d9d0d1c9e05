"""The same question has the same answer, byte for byte, whatever Python's hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

SEEDS = 20 if os.environ.get("QRULES_FULL") else 2
PROGRAM = """
import sys
from qrules.cli.main import main
q35 = ["--on", "q35", "--nodefaults"]
for words in (
    ["place", *q35, "--json", "e1000e*9", "scsi-cd*3", "usb-tablet", "e1000", "ide-hd*2"],
    ["place", *q35, "--explain", "virtio-net-pci*3", "pcie-root-port", "scsi-hd"],
    ["place", "--on", "isapc", "--nodefaults", "e1000", "isa-serial*6", "floppy"],
    ["place", *q35, "ide-hd*9"],
    ["check", "--repairs", "--", "-M", "q35", "-nodefaults", "-device", "floppy", "-device", "e1000,addr=1f.0"],
    ["spare", "e1000e", "--on", "q35"],
    ["spare", "virtio-net-pci", "--on", "q35", "--for", "30"],
):
    print(words, flush=True)
    print(main(words), flush=True)
"""


def test_the_same_bytes_under_any_hash_seed(store: object) -> None:
    told = set()
    for seed in range(1, 1 + SEEDS):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, env=environment, timeout=600, check=True)
        assert done.stdout.count(b"[") >= 7
        told.add((done.stdout, done.stderr))
    assert len(told) == 1
