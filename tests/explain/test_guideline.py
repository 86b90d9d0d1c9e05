"""The guideline warns of what its documents speak against, and of nothing else."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from qrules.configs.argv import devices, read
from qrules.explain.reasons import Reason, reason
from qrules.explain.verdicts import Verdict, judge, judge_outcome
from qrules.plugging.board import Board
from qrules.rulesets.store import Store

TRUTH = Path(os.environ.get("QRULES_TRUTH", "/nonexistent"))
FITTING = (
    "-M q35 -nodefaults -device pcie-root-port,id=rp1,chassis=1,addr=1,multifunction=on -device virtio-net-pci,bus=rp1 "
    "-device pcie-root-port,id=rp2,chassis=2,addr=1.1 -device qemu-xhci,bus=rp2 -device pcie-root-port,id=rp3,chassis=3,addr=1.2 "
    "-device VGA,addr=2 -device ich9-intel-hda,addr=1b",
    "-M pc -nodefaults -device piix3-usb-uhci,addr=1.2 -device virtio-balloon-pci,addr=2 -device pci-bridge,chassis_nr=1,id=b "
    "-device e1000,bus=b,addr=1",
    "-M q35 -nodefaults -device pcie-pci-bridge,id=b -device pci-bridge,id=c,chassis_nr=1,bus=b,addr=1 -device e1000,bus=c,addr=1",
    "-M q35 -nodefaults -device pxb-pcie,id=p,bus_nr=64 -device pcie-root-port,id=rp,bus=p,chassis=1 -device igb,bus=rp",
)


def asked(board: Board, words: str, *profiles: str) -> Verdict:
    return judge(board, read(shlex.split(words), board.knowledge), profiles)


@pytest.mark.parametrize("words", FITTING)
def test_no_false_alarm(board: Board, words: str) -> None:
    answer = asked(board, words)
    assert [(r.rule, r.message) for r in answer.reasons] == []
    assert answer.verdict == "accept"


@pytest.mark.parametrize(("arch", "machine"), [("ppc64", "pseries"), ("s390x", "s390-ccw-virtio")])
def test_root_buses_that_show_all_of_a_device(store: Store, arch: str, machine: str) -> None:
    other = Board(store.knowledge(store.resolve("10.0", arch)))
    assert asked(other, f"-M {machine} -nodefaults -device nvme,serial=a -device e1000e").reasons == ()


def test_each_profile_answers_its_own_question(board: Board) -> None:
    words = "-M q35 -device pcie-root-port,id=rp,chassis=1 -device e1000,bus=rp"
    assert [asked(board, words, *p).verdict for p in ((), ("qemu",), ("guideline",), ("qemu", "guideline"))] == [
        "warn", "accept", "warn", "warn",
    ]  # fmt: skip
    (reason,) = asked(board, words).reasons
    assert (reason.profile, reason.severity, reason.devices) == ("guideline", "warn", (1,))
    assert [str(s) for s in reason.see] == ["qemu:docs/pcie.txt 2.2"]


def test_the_worst_verdict_counts(board: Board) -> None:
    words = "-M q35 -device pcie-root-port,id=rp,chassis=1 -device e1000,bus=rp -device floppy"
    assert [asked(board, words, *p).verdict for p in ((), ("qemu",), ("guideline",))] == ["reject", "reject", "warn"]


def test_numbers_that_end(board: Board) -> None:
    words = "-M q35 -device pxb-pcie,id=p,bus_nr=255,bus=pcie.0 -device pcie-root-port,bus=p,chassis=1"
    assert [r.rule for r in asked(board, words).reasons] == ["buses-behind-last-expander-fit"]
    ports = " ".join(f"-device pci-bridge,id=b{n},chassis_nr={n + 1}" for n in range(10))
    assert [r.rule for r in asked(board, "-M pc " + ports).reasons] == ["bridges-run-out-of-io"]


def cases() -> list[Any]:
    file = TRUTH / "scenarios-dev.json"
    found = json.loads(file.read_text(encoding="utf-8"))["warn_cases"] if file.exists() else []
    return [pytest.param(case, id=case["why"]) for case in found if case["arch"] == "x86_64"]


@pytest.mark.skipif(not TRUTH.exists(), reason="QRULES_TRUTH names no folder of labelled data")
@pytest.mark.parametrize("case", cases())
def test_labelled_cases(case: dict[str, Any], board: Board) -> None:
    assert told(board, case, "qemu") == []
    reasons = told(board, case, "guideline")
    assert {r.severity for r in reasons} == {"warn"}
    assert all(r.see for r in reasons)


@pytest.mark.skipif(not TRUTH.exists(), reason="QRULES_TRUTH names no folder of labelled data")
def test_there_are_labelled_cases() -> None:
    assert len(cases()) >= 5, f"{TRUTH} has too few labelled cases"


def told(board: Board, case: dict[str, Any], profile: str) -> list[Reason]:
    """The reasons of a start and of what is plugged after it."""
    request = read(case["argv"], board.knowledge)
    answer, outcome = judge_outcome(board, request, (profile,))
    assert outcome is not None
    found = list(answer.reasons)
    for number, command in enumerate(case["hmp"], len(request.devices)):
        (device,) = devices([command.removeprefix("device_add ")])
        _, refusals = board.hotplug(outcome.state, number, device)
        found += [r for r in (reason(board.knowledge, f) for f in refusals) if r.profile == profile]
    return found


def test_a_machine_on_its_way_out_is_advised_against(board: Board) -> None:
    verdict = judge(board, read(["-M", "pc-q35-7.0"], board.knowledge))
    assert [r.rule for r in verdict.reasons] == ["machine-on-its-way-out"]
    assert "QEMU 13.0" in verdict.reasons[0].message
    assert judge(board, read(["-M", "q35"], board.knowledge)).reasons == ()
    assert judge(board, read(["-M", "pc-q35-7.0"], board.knowledge), ("qemu",)).verdict == "accept"
