"""Machines that the catalogue does not have: a vendor's, a newer release's, another version's, another architecture's, nobody's."""

from __future__ import annotations

import pytest

from qrules.configs.argv import read
from qrules.explain.verdicts import Verdict, judge
from qrules.plugging.board import Board
from qrules.rulesets.store import open_store


def judged(version: str, *words: str, arch: str = "x86_64") -> Verdict:
    store = open_store()
    board = Board(store.knowledge(store.resolve(version, arch)))
    return judge(board, read([f"qemu-system-{arch}", *words], board.knowledge))


@pytest.mark.parametrize("name", ["pc-q35-noble", "pc-q35-rhel9.4.0", "pc-q35-8.2+pve0"])
def test_a_vendors_machine_is_judged_as_what_it_stands_for_and_that_is_said(name: str) -> None:
    own = judged("10.0", "-M", name, "-device", "floppy", "-device", "e1000")
    upstream = judged("10.0", "-M", "pc-q35-8.2", "-device", "floppy", "-device", "e1000")
    assert (own.verdict, own.placements, own.machine) == (upstream.verdict, upstream.placements, "pc-q35-8.2")
    (remark,) = own.remarks
    assert remark.message.startswith(f"{name} is ")
    assert "pc-q35-8.2" in remark.message
    assert (remark.severity, bool(remark.see)) == ("note", True)
    assert remark.span is not None
    assert upstream.remarks == ()


def test_a_vendors_option_is_passed_over_and_that_is_said() -> None:
    answer = judged("10.0", "-id", "100", "-M", "pc-i440fx-9.2+pve1", "-nodefaults")
    assert (answer.verdict, len(answer.remarks)) == ("accept", 2)
    assert "-id" in answer.remarks[1].message


@pytest.mark.parametrize(
    ("version", "arch", "name", "verdict", "advice"),
    [
        ("10.0", "x86_64", "pc-q35-99.1", "unknown", "--binary PATH"),
        ("10.0", "x86_64", "pc-q35-rhel99.0.0", "unknown", "--binary PATH"),
        ("10.0", "x86_64", "pc-q35-99.1+pve0", "unknown", "'pc-q35-10.0'"),
        ("10.0", "aarch64", "virt-99.0", "unknown", "'virt-10.0'"),
        ("7.2", "x86_64", "pc-q35-9.0", "reject", "QEMU 10.0.2"),
        ("7.2", "x86_64", "pc-q35-noble", "reject", "QEMU 10.0.2"),
        ("10.0", "x86_64", "pc-i440fx-1.7", "reject", "QEMU 7.2.22"),
        ("10.0", "x86_64", "pc-1.0", "reject", "'pc'"),
        ("10.0", "x86_64", "pc-q35-9.9", "reject", "did you mean"),
        ("10.0", "x86_64", "q53", "reject", "'q35'"),
        ("10.0", "x86_64", "virt", "reject", "aarch64"),
        ("10.0", "aarch64", "q35", "reject", "x86_64"),
    ],
)
def test_what_nobody_has_here(version: str, arch: str, name: str, verdict: str, advice: str) -> None:
    answer = judged(version, "-M", name, arch=arch)
    assert answer.verdict == verdict
    assert advice in answer.reasons[0].instead
    assert bool(answer.reasons[0].emulator_message) is (verdict == "reject")
