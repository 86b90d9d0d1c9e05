"""Messages of the emulator lead back to the rules that say them. ``pytest --bless`` writes the golden texts anew."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import pytest

from qrules.explain.codes import CODES
from qrules.explain.messages import Explained, Phrases, explain
from qrules.knowledge.model import Knowledge
from qrules.paths import PACKAGE
from qrules.report import messages
from qrules.report.style import Style
from qrules.rulesets.store import Store
from qrules.visible import shown
from tests.conftest import Run

TRUTH = Path(os.environ.get("QRULES_TRUTH", "/nonexistent"))
GOLDEN = Path(__file__).parent / "golden" / "messages.txt"
HELD = "PCI: slot 2 function 0 not available for e1000, in use by VGA,id=(null)"
SAID = (
    f"qemu-system-x86_64: -device e1000,addr=2: {HELD}",
    "Can't add chassis slot, error -16",
    "qemu-system-x86_64: -device virtio-net-pci,bus=pci.0,addr=0x5: Bus 'pci.0' not found",
    "Error: Bus 'pcie.0' does not support hotplugging",
    "-device ide-hd,drive=d0,unit=2: Can't create IDE unit 2, bus supports only 2 units",
    "qemu-system-x86_64: -device floppy: No 'floppy-bus' bus found for device 'floppy'",
    "-device nvme: serial property not set",
    "-device e1000,addr=20: Property 'e1000.addr' doesn't take value '20'",
    "-device e1000,multifunction=7: Parameter 'multifunction' expects 'on' or 'off'",
    "PCI: single function device can't be populated in function 3.1",
    "Bus pci.0 not found",
)


@pytest.fixture(scope="module")
def phrases(knowledge: Knowledge) -> Phrases:
    return Phrases(knowledge)


def rules(found: list[Explained]) -> list[str]:
    return [m.rule for e in found for m in e.meanings]


@pytest.mark.parametrize("target", [("10.0", "x86_64"), ("7.2", "x86_64")])
def test_every_rule_is_found_by_its_own_words(store: Store, target: tuple[str, str]) -> None:
    asked = Phrases(store.knowledge(store.resolve(*target)))
    missed, later = [], []
    for phrase in asked.all:
        text = "".join(p if isinstance(p, str) else sample(p[0]) for p in phrase.parts)
        note = asked.knowledge.note(phrase.note)
        found = [(m.where.file, m.where.line) for e in explain([asked], f"qemu-system-x86_64: {text}") for m in e.meanings]
        if (note.file, note.line) not in found:
            missed.append((note.name, text))
        elif found[0] != (note.file, note.line):
            later.append(note.name)
    assert [name for name, _ in missed if name not in ENDS_OPEN] == []
    assert len(asked.all) > 150
    assert len(later) < 180, "those whose words several rules share; five of them with what other builds and the host say"


ENDS_OPEN = {
    "socket-leads-somewhere",
    "table-file-named",
}  # their words end where a text of the user's begins, which may be empty


def sample(hole: str) -> str:
    """Something for a hole: the same for the same name."""
    return "v" + re.sub(r"\W", "", hole)


@pytest.mark.parametrize(
    "pasted",
    [
        HELD,
        f'"{HELD}"',
        f"qemu-system-x86_64: -device e1000,addr=2: {HELD}",
        f"-device e1000,addr=2: {HELD}",
        f"Error: {HELD}",
        f"\n2026-01-02T03:04:05Z qemu-system-x86_64: -device e1000,addr=2: {HELD}\n",
        f"qemu-system-x86_64: warning: nic e1000.0 has no peer\nqemu-system-x86_64: -device e1000,addr=2: {HELD}\n",
        f"error: internal error: unable to execute QEMU command 'device_add': {HELD}",
        json.dumps({"error": {"class": "GenericError", "desc": HELD}}),
    ],
)
def test_pasted_as_it_stands(phrases: Phrases, pasted: str) -> None:
    (found,) = explain([phrases], pasted)
    assert (found.text, rules([found])) == (HELD, ["addr"])
    assert found.meanings[0].values["holder.type"] == "VGA"
    assert "VGA sits at" in found.meanings[0].because[0]


def test_the_option_says_what_the_message_leaves_out(phrases: Phrases) -> None:
    (found,) = explain([phrases], "-device nvme,id=disk: serial property not set")
    assert found.option == "-device nvme,id=disk"
    (found,) = explain([phrases], f"-device e1000,addr=2: {HELD}")
    assert found.meanings[0].because == ("VGA sits at 2 of the bus, and two devices cannot answer at one address",)


def test_several_messages_at_once(phrases: Phrases) -> None:
    found = explain([phrases], f"-device e1000,addr=2: {HELD}\nnoise\n-device nvme: serial property not set")
    assert rules(found) == ["addr", "nvme-serial"]


def test_near_misses(phrases: Phrases) -> None:
    (found,) = explain([phrases], "qemu: Cannot add chassis slot, error -16")
    assert (found.meanings, [m.rule for m in found.near]) == ((), ["chassis-slot"])
    (found,) = explain([phrases], "the weather is fine")
    assert (found.meanings, found.near) == ((), ())
    assert explain([phrases], " \n ") == []


def test_golden(phrases: Phrases, bless: bool) -> None:
    came = "\n\n\n".join(shown(messages.explained(explain([phrases], said), Style(False))) for said in SAID) + "\n"
    came = re.sub(r"(\.qr):\d+", r"\1", came)  # rules move in their files
    if bless:
        GOLDEN.write_text(came, encoding="utf-8")
    assert came == GOLDEN.read_text(encoding="utf-8")


def test_every_code_is_explained() -> None:
    text = "\n".join(p.read_text() for p in sorted(Path(PACKAGE).rglob("*.py")) if p.name != "codes.py")
    assert sorted(set(re.findall(r'"(QR\d{3})"', text)) - set(CODES)) == []


# ------------------------------------------------------------------------------ the verb
def test_the_verb(qrules: Run) -> None:
    done = qrules("explain", "Can't add chassis slot, error -16", "--json")
    (message,) = json.loads(done.stdout)["messages"]
    assert (done.returncode, message["meanings"][0]["rule"]) == (0, "chassis-slot")
    assert qrules("explain", "-", stdin=HELD + "\n").returncode == 0
    assert "chassis" in qrules("explain", "chassis-slot").stdout
    assert "attribute" in qrules("explain", "QR204").stdout
    assert qrules("explain", "nobody ever said this").returncode == 3
    assert qrules("explain", "QR999").returncode == 2


# ------------------------------------------------------------------------------ labelled messages
def labelled(arch: str) -> list[str]:
    """One message of each template that a real binary said."""
    seen: dict[str, str] = {}
    for file in sorted(TRUTH.glob("qemu-fuzz-dev-*.jsonl.gz")):
        for line in gzip.decompress(file.read_bytes()).decode().splitlines():
            row = json.loads(line)
            if row["arch"] == arch and row["verdict"] == "rejected":
                seen.setdefault(row["template"], row["error"])
    return list(seen.values())


@pytest.mark.skipif(not TRUTH.exists(), reason="QRULES_TRUTH names no folder of labelled data")
@pytest.mark.parametrize("arch", ["x86_64", "aarch64", "s390x", "ppc64", "riscv64"])
def test_messages_that_real_binaries_said(store: Store, arch: str) -> None:
    phrases = Phrases(store.knowledge(store.resolve("10.0", arch)))
    said = labelled(arch)
    assert len(said) >= 10, f"{TRUTH} has too few labelled messages for {arch}"
    missed = [text for text in said if not rules(explain([phrases], f"qemu-system-{arch}: {text}"))]
    assert missed == []
