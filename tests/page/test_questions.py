"""The page's questions: a text in, a text out, with findings where they stand, a picture, repairs that hold, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qrules.page.assets import POLICY, files
from qrules.page.questions import MOST, MOST_QUESTION, Page

REFUSED = "#!/bin/sh\n# the vm\nqemu-system-x86_64 -M q35 \\\n  -device floppy \\\n  -name é -device e1000,addr=1f.0 \\\n\n"
DOMAIN = """<domain type='qemu'><name>vm</name><memory>65536</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
<controller type='pci' index='1' model='pcie-root-port'>{}</controller></devices></domain>
"""
TAKEN = "<address type='pci' slot='0x1f' function='0x0'/>"


@pytest.fixture(scope="module")
def page() -> Page:
    return Page()


def ask(page: Page, **question: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(page.ask(json.dumps(question)))
    return answer


def meant(text: str, found: dict[str, Any]) -> str:
    """The words that a finding stands under, all in one line."""
    assert found["line"] == found["end-line"]
    return text.split("\n")[found["line"] - 1][found["column"] - 1 : found["end-column"] - 1]


def test_findings_stand_under_their_words(page: Page) -> None:
    answer = ask(page, ask="check", text=REFUSED)
    assert [c["verdict"] for c in answer["configs"]] == ["reject"]
    assert [(f["rule"], meant(REFUSED, f)) for f in answer["findings"]] == [
        ("no-bus", "floppy"),
        ("addr", "e1000,addr=1f.0"),
    ]
    first = answer["findings"][0]
    assert first["emulator-message"] == "No 'floppy-bus' bus found for device 'floppy'"
    assert first["where"] == {"file": "rules/common/qdev.qr", "line": first["where"]["line"]}
    assert first["instead"]
    assert first["see"]


def test_what_stands_is_a_picture_and_data(page: Page) -> None:
    config = ask(page, ask="check", text="qemu-system-x86_64 -M q35 -device virtio-rng-pci,id=rng")["configs"][0]
    assert config["dot"].startswith("digraph topology {")
    pcie = next(bus for device in config["topology"]["buses"][0]["devices"] for bus in device["buses"] if bus["id"] == "pcie.0")
    assert [(d["type"], d["address"]) for d in pcie["devices"] if d["by"] == "config"] == [("virtio-rng-pci", "03.0")]
    assert pcie["free"] == ["04 to 1e"]
    assert (config["machine"], config["qemu"]) == ("pc-q35-11.1", "11.1.3")


def test_a_repair_is_a_difference_whose_text_is_accepted(page: Page) -> None:
    for text in (REFUSED, DOMAIN.format(TAKEN)):
        found = ask(page, ask="mend", text=text, config=0)["repairs"]
        assert found
        for repair in found:
            assert repair["diff"][:2] == ["--- as written", "+++ mended"]
            gone = [line[1:] for line in repair["diff"][2:] if line.startswith("-")]
            come = [line[1:] for line in repair["diff"][2:] if line.startswith("+")]
            assert set(gone) <= set(text.split("\n"))
            assert set(come) <= set(repair["text"].split("\n"))
            assert ask(page, ask="check", text=repair["text"])["configs"][0]["verdict"] in ("accept", "warn")


def test_a_domain_has_the_names_of_its_document(page: Page) -> None:
    refused = ask(page, ask="check", text=DOMAIN.format(TAKEN))
    assert [(f["profile"], f["line"]) for f in refused["findings"]] == [("libvirt", 3)]
    assert refused["configs"][0]["topology"] is None  # libvirt writes no command line of it
    answer = ask(page, ask="check", text=DOMAIN.format(""), libvirt="9.0")
    config = answer["configs"][0]
    assert (config["verdict"], config["libvirt"]) == ("accept", "9.0.0")
    assert "pci controller 1" in config["dot"]


def test_a_script_has_several_configs(page: Page) -> None:
    text = "qemu-system-x86_64 -M q35\nqemu-system-aarch64 -M virt -device floppy\n"
    answer = ask(page, ask="check", text=text)
    assert [(c["verdict"], c["arch"], c["line"]) for c in answer["configs"]] == [
        ("accept", "x86_64", 1),
        ("reject", "aarch64", 2),
    ]
    assert {f["config"] for f in answer["findings"]} == {1}
    assert ask(page, ask="mend", text=text, config=0)["repairs"] == []
    assert ask(page, ask="mend", text=text, config=1)["repairs"]
    assert "QR436" in ask(page, ask="mend", text=text, config=7)["error"]


def test_versions_and_profiles(page: Page) -> None:
    old = "qemu-system-x86_64 -M pc-q35-2.4"
    assert [ask(page, ask="check", text=old, qemu=v)["configs"][0]["verdict"] for v in ("7.2", "11.1")] == ["accept", "reject"]
    text = "qemu-system-x86_64 -M q35 -device pcie-root-port,id=rp -device e1000,bus=rp"
    assert ask(page, ask="check", text=text)["configs"][0]["verdict"] == "warn"
    assert ask(page, ask="check", text=text, profile="qemu")["configs"][0]["verdict"] == "accept"
    assert [f["rule"] for f in ask(page, ask="check", text=text, profile="x")["findings"]] == ["QR437"]
    assert [f["rule"] for f in ask(page, ask="check", text=text, qemu="3.1")["findings"]] == ["QR421"]


def test_why_is_told_as_the_verb_tells_it(page: Page) -> None:
    no = ask(page, ask="why", text="qemu-system-x86_64 -M q35", device="floppy")
    assert no["placement"] is None
    assert no["text"].startswith("No: pc-q35-11.1 does not take floppy as it stands.\n")
    assert [r["text"] for r in no["remedies"]] == ["-device isa-fdc"]
    yes = ask(page, ask="why", text=DOMAIN.format(""), device="virtio-rng-pci")
    assert yes["placement"]["bus"]
    assert "QR413" in ask(page, ask="why", text="qemu-system-x86_64 -M q35", device="flopy")["error"]


def test_lists_to_pick_from(page: Page) -> None:
    about = ask(page, ask="about")
    assert {"arch": "x86_64", "qemu": ["7.2.22", "10.0.2", "11.1.3"]} in about["arches"]
    assert (about["profiles"], about["most-bytes"]) == (["guideline", "qemu"], MOST)
    machines = ask(page, ask="machines", arch="x86_64", qemu="10.0")["machines"]
    assert ["q35"] in [m["aliases"] for m in machines]
    types = {t["name"]: t for t in ask(page, ask="types", arch="x86_64", machine="q35")["types"]}
    assert (types["floppy"]["takes"], types["e1000"]["takes"], types["e1000"]["bus"]) == (False, True, "pcie.0")
    assert "QR410" in ask(page, ask="types", arch="x86_64", machine="q36")["error"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("{", "not JSON"),
        ("[]", "JSON object"),
        ("{}", "Nothing is asked"),
        ('{"ask": "shell"}', "Nothing is asked"),
        ('{"ask": "check", "text": 1}', "'text' is no member"),
        ('{"ask": "check", "text": "", "config": true}', "'config' is no member"),
        ('{"ask": "check", "text": "\\ud800"}', "whole characters"),
        (json.dumps({"ask": "check", "text": "x" * (MOST + 1)}), "at most 65,536 bytes"),
        (" " * (MOST_QUESTION + 1), "A question has at most"),
        (b"\xff", "not JSON"),
        ('{"ask": "check", "text": "", "a": ' + "[" * 100_000 + "]" * 100_000 + "}", "not JSON"),
    ],
)
def test_what_is_no_question_is_told(page: Page, question: str | bytes, told: str) -> None:
    answer = json.loads(page.ask(question))
    assert list(answer) == ["error"]
    assert told in answer["error"]


@pytest.mark.parametrize(
    "text", ["", "hello", "<html/>", "<domain>", "a: b", "qemu-system-x86_64 'x", "qemu-system-x86_64 -M q35\0-device\0e1000\0"]
)
def test_texts_that_are_no_config_are_answered(page: Page, text: str) -> None:
    answer = ask(page, ask="check", text=text)
    assert "error" not in answer
    assert all(f["level"] == "unreadable" for f in answer["findings"]) or "\0" in text


def test_texts_from_outside_show_as_escapes(page: Page) -> None:
    answer = page.ask(json.dumps({"ask": "check", "text": "qemu-system-x86_64 -M q35 -device $'e\\e[31m1000'"}))
    assert "\x1b" not in answer
    assert "\n" not in answer
    assert "1000" in json.loads(answer)["findings"][0]["message"]


def test_a_picture_has_its_bounds(page: Page) -> None:
    many = (
        "qemu-system-x86_64 -M q35"
        + " -device virtio-rng-pci" * 3
        + " -device usb-ehci,id=u"
        + " -device pci-bridge,chassis_nr=1,id=b"
    )
    assert ask(page, ask="check", text=many)["configs"][0]["dot"]
    huge = "qemu-system-s390x -M s390-ccw-virtio" + " -device virtio-rng-ccw" * 400
    config = ask(page, ask="check", text=huge)["configs"][0]
    assert (config["verdict"], config["dot"], config["topology"]) == ("accept", None, None)


def test_the_page_says_what_it_may_do() -> None:
    content, kind = files()[""]
    assert kind.startswith("text/html")
    assert f'content="{POLICY}"'.encode() in content
    assert b"{{" not in content
    for name, (text, _) in files().items():
        assert b"innerHTML" not in text, name
        assert b"://" not in text.replace(b"http://www.w3.org/", b""), name  # nothing comes from elsewhere
