"""Point 3: what comes from outside is made visible before it reaches a terminal or a log."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.entry import SHOWN, Entry, Make

ODD = {
    "escape": "a\x1b[2Jb", "newline": "a\n::error::forged\naccepted  (q35)", "carriage-return": "a\raccepted", "bidi": "a\u202eb", "bell": "a\x07b",
    "line-separator": "a\u2028accepted", "delete": "a\x7fb", "c1": "a\u009b2Jb", "isolate": "a\u2066b", "not-text": "a\udcffb",
}  # fmt: skip
FORGED = r"^::error|^accepted  \(q35\)"
NEVER = f"{SHOWN}|{FORGED}"


def entries() -> Iterator[Entry]:
    """All of them."""
    for name, odd in ODD.items():
        heavy = name in ("bell", "delete", "isolate", "line-separator")
        for place, words in (
            ("id", ("check", "--", "-M", "q35", "-device", f"usb-tablet,id={odd}")),
            ("type", ("check", "--", "-M", "q35", "-device", odd)),
            ("value", ("check", "--", "-M", "q35", "-device", f"pcie-root-port,chassis={odd}")),
            ("key", ("check", "--", "-M", "q35", "-device", f"e1000,{odd}=1")),
            ("machine", ("check", "--", "-M", odd)),
            ("option", ("check", "--", "-M", "q35", f"-{odd}", "x")),
            ("path", ("check", "--", "-M", "q35", "-readconfig", odd)),
            ("file", ("check", odd)),
            ("bus", ("check", "--repairs", "--", "-M", "q35", "-device", f"e1000,bus={odd}")),
            ("message", ("explain", f"Bus '{odd}' does not support hotplugging")),
            ("why", ("why", f"e1000,bus={odd}", "--on", "q35")),
            ("why-type", ("why", odd, "--on", "q35")),
            ("verb", (odd,)),
            ("place", ("place", "--on", "q35", f"e1000,id={odd}")),
            ("placed", ("place", "--explain", "--on", "q35", f"virtio-net-pci,mac={odd}")),
            ("diff", ("place", "--diff", "--on", "q35", f"virtio-rng-pci,id=a,max-bytes={odd}")),
            ("convert", ("convert", "--to", "q35", "--diff", "--", "-M", "pc", "-name", odd, "-device", "e1000")),
            ("hotplug", ("hotplug", f"e1000,bus={odd}", "--into", "--", "-M", "q35")),
            ("slots", ("slots", "--tree", "--", "-M", "q35", "-device", '{"driver":"pcie-root-port","id":' + _json(odd) + "}")),
            ("dot", ("slots", "--dot", "--", "-M", "q35", "-device", '{"driver":"pcie-root-port","id":' + _json(odd) + "}")),
            ("spare", ("spare", odd, "--on", "q35")),
            ("types", ("types", odd)),
            ("arch", ("types", "q35", "--arch", odd)),
            ("rules", ("types", "q35", "--rules", odd)),
            ("usage", ("check", f"--{odd}")),
        ):  # fmt: skip
            core = name == "escape" or (name == "newline" and place in ("id", "type", "machine", "message", "file", "convert"))
            rare = not core or place in ("arch", "usage", "spare", "diff", "why-type", "dot")
            yield Entry(f"{place}-{name}", "3", f"{odd!r} as {place}", words, never=NEVER, heavy=heavy or rare)
        if name != "not-text":
            yield Entry(
                f"json-answer-{name}",
                "3",
                f"{odd!r} in an answer as JSON",
                ("check", "--json", "--", "-M", "q35", "-device", odd),
                never=SHOWN,
                heavy=heavy,
            )
            text = f'catalogue "1.0" for toy\nmachine-type shelf is machine\ngroup g = "{odd}"\nzork {odd}\n'
            yield Entry(
                f"rules-text-{name}",
                "3",
                f"{odd!r} in a rule text",
                ("rules", "lint", "a.qr"),
                make=_written(text),
                cache="own",
                never=NEVER,
                heavy=heavy,
            )
    yield from _written_to()


def _json(text: str) -> str:
    return '"' + "".join(c if 31 < ord(c) < 127 and c != '"' else f"\\u{ord(c):04x}" for c in text) + '"'


def _written(text: str) -> Make:
    def make(folder: Path) -> None:
        (folder / "a.qr").write_bytes(text.encode("utf-8", "surrogateescape"))

    return make


def _written_to() -> Iterator[Entry]:
    """``--svg`` into what is no plain file."""
    slots = ("slots", "--svg")
    yield Entry(
        "svg-device",
        "3",
        "--svg into a link to /dev/null stays a link to a device",
        (*slots, "out", "q35"),
        make=lambda f: (f / "out").symlink_to("/dev/null"),
        statuses=(0,),
        look=_still_device,
    )
    yield Entry(
        "svg-fifo",
        "3",
        "--svg into a FIFO writes into it",
        program=_FIFO,
        statuses=(0,),
        says="^read <svg|^read <\\?xml",
        look=_still_fifo,
        wall=20,
    )
    yield Entry(
        "svg-full", "3", "--svg into /dev/full is told", (*slots, "/dev/full", "q35"), statuses=(2,), says="No space|full"
    )
    yield Entry(
        "stdout-full",
        "3",
        "output into /dev/full is told",
        program="import os, subprocess, sys\nout = open('/dev/full', 'w')\nsys.exit(subprocess.run([sys.executable, '-c', 'from qrules.cli.main import run; run()', 'types', 'q35'], stdout=out).returncode)",
        statuses=(1, 2, 74),
        says="No space|full",
    )


_FIFO = """
import os, subprocess, sys
os.mkfifo("out")
reader = subprocess.Popen(["head", "-c", "40", "out"], stdout=subprocess.PIPE, text=True)
done = subprocess.run([sys.executable, "-c", "from qrules.cli.main import run; run()", "slots", "--svg", "out", "q35"], timeout=15)
try:
    print("read", reader.communicate(timeout=2)[0])
except subprocess.TimeoutExpired:
    reader.kill()
    print("nothing came")
sys.exit(0)
"""


def _still_device(folder: Path) -> str:
    return "" if (folder / "out").is_symlink() and stat.S_ISCHR(os.stat(folder / "out").st_mode) else "the link was replaced"


def _still_fifo(folder: Path) -> str:
    return "" if stat.S_ISFIFO(os.lstat(folder / "out").st_mode) else "the FIFO was replaced"
