"""Points 2a and 2b: one line never ends a stream, and a question opens no file of the host that it need not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.entry import Entry, Make

GOOD = '{"id":"last","argv":["-M","q35","-device","e1000"]}'
READ_ON = r'"id": ?"last".*"verdict": ?"(accept|warn)"'
SECRET = "rather private"


def bridges(count: int) -> list[str]:
    """Bridges behind one another."""
    words = ["-M", "pc", "-device", "pci-bridge,id=b0,chassis_nr=1"]
    for i in range(1, count):
        words += ["-device", f"pci-bridge,id=b{i},bus=b{i - 1},chassis_nr={i % 255 + 1}"]
    return words


def _line(argv: list[str], **more: object) -> bytes:
    return json.dumps({"id": "first", "argv": argv, **more}).encode()


def _hostile() -> Iterator[tuple[str, str, bytes]]:
    q35 = ["-M", "q35"]
    yield "surrogate-id", "an id that is half a character", b'{"id":"\\ud800","argv":[]}'
    yield "surrogate-word", "a word that is half a character", b'{"id":1,"argv":["-M","\\ud800"]}'
    yield "surrogate-device", "a device of half a character", b'{"id":1,"argv":["-M","q35","-device","\\udfff"]}'
    yield "surrogate-member", "a member of half a character", b'{"id":1,"argv":[],"\\ud800":1}'
    yield "surrogate-arch", "an architecture of half a character", b'{"id":1,"argv":["-M","q35"],"arch":"\\ud800"}'
    yield "nul-path", "a NUL in the path of -readconfig", _line([*q35, "-readconfig", "a\0b"])
    yield "surrogate-path", "half a character in the path of -readconfig", _line([*q35, "-readconfig", "a\ud800b"])
    yield "long-path", "a path of 100,000 characters", _line([*q35, "-readconfig", "a" * 100_000])
    yield "bridges-123", "123 bridges behind one another", _line(bridges(123))
    yield "bridges-760", "760 bridges behind one another", _line(bridges(760))
    yield "bridges-5000", "5,000 bridges behind one another", _line(bridges(5_000))
    yield from _deep()


def _deep() -> Iterator[tuple[str, str, bytes]]:
    """What is nested deeply, has many digits or many parts."""
    q35 = ["-M", "q35"]
    yield "nested-json", "100,000 brackets", b"[" * 100_000
    yield "nested-id", "an id of 900 lists in one another", b'{"id":' + b"[" * 900 + b"]" * 900 + b',"argv":["-M","q35"]}'
    yield (
        "nested-device",
        "a device with 900 lists in one another",
        _line([*q35, "-device", '{"driver":"e1000","id":' + "[" * 900 + "]" * 900 + "}"]),
    )
    yield "nested-device-deeper", "a device of 50,000 open brackets", _line([*q35, "-device", '{"driver":' + "[" * 50_000])
    yield "number-of-digits", "a number of 5,000 digits as id", b'{"id":' + b"9" * 5_000 + b',"argv":["-M","q35"]}'
    yield (
        "number-of-digits-device",
        "a JSON device with one",
        _line([*q35, "-device", '{"driver":"e1000","addr":' + "9" * 5_000 + "}"]),
    )
    yield (
        "number-of-digits-plain",
        "a device with addr= of 5,000 digits",
        _line([*q35, "-device", "pcie-root-port,chassis=" + "9" * 5_000]),
    )
    yield (
        "number-of-digits-hotplug",
        "a hot-plugged device with one",
        b'{"id":1,"argv":["-M","q35"],"hotplug":{"driver":"e1000","addr":' + b"9" * 5_000 + b"}}",
    )
    yield "number-infinite", "1e999 as a value", _line([*q35, "-device", '{"driver":"pcie-root-port","chassis":1e999}'])
    yield (
        "hotplug-of-lists",
        "a hot-plugged device of lists and objects",
        _line(q35, hotplug={"driver": "e1000", "id": [], "bus": {}, "addr": {"a": [1]}}),
    )
    yield "hotplug-many", "20,000 devices to plug in turn", _line(q35, hotplug=[{"driver": "e1000", "bus": "x"}] * 20_000)
    yield "no-utf-8", "bytes that are no UTF-8", b'{"id":1,"argv":["\xff\xfe"]}'
    yield "nul-bytes", "a line of NULs", b"\0" * 1_000
    yield "long-line", "a line of 5 MiB", b'{"id":1,"argv":["' + b"a" * (5 << 20) + b'"]}'
    yield (
        "many-members",
        "100,000 members in a question",
        b'{"id":1,"argv":[],' + b",".join(b'"m%d":1' % i for i in range(100_000)) + b"}",
    )
    yield "many-words", "300,000 words", _line(["-S"] * 300_000)
    yield "no-machine", "an empty machine", _line(["-M", "", "-device", ""])
    yield "profile-odd", "a profile of 100,000 characters", _line(q35, profile="p" * 100_000)
    yield "qemu-odd", "a version of 100,000 characters", _line(q35, qemu="1." * 50_000)
    yield "smp-odd", "processors without number", _line([*q35, "-smp", "9" * 4_000])
    yield "memory-odd", "memory without number", _line([*q35, "-m", "9" * 4_000 + "G"])
    yield "many-numa", "5,000 nodes", _line([*q35, *["-numa", "node"] * 5_000])


def entries() -> Iterator[Entry]:
    """All of them; each line stands before a good one, which has to be answered."""
    for name, what, raw in _hostile():
        yield Entry(
            f"stream-{name}",
            "2a",
            what,
            ("check", "--jsonl", "-"),
            raw + b"\n" + GOOD.encode() + b"\n",
            statuses=(0, 1, 2, 3),
            says=READ_ON,
        )
    yield Entry(
        "stream-jobs",
        "2a",
        "the same with two workers",
        ("check", "--jsonl", "-", "--jobs", "2"),
        b'{"id":"\\ud800","argv":[]}\n' + GOOD.encode(),
        statuses=(0, 1, 2, 3),
        says=READ_ON,
        seconds=4,
    )
    for count in (123, 760):
        program = (
            f"import qrules\nfrom tests.fuzz.corpus.streams import bridges\nprint(qrules.check(argv=bridges({count})).verdict)"
        )
        yield Entry(
            f"api-bridges-{count}",
            "2a",
            f"qrules.check of {count} bridges behind one another",
            program=program.replace("from tests.fuzz.corpus.streams import bridges", _BRIDGES),
            statuses=(0,),
            says="^(accept|warn|reject|unknown)",
        )
        for verb in (("check", "--repairs"), ("place",), ("slots", "--tree"), ("convert", "--to", "q35")):
            yield Entry(
                f"{verb[0]}-bridges-{count}",
                "2a",
                f"{' '.join(verb)} of {count} bridges behind one another",
                (*verb, "-"),
                lambda c=count: shell(bridges(c)),
                never="nested deeper",
                seconds=2 if count < 200 else 4,
                heavy=count > 200,
            )  # type: ignore[misc]
    yield from _host()
    yield from _more_of_the_host()


_OPENS = """
import sys
seen = []
sys.addaudithook(lambda event, given: seen.append(str(given[0])) if event == "open" else None)
from qrules.cli.main import main
status = main(["check", "--jsonl", "-"])
print("opened" if "/etc/hostname" in seen else "left alone")
sys.exit(status)
"""
_BRIDGES = """def bridges(count):
    words = ["-M", "pc", "-device", "pci-bridge,id=b0,chassis_nr=1"]
    for i in range(1, count):
        words += ["-device", f"pci-bridge,id=b{i},bus=b{i - 1},chassis_nr={i % 255 + 1}"]
    return words
