"""What verbs make of domains, held against the real programs: ``python -m tests.conformance.libvirt.verbs starts|convert|time``.

``starts``: the command lines that are written of libvirt's own tests start on the emulator of that libvirt, with TCG and without what only
their hosts have. ``convert``: random domains for the other chipset, defined and started by the real libvirt. ``time``: a domain with 200 disks, the whole
process beside a libvirt that defines it (embedded, its caches warm).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from qrules.configs import pasted
from qrules.configs.xml_domain import read_domain
from qrules.diagnostics import Unusable
from qrules.domains.converting import converted
from tests.conformance.host_free import host_free
from tests.conformance.libvirt import corpus, oracle
from tests.conformance.libvirt.asking import ALONE, domains_of
from tests.conformance.libvirt.comparing import wilson
from tests.conformance.libvirt.draws import random_domains
from tests.conformance.plain_start import start

VERSION = "11.3"
TAKEN = ("accept", "warn")
_SECONDS = 20.0  # that a start may take


# ------------------------------------------------------------------------------------- starts
def of_corpus(first: int | None) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Name, architecture, our command line and libvirt's own of every domain of its tests that it takes."""
    for case in [c for c in corpus.cases() if not c.refused][:first]:
        answer = domains_of(VERSION).answer(read_domain(case.xml, "vm.xml"), (), ALONE)
        if answer.words:
            theirs = pasted.pasted(case.args, case.name).commands[0].argv if case.args else []
            yield case.name, answer.arch, list(answer.words), theirs


def starts(first: int | None) -> None:
    """Starts them, and lists those that do not, with the emulator's words."""
    folder = Path(os.environ["QRULES_QEMU_10_0"]).parent
    right = count = 0
    without: list[str] = []
    for name, arch, words, theirs in of_corpus(first):
        binary = folder / f"qemu-system-{arch}"
        if not binary.exists():
            without.append(f"{name} (no emulator for {arch})")
            continue
        came = start(str(binary), host_free(words[1:]), _SECONDS)
        said = came.message or "".join(came.lines[-1:])
        if not came.accepted and theirs and not start(str(binary), host_free(theirs[1:]), _SECONDS).accepted:
            without.append(f"{name} (libvirt's own line does not start either: {said})")
            continue
        count += 1
        right += came.accepted
        if not came.accepted:
            print(f"{name} | {said}")
    for one in without:
        print(f"not asked: {one}")
    print(f"starts   {wilson(right, count)}; {len(without)} not asked")


# ------------------------------------------------------------------------------------- convert
def conversions(seed: int, count: int) -> None:
    """Converts random domains that libvirt takes, and asks it about what they become."""
    domains, asked, none = domains_of(VERSION), [], 0
    for question in random_domains(seed, count):
        document = read_domain(question.xml, "vm.xml")
        before = domains.answer(document)
        to = {"pc-i440fx": "q35", "pc-q35": "pc"}.get(before.machine.rpartition("-")[0])
        if before.verdict not in TAKEN or to is None:
            continue
        try:
            found = converted(domains, document, to)
        except Unusable as wrong:
            print(f"{question.id} | {to} | {wrong}")
            continue
        none += not found.xml
        if found.xml:
            asked.append(oracle.Question(question.id, found.xml))
    told = list(oracle.ask(asked, VERSION))
    for one in told:
        if one.stage:
            print(f"{one.question.id} | {one.stage} | {one.message}")
    print(f"converted {len(asked)}, none for {none}; taken by libvirt {wilson(sum(not one.stage for one in told), len(told))}")


# ------------------------------------------------------------------------------------- time
def disks(count: int, bus: str = "virtio") -> str:
    """A domain with so many disks."""
    stem = {"virtio": "vd", "scsi": "sd", "sata": "sd"}[bus]
    made = "".join(
        f"<disk type='file' device='disk'><source file='/var/lib/libvirt/images/{n}.img'/>"
        f"<target dev='{stem}{_letters(n)}' bus='{bus}'/></disk>\n"
        for n in range(count)
    )
    return f"<domain type='qemu'><name>big</name><memory unit='MiB'>512</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os>\n<devices>\n{made}</devices></domain>\n"


def _letters(number: int) -> str:
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(97 + number % 26)


def _cost(words: list[str], text: str = "") -> tuple[float, float]:
    """CPU and wall seconds of a process and all that it waited for. Raises where it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(words, input=text, text=True, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - began


def times(pairs: int) -> None:
    """Both in turn, the median of some runs; then how ours grows with the number of disks, and its memory."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "big.xml"
        file.write_text(disks(200))
        own = [sys.executable, "-m", "qrules", "place", "--libvirt", VERSION, "--profile", "libvirt", str(file)]
        lv = [f"{oracle.FOLDER}/lv", VERSION, "virsh", "-q", "-c", "qemu:///embed?root=/embed"]
        ours, theirs = [], []
        for _ in range(pairs):
            ours.append(_cost(own))
            theirs.append(_cost(lv, f"define {file}\ndumpxml big\n"))
        for what, at in (("CPU", 0), ("wall", 1)):
            one, other = (sorted(run[at] for run in runs)[pairs // 2] for runs in (ours, theirs))
            print(f"{what:4} {one:.2f} s beside libvirt's {other:.2f} s: {one / other:.2f} of it ({pairs} pairs, medians)")
        for bus, counts in (("virtio", (50, 100, 200)), ("scsi", (200, 400, 800)), ("sata", (200, 400, 800))):
            for count in counts:
                file.write_text(disks(count, bus))
                print(f"{bus} {count}: {_cost(own)[0]:.2f} CPU s, {_peak(own)} MB")


def _peak(words: list[str]) -> int:
    """The peak of memory of a process, in megabytes."""
    code = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], capture_output=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    return int(subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True).stdout) // 1024


def main(words: list[str]) -> int:
    """Runs from words of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("starts", "convert", "time"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--first", type=int, help="as many of libvirt's tests alone")
    parser.add_argument("--pairs", type=int, default=5)
    args = parser.parse_args(words)
    if args.what == "starts":
        starts(args.first)
    elif args.what == "convert":
        conversions(args.seed, args.count)
    else:
        times(args.pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
