"""Exit statuses: what docs/exit-codes.md says of each verb is what it does."""

from __future__ import annotations

import json

import pytest

from qrules.cli import status
from qrules.cli.main import VERBS
from tests.conftest import Run

WARNED = ("-M", "q35", "-nodefaults", "-device", "pcie-root-port,id=r,chassis=1", "-device", "e1000,bus=r")
REFUSED = ("-M", "q35", "-device", "floppy")
UNKNOWN = ("-M", "pc", "-device", "adlib")
NO_RULES = ("qemu-system-aarch64", "-M", "xlnx-versal-virt")

STATUSES = [
    (("why", "e1000", "--on", "q35"), 0),
    (("why", "floppy", "--on", "q35"), 0),
    (("why", "usb-kbd", "--on", "xlnx-versal-virt", "--arch", "aarch64"), 3),
    (("why", "usb-kbd", "--on", "xlnx-versal-virt", "--arch", "aarch64", "--exit-zero"), 0),
    (("check", "--", "-M", "q35"), 0),
    (("check", "--", *WARNED), 0),
    (("check", "--strict", "--", *WARNED), 1),
    (("check", "--strict", "--exit-zero", "--", *WARNED), 0),
    (("check", "--", *REFUSED), 1),
    (("check", "--exit-zero", "--", *REFUSED), 0),
    (("check", "--json", "--", *UNKNOWN), 3),
    (("check", "--strict", "--", *UNKNOWN), 3),
    (("check", "--exit-zero", "--", *UNKNOWN), 0),
    (("check", "--exit-zero", "--", "-device"), 2),
    (("place", "--on", "q35", "e1000"), 0),
    (("place", "--on", "microvm", "--nodefaults", "e1000"), 1),
    (("place", "--on", "microvm", "--nodefaults", "--exit-zero", "e1000"), 0),
    (("place", "--", *NO_RULES), 3),
    (("upgrade", "--from", "7.2", "--to", "10.0", "--", "-M", "q35"), 0),
    (("upgrade", "--from", "7.2", "--to", "10.0", "--", "-M", "pc-i440fx-1.4"), 1),
    (("upgrade", "--from", "7.2", "--to", "10.0", "--", *NO_RULES), 3),
    (("convert", "--to", "q35", "--", "-M", "pc"), 0),
    (("convert", "--to", "pc", "--", "-M", "q35", "-device", "intel-iommu"), 1),
    (("convert", "--to", "virt", "--", *NO_RULES), 3),
    (("spare", "floppy", "--on", "q35"), 0),
    (("spare", "e1000", "--", *REFUSED), 1),
    (("spare", "usb-kbd", "--", *NO_RULES), 3),
    (("spare", "virtio-rng-device", "--for", "100", "--on", "microvm"), 1),
    (("hotplug", "e1000", "--into", "--", "-M", "pc"), 0),
    (("hotplug", "e1000", "--into", "--", "-M", "q35"), 1),
    (("hotplug", "usb-kbd", "--into", "--", *NO_RULES), 3),
    (("explain", "QR410"), 0),
    (("explain", "nobody ever said this"), 3),
    (("explain", "--exit-zero", "nobody ever said this"), 0),
    (("diff", "pc-q35-7.2", "pc-q35-10.0"), 0),
]


@pytest.mark.parametrize(("words", "expected"), STATUSES)
def test_statuses_are_as_the_page_says(qrules: Run, words: tuple[str, ...], expected: int) -> None:
    done = qrules(*words)
    assert done.returncode == expected, done.stdout + done.stderr
    if "--exit-zero" not in words and expected != 2:
        assert expected in status.BY_VERB[words[0]]


def test_the_page_has_every_verb() -> None:
    assert list(status.BY_VERB) == list(VERBS)


STREAM = {
    "accept": {"argv": ["-M", "q35"]},
    "warn": {"argv": list(WARNED)},
    "unknown": {"argv": list(UNKNOWN)},
    "reject": {"argv": list(REFUSED)},
    "unreadable": {"argv": "q35"},
}


@pytest.mark.parametrize(
    ("kinds", "options", "expected"),
    [
        (("accept", "warn"), (), 0),
        (("accept", "warn"), ("--strict",), 1),
        (("accept", "unknown"), (), 3),
        (("unknown", "reject", "accept"), (), 1),
        (("unknown", "reject", "unreadable", "accept"), (), 2),
        (("unknown", "reject", "unreadable", "accept"), ("--exit-zero",), 0),
        ((), (), 0),
    ],
)
def test_a_stream_has_the_status_of_its_worst_answer(
    qrules: Run, kinds: tuple[str, ...], options: tuple[str, ...], expected: int
) -> None:
    done = qrules("check", "--jsonl", "-", *options, stdin="".join(json.dumps(STREAM[kind]) + "\n" for kind in kinds))
    assert done.returncode == expected
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == list(kinds)
    assert ("--strict: the warning counts as a refusal (exit status 1)" in done.stderr) == ("--strict" in options)


def test_the_worst_of_several_command_lines_counts(qrules: Run) -> None:
    texts = [" ".join(("qemu-system-x86_64", *words)) + "\n" for words in (UNKNOWN, REFUSED, WARNED)]
    assert qrules("check", "-", stdin="".join(texts)).returncode == 1
    assert qrules("check", "--json", "-", stdin=texts[0] + texts[2]).returncode == 3


def test_strict_says_what_it_counts(qrules: Run) -> None:
    done = qrules("check", "--strict", "--", *WARNED)
    assert done.stderr == "--strict: the warning counts as a refusal (exit status 1)\n"
    assert qrules("check", "--strict", "--", "-M", "q35").stderr == ""


def test_help_lists_the_statuses(qrules: Run) -> None:
    text = qrules("convert", "--help").stdout
    assert "exit status:" in text
    assert status.BY_VERB["convert"][3] in text
