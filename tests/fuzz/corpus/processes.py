"""Points 4, 5 and 6: pipes that close, signals, threads that ask first, and programs that are no emulators."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.corpus.rule_texts import board
from tests.fuzz.entry import Entry, Make

_RUN = "[sys.executable, '-c', 'from qrules.cli.main import run; run()'"
_LINE = '{"id":1,"argv":["-M","q35","-device","e1000"]}'


def entries() -> Iterator[Entry]:
    """All of them."""
    yield from _exits()
    yield from _workers()
    yield from _threads()
    yield from _programs()


def _exits() -> Iterator[Entry]:
    closed = f"import os, subprocess, sys\nr, w = os.pipe()\nos.close(r)\nsys.exit(subprocess.run({_RUN}, 'types', 'q35'], stdout=w).returncode % 256)"
    yield Entry("closed-pipe", "4", "a closed pipe is not success: 128 + SIGPIPE", program=closed, statuses=(141, 243))
    head = f"import subprocess, sys\np = subprocess.Popen({_RUN}, 'check', '--jsonl', '-'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\np.stdout.close()\ntry:\n    p.stdin.write(b'{_LINE}\\n' * 5000)\n    p.stdin.close()\nexcept BrokenPipeError:\n    pass\nsys.exit(p.wait() % 256)"
    yield Entry("closed-pipe-jsonl", "4", "the same of a stream", program=head, statuses=(141, 243))
    for name, closed_ones, words in (
        ("stdin", (0,), ("check", "-")), ("stdin-jsonl", (0,), ("check", "--jsonl", "-")), ("stdout", (1,), ("types", "q35")), ("both", (0, 1), ("check", "-")),
        ("stderr", (2,), ("check", "nowhere")),
    ):  # fmt: skip
        yield Entry(
            f"closed-{name}",
            "4",
            f"{name} is closed: a message and a status",
            words,
            closed=closed_ones,
            statuses=(2,) if name != "stdout" else (2, 74),
            says="" if name == "stderr" else "closed|standard",
        )
    for name, words in (("zero", "0"), ("minus", "-1"), ("many", "100000"), ("text", "many")):
        yield Entry(
            f"jobs-{name}",
            "4",
            f"--jobs {words} of one line",
            ("check", "--jsonl", "-", "--jobs", words),
            (_LINE + "\n").encode(),
            statuses=(0, 2),
            seconds=3,
        )
    fault = "import sys\nfrom qrules.cli import main, check\nimport qrules.explain.verdicts as v\n\ndef broken(*a, **k):\n    raise AssertionError('broken')\n\nv._verdict = broken\nsys.argv = ['qrules', 'check', '--jsonl', '-']\nmain.run()"
    yield Entry(
        "internal-fault",
        "4",
        "an internal fault is no verdict: status 70, and the message says so",
        program=fault,
        stdin=(_LINE + "\n").encode(),
        statuses=(70,),
        never='"verdict"',
    )


def _workers() -> Iterator[Entry]:
    """Signals to the parent: the workers end with it."""
    for name in ("SIGTERM", "SIGKILL", "SIGINT", "SIGHUP"):
        program = f"""
import os, signal, subprocess, sys, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whatever nohup has made of it, or a shell of what it runs behind it
signal.signal(signal.SIGINT, signal.default_int_handler)
p = subprocess.Popen({_RUN}, "check", "--jsonl", "-", "--jobs", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
p.stdin.write(b'{_LINE}\\n' * 300); p.stdin.flush()
time.sleep(1.5)
p.send_signal(signal.{name}); p.wait(); time.sleep(0.7)
group = os.popen(f"ps -o pid= -g {{p.pid}} 2>/dev/null").read().split()
left = [pid for pid in group if os.path.exists(f"/proc/{{pid}}") and "Z" not in open(f"/proc/{{pid}}/stat").read().rsplit(")", 1)[1].split()[0]]
try:
    os.killpg(p.pid, signal.SIGKILL)
except ProcessLookupError:
    pass
print("left behind:" if left else "all ended", *left)
"""
        yield Entry(
            f"workers-{name.lower()}",
            "4",
            f"{name} of the parent ends its workers",
            program=program,
            statuses=(0,),
            says="^all ended",
            seconds=5,
        )


def _threads() -> Iterator[Entry]:
    for name, cold in (("cold", True), ("warm", False)):
        program = f"""
import threading, qrules
argv = ["-M", "shelf", "-device", "card"]
found, barrier = [], threading.Barrier(6)
if not {cold}:
    qrules.check(argv=argv, rules="rules")
def ask(number):
    barrier.wait()
    try:
        found.append(qrules.check(argv=argv, rules="rules").verdict)
    except BaseException as error:
        found.append(f"{{type(error).__name__}}: {{error}}"[:200])
threads = [threading.Thread(target=ask, args=(i,)) for i in range(6)]
[t.start() for t in threads]; [t.join() for t in threads]
print("all the same" if found == ["accept"] * 6 else found)
"""
        yield Entry(
            f"threads-{name}",
            "5",
            f"six threads that ask at once, {name}",
            program=program,
            make=board("  room = 1\n"),
            cache="own",
            statuses=(0,),
            says="^all the same",
            seconds=5,
        )
    shared = "import threading, qrules\nq35 = qrules.machine('q35')\nexpected, found = repr(q35.why('floppy')), []\n"
    shared += (
        "threads = [threading.Thread(target=lambda: found.extend(repr(q35.why('floppy')) for _ in range(5))) for _ in range(6)]\n"
    )
    shared += "[t.start() for t in threads]; [t.join() for t in threads]\nprint('all the same' if found == [expected] * 30 else 'different', len(found))"
    yield Entry(
        "threads-one-machine",
        "5",
        "six threads that ask one machine",
        program=shared,
        statuses=(0,),
        says="^all the same",
        seconds=5,
    )


def _program(text: str) -> Make:
    def make(folder: Path) -> None:
        (folder / "qemu-system-x86_64").write_text(f"#!/bin/sh\n{text}\n")
        (folder / "qemu-system-x86_64").chmod(0o755)

    return make


def _programs() -> Iterator[Entry]:
    for name, text in (
        ("loud", "head -c 400000000 /dev/zero | tr '\\0' x >&2"), ("loud-stdout", "head -c 400000000 /dev/zero | tr '\\0' x"), ("endless", "yes"),
        ("endless-line", "while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxx; done"), ("forks", "sleep 300 & sleep 300 & echo 'QEMU emulator version 10.0.2'; wait"),
        ("deaf", "trap '' TERM INT HUP; while :; do sleep 1; done"), ("odd-version", "printf 'QEMU emulator version 10.0.2\\033[2J\\n::error::x\\n'"),
        ("dies", "kill -SEGV $$"), ("no-text", "head -c 4000 /dev/urandom"), ("silent", "exit 0"),
    ):  # fmt: skip
        for verb, words in (
            ("harvest", ("harvest", "./qemu-system-x86_64")),
            ("verify", ("verify", "./qemu-system-x86_64", "--machine", "q35")),
        ):
            slow = name in ("deaf", "forks", "endless", "endless-line") or verb == "verify"
            yield Entry(
                f"{verb}-{name}",
                "6",
                f"{verb} of a program: {text[:50]}",
                words,
                make=_program(text),
                statuses=(2,),
                never="[\x1b]|^::error",
                seconds=4,
                heavy=slow,
                wall=90,
            )