"""


def shell(words: list[str]) -> bytes:
    """A command line on standard input."""
    return ("qemu-system-x86_64 " + " ".join(words)).encode()


def _host() -> Iterator[Entry]:
    """Files of the host that a config names."""
    for name, path, act in (
        ("fifo", "f", "os.mkfifo(folder / 'f')"), ("device-zero", "/dev/zero", ""), ("device-tty", "/dev/tty", ""), ("stdin", "/dev/stdin", ""),
        ("folder", ".", ""), ("loop", "f", "(folder / 'f').symlink_to(folder / 'f')"), ("sparse", "f", "sparse(folder / 'f')"),
        ("secret", "f", f"(folder / 'f').write_text('{SECRET}')"), ("itself", "f", "(folder / 'f').write_text('[machine]\\n  type = \"q35\"\\n')"),
    ):  # fmt: skip
        words = ["-M", "q35", "-readconfig", path]
        never = SECRET if name == "secret" else ""
        yield Entry(
            f"stream-reads-{name}",
            "2b",
            f"--jsonl, and -readconfig {path}: never opened by default",
            ("check", "--jsonl", "-"),
            _line(words) + b"\n" + GOOD.encode(),
            make=_made(act),
            statuses=(0, 1, 2, 3),
            says=READ_ON,
            never=never,
            wall=20,
        )
        if name not in ("secret", "itself"):
            yield Entry(
                f"check-reads-{name}",
                "2b",
                f"check, and -readconfig {path}",
                ("check", "--", *words),
                make=_made(act),
                statuses=(0, 1, 2, 3) if name == "stdin" else (1, 2),  # a file as standard input is a regular file
                wall=20,
            )


def _more_of_the_host() -> Iterator[Entry]:
    yield Entry(
        "stream-opens", "2b", "a line that names /etc/hostname does not open it", program=_OPENS, stdin=_line(["-M", "q35", "-readconfig", "/etc/hostname"]),
        statuses=(0, 1, 2, 3), says="^left alone",
    )  # fmt: skip
    many = _made("[(folder / f'{i}').write_bytes(b'#' * (4 << 20)) for i in range(40)]")
    yield Entry(
        "reads-40-files",
        "2b",
        "40 files of 4 MiB: a budget of bytes for the whole request",
        ("check", "--", "-M", "q35", *(w for i in range(40) for w in ("-readconfig", str(i)))),
        make=many,
        statuses=(0, 1, 2, 3),
    )
    yield Entry(
        "reads-2000-times",
        "2b",
        "one file of 100 KB 2,000 times",
        ("check", "--", "-M", "q35", *["-readconfig", "f"] * 2_000),
        make=_made("(folder / 'f').write_bytes(b'[device]\\n driver = \"e1000\"\\n' * 3000)"),
        heavy=True,
    )
    yield Entry(
        "file-is-a-fifo",
        "2b",
        "check FILE where FILE is a pipe of the shell: read",
        program="import os, subprocess, sys\nr, w = os.pipe()\nos.write(w, b'qemu-system-x86_64 -M q35'); os.close(w)\nsys.exit(subprocess.run([sys.executable, '-c', 'from qrules.cli.main import run; run()', 'check', f'/dev/fd/{r}'], pass_fds=[r]).returncode)",
        statuses=(0,),
        says="^accepted",
    )
    yield Entry("file-is-zero", "2b", "check /dev/zero", ("check", "/dev/zero"), statuses=(2,))


def sparse(path: Path) -> None:
    """A file of 20 GB without anything in it, or as large a one as the file system takes."""
    with path.open("wb") as file:
        for bits in range(35, 24, -1):
            try:
                file.truncate(20 << (bits - 5))
                return
            except OSError:  # it is too large here
                continue


def _made(act: str) -> Make:
    def make(folder: Path) -> None:
        exec(act, {"folder": folder, "os": os, "sparse": sparse})

    return make
