"""Broken domains by the thousand: ``python -m tests.fuzz.domains --inputs 10000 --seed 1 [--first N]``.

A random domain is changed in its structure (elements doubled, moved, swapped, dropped; odd values; depth), in its text (cut off,
entities, references, document types) and in its bytes (encodings that are not what they say, values of ten megabytes). Each is read,
judged, and its answer shown as text and JSON; of some repairs, the stored document and the command line are asked, too. What fails, or takes
2 CPU seconds or 300 MB, is a line of JSON in the file that --failures names.
"""

from __future__ import annotations

import argparse
import base64
import copy
import functools
import json
import random
import resource
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from qrules.configs.xml_domain import read_device, read_domain
from qrules.diagnostics import Unusable
from qrules.domains.mending import repairs
from qrules.domains.whole import Domains
from qrules.machine.budget import Question
from qrules.report import domains as report
from qrules.report import domains_json
from qrules.report import json as shapes
from qrules.report.style import Style
from tests.conformance.libvirt.draws import random_domains
from tests.fuzz import guard

ODD = (
    "", " ", "0", "-1", "+1", "00", "0x0", "0x1f", "0X1F", "08", "1e3", "1.5", "255", "256", "65535", "65536", "4294967295", "4294967296",
    "18446744073709551616", "9" * 400, "\u0663", "on", "off", "yes", "none", "default", "a" * 300, "é", "\U0001f600", "'", "<&>", "pci", "usb", "drive",
    "pcie-root-port", "pci-root", "virtio", "ide", "scsi", "sd" + "z" * 40, "vda", "q35", "pc", "pseries", "x86_64", "aarch64", "../../x", "%s", "{0}", "&", "\t\n",
)  # fmt: skip
NAMES = (
    "address",
    "controller",
    "disk",
    "interface",
    "devices",
    "domain",
    "target",
    "model",
    "alias",
    "x",
    "qemu:commandline",
    "memory",
    "cell",
    "master",
)
DECLARED = ("utf-8", "UTF-8", "utf-16", "iso-8859-1", "us-ascii", "windows-1252", "utf-7", "ebcdic", "x", "")
WRITTEN = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "ascii")
SUBSETS = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', '<!DOCTYPE d SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://x/"> %p;]>', '<!DOCTYPE d [<!ATTLIST disk type CDATA "file">]>', "<!DOCTYPE domain>",
)  # fmt: skip
STRANGE = (
    "&a;",
    "&#0;",
    "&#xD800;",
    "&#x1F600;",
    "&lt;",
    "&",
    "<",
    "]]>",
    "<![CDATA[x]]>",
    "<!--",
    "-->",
    "<?x y?>",
    "\0",
    "\x1b[2J",
    "\u202e",
    "\ufffe",
    "\r",
    "</domain>",
    "<domain>",
)


class Failed(Exception):
    """An answer that costs too much, or is none."""


@functools.cache
def seeds() -> tuple[str, ...]:
    """Domains to begin with."""
    return tuple(question.xml for question in random_domains(5, 60))


@functools.cache
def judges() -> tuple[Domains, ...]:
    return tuple(Domains(version) for version in ("9.0", "11.3", "12.9"))


# ------------------------------------------------------------------------------------- inputs
def drawn(rng: random.Random) -> bytes:
    """A broken domain."""
    root = ET.fromstring(rng.choice(seeds()))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 8))):
        _changed(root, rng)
    text = ET.tostring(root, "unicode")
    if rng.random() < 0.3:
        text = _spoiled(text, rng)
    if rng.random() < 0.001:
        at = text.find("'") if "'" in text else text.find('"')
        text = text[: at + 1] + "a" * rng.choice((1 << 20, 9 << 20, 11 << 20)) + text[at + 1 :]
    return _in_bytes(text, rng)


def _changed(root: ET.Element, rng: random.Random) -> None:
    """One change of the structure."""
    every = [e for e in root.iter() if isinstance(e.tag, str)]
    parents = [e for e in every if len(e)]
    one, other = rng.choice(parents), rng.choice(parents)
    child = rng.choice(list(one))
    at = rng.randrange(len(other) + 1)
    what = rng.randrange(9)
    if what == 0:
        other.insert(at, _copy(child))
    elif what == 1:
        one.remove(child)
    elif what == 2 and child is not other and other not in child.iter():
        one.remove(child)
        other.insert(min(at, len(other)), child)
    elif what == 3:
        for n in range(rng.choice((2, 20, 150))):
            one.insert(n, _copy(child))
    elif what == 4:
        inner = ET.SubElement(child, rng.choice(NAMES))
        for _ in range(rng.choice((1, 5, 240, 300))):
            inner = ET.SubElement(inner, rng.choice(NAMES))
    elif what == 5:
        child.text = rng.choice(ODD)
    else:
        _odd_value(rng.choice(every), rng)


def _odd_value(element: ET.Element, rng: random.Random) -> None:
    names = list(element.attrib) or ["type", "index", "model", "slot", "bus"]
    name = rng.choice(names)
    what = rng.random()
    if what < 0.15:
        element.attrib.pop(name, None)
    elif what < 0.25:
        element.set(rng.choice(("type", "index", "bus", "unit", "x", "function", "controller")), rng.choice(ODD))
    else:
        element.set(name, rng.choice(ODD) if rng.random() < 0.7 else str(rng.randrange(70_000)))


def _copy(element: ET.Element) -> ET.Element:
    return copy.deepcopy(element)


def _spoiled(text: str, rng: random.Random) -> str:
    """A change of the text."""
    at, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
    what = rng.randrange(7)
    if what == 0:
        return text[:at]
    if what == 1:
        return rng.choice(SUBSETS) + text
    if what == 2:
        return text[:at] + rng.choice(STRANGE) + text[at:]
    if what == 3:
        return f"<?xml version='1.0' encoding='{rng.choice(DECLARED)}'?>" + text
    if what == 4:
        return text[:at] + text[min(end, at + 30) :]
    if what == 5:
        return "<a>" * rng.choice((10, 300, 100_000)) + text
    return text[:at] + text[at : at + 50] * 40 + text[at:]


def _in_bytes(text: str, rng: random.Random) -> bytes:
    raw = text.encode(rng.choice(WRITTEN) if rng.random() < 0.1 else "utf-8", "replace")
    if rng.random() < 0.05 and raw:
        at = rng.randrange(len(raw))
        raw = raw[:at] + bytes(rng.randrange(256) for _ in range(3)) + raw[at + rng.randrange(4) :]
    return raw


# ------------------------------------------------------------------------------------- asking
def ask(raw: bytes, number: int) -> str:
    """The verdict, after all of an answer was made; ``unreadable`` where the document is none."""
    domains = judges()[number % 3]
    try:
        document = read_domain(raw, "vm.xml")
        attach = [read_device("<disk type='file'><target dev='vdy' bus='virtio'/></disk>", "disk.xml")] if number % 7 == 0 else []
        with Question():
            answer = domains.answer(document, attach)
            mended = repairs(domains, answer, attach) if number % 20 == 0 and answer.verdict == "reject" else []
    except Unusable as error:
        if any(not d.message or d.code == "QR310" for d in error.diagnostics):
            raise Failed(str(error)) from error
        return "unreadable"
    told = report.text(answer, Style(False)) + shapes.dumps(dict(domains_json.answer(answer)))
    if mended:
        told += report.repairs(document, mended, Style(False))
    if answer.stored:
        read_domain(answer.stored, "stored")
    if answer.verdict not in ("accept", "warn", "reject", "unknown") or not told:
        raise Failed(f"a verdict that is none: {answer.verdict}")
    return answer.verdict


def asked(number: int, seed: int) -> tuple[str, float, float, bytes]:
    """What came of an input: its verdict, or what went wrong; CPU seconds, megabytes that the peak grew, and the input."""
    raw = drawn(random.Random(f"{seed}:{number}"))
    before, start = guard.peak(), time.process_time()
    try:
        came = ask(raw, number)
    except RecursionError as error:
        came = f"failed: {type(error).__name__}"
    except Exception as error:
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        at = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last is not None else "?"
        came = f"failed: {type(error).__name__} at {at}: {str(error)[:80]}"
    seconds, megabytes = time.process_time() - start, guard.peak() - before
    for wrong, amount, most in (("slow", seconds, guard.SECONDS), ("large", megabytes, guard.MEGABYTES)):
        if amount > most and not came.startswith("failed"):
            came = f"failed: too {wrong}"
    return came, seconds, megabytes, raw


def main(words: list[str], write: Callable[[str], object] = print) -> int:
    """Runs from words of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("inputs", 1_000), ("first", 0), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--failures", type=Path, default=Path("domain-failures.jsonl"))
    args = parser.parse_args(words)
    resource.setrlimit(resource.RLIMIT_AS, (3_000 << 20, 3_000 << 20))
    counted, slowest, largest = Counter[str](), (0.0, 0), (0.0, 0)
    began = time.process_time()
    for seed in seeds()[:30]:
        for version in range(3):
            ask(seed.encode(), version)  # what is loaded once
    with args.failures.open("a", encoding="utf-8") as file:
        for number in range(args.first, args.first + args.inputs):
            came, seconds, megabytes, raw = asked(number, args.seed)
            counted[came] += 1
            slowest, largest = max(slowest, (seconds, number)), max(largest, (megabytes, number))
            if came.startswith("failed"):
                told = {
                    "number": number,
                    "seed": args.seed,
                    "what": came,
                    "seconds": seconds,
                    "xml": base64.b64encode(raw[:50_000]).decode(),
                }
                file.write(json.dumps(told) + "\n")
                file.flush()
    failed = sum(count for came, count in counted.items() if came.startswith("failed"))
    write(
        f"{args.inputs:,} domains from {args.first:,} (seed {args.seed}), {failed:,} failed; slowest {slowest[0]:.2f} CPU s (number {slowest[1]}), "
        f"largest {largest[0]:.0f} MB (number {largest[1]}), {time.process_time() - began:.0f} CPU s; {dict(counted.most_common())}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
