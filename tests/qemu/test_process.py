"""Starting emulators: first the words alone, then stand-in programs, then the real binaries."""

from __future__ import annotations

import time
from pathlib import Path
from signal import SIGABRT, SIGKILL
from typing import TYPE_CHECKING

import pytest

from qrules.qemu.errors import BinaryNotFound, NotExecutable, NotQemu, TimedOut
from qrules.qemu.process import Emulator, Outcome, attempt, contained, first_error, version
from qrules.qemu.program import resolve

if TYPE_CHECKING:
    from tests.qemu.conftest import Binary


def program(folder: Path, text: str, mode: int = 0o755) -> str:
    """A stand-in for a binary: a shell script."""
    path = folder / "emulator"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(mode)
    return str(path)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("line", "blamed", "message"),
    [
        ("qemu-system-x86_64: -device a,b=1: no room", ("-device", "a,b=1"), "no room"),
        ('qemu-system-arm: -device {"driver": "a"}: no room', ("-device", '{"driver": "a"}'), "no room"),
        ("qemu-system-x86_64: -zoo: invalid option", ("-zoo",), "invalid option"),
        ("qemu-system-x86_64: no such machine: q", (), "no such machine: q"),
        ("/usr/bin/qemu-system-x86_64: -device a,b=1: no room", ("-device", "a,b=1"), "no room"),
        ("qemu-system-x86_64: -device a,b=1: Warning: speed mismatch", ("-device", "a,b=1"), "Warning: speed mismatch"),
        ("qemu-system-x86_64: -device other: no room", (), "-device other: no room"),
        ("something else", (), "something else"),
    ],
)
def test_the_first_error_without_its_prefixes(line: str, blamed: tuple[str, ...], message: str) -> None:
    argv = ["-device", "a", "-device", "a,b=1", "-device", '{"driver": "a"}', "-zoo"]
    assert first_error([line], argv) == (blamed, message)


@pytest.mark.parametrize(
    "remark",
    [
        "qemu-system-x86_64: warning: netdev n has no peer",
        "qemu-system-x86_64: -netdev user: warning: netdev n has no peer",
        "qemu-system-x86_64: -qmp unix:/s: info: QEMU waiting for connection",
        "qemu-system-x86_64: -device help: failed to open module: libx.so.1: cannot open shared object file",
        "ALSA lib confmisc.c:855:(parse_card) cannot find card '0'",
        "audio: Could not init `alsa' audio driver",
        "(process:17): GLib-WARNING **: 12:00:00: oops",
        "**",
    ],
)
def test_remarks_are_not_the_error(remark: str) -> None:
    argv = ["-netdev", "user"]
    assert first_error([remark, "qemu-system-x86_64: no room"], argv) == ((), "no room")
    assert first_error([remark], argv) == ((), "")


@pytest.mark.parametrize(
    ("argv", "kept"),
    [
        (["-machine", "m", "-accel", "kvm", "-m", "1G"], ["-machine", "m", "-m", "1G"]),
        (["-machine", "m,accel=kvm:tcg,usb=on", "-enable-kvm"], ["-machine", "m,usb=on"]),
        (["-M", "accel=kvm", "-daemonize", "-display", "gtk"], []),
        (["--enable-kvm", "-device", "d"], ["-device", "d"]),
        (["-name", "a b", "disk.img"], ["-name", "a b", "disk.img"]),
    ],
)
def test_words_that_contradict_the_containment_are_left_out(argv: list[str], kept: list[str]) -> None:
    assert contained(argv) == kept


# ---------------------------------------------------------------- programs that are not QEMU


def test_no_such_binary(tmp_path: Path) -> None:
    for name in ("no-such-emulator", str(tmp_path / "nothing")):
        with pytest.raises(BinaryNotFound, match=r"There is no program .*nothing|no-such-emulator") as caught:
            attempt(name, [])
        assert caught.value.binary == name


def test_not_executable(tmp_path: Path) -> None:
    for path in (program(tmp_path, "", mode=0o644), str(tmp_path)):
        with pytest.raises(NotExecutable):
            resolve(path)
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF, but no more")
    broken.chmod(0o755)
    for use in (version, lambda path: attempt(path, [])):
        with pytest.raises(NotExecutable, match="can't be run"):
            use(str(broken))


@pytest.mark.parametrize("text", ["exit 0", "exit 3", "echo hello", "echo hello; echo hello >&2; exit 1"])
def test_a_program_that_is_not_qemu(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotQemu) as caught:
        attempt(program(tmp_path, text), [])
    assert caught.value.output == ("hello" if "hello" in text else "")


def test_a_start_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    binary = program(tmp_path, f"sleep 60 & echo $! >{tmp_path}/child; echo 'qemu: thinking' >&2; wait")
    began = time.monotonic()
    outcome = attempt(binary, [], timeout=0.3)
    assert time.monotonic() - began < 5
    assert outcome == Outcome(False, "thinking", None, False, True, (), ("qemu: thinking",))
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not running(child):
            return
        time.sleep(0.02)
    pytest.fail("the child still runs")


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_version_that_does_not_come(tmp_path: Path) -> None:
    with pytest.raises(TimedOut, match=r"did not tell its version within 0.2 s") as caught:
        version(program(tmp_path, "exec sleep 60"), timeout=0.2)
    assert (caught.value.step, caught.value.seconds) == ("tell its version", 0.2)


def test_a_crash(tmp_path: Path) -> None:
    binary = program(tmp_path, "echo 'qemu-system-toy: toy.c:7: Assertion failed.' >&2; kill -ABRT $$")
    assert attempt(binary, []) == Outcome(
        False, "toy.c:7: Assertion failed.", -SIGABRT, True, False, (), ("qemu-system-toy: toy.c:7: Assertion failed.",)
    )


def test_nothing_is_left_open(tmp_path: Path) -> None:
    binary = program(tmp_path, "echo 'qemu: no' >&2; exit 1")
    attempt(binary, [])
    before = open_files()
    for _ in range(5):
        attempt(binary, [])
    assert open_files() == before


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


# ---------------------------------------------------------------- the real ones


def test_the_version_of_a_real_binary(qemu: Binary) -> None:
    assert version(qemu.path).startswith(qemu.series + ".")


def test_a_machine_that_starts(qemu: Binary) -> None:
    outcome = attempt(qemu.path, ["-machine", "q35", "-netdev", "user,id=n"])
    assert outcome.accepted
    assert outcome[1:6] == ("", 0, False, False, ())
    assert [line for line in outcome.lines if "-mon " not in line] == ["qemu-system-x86_64: warning: netdev n has no peer"]


def test_a_device_that_does_not_fit(qemu: Binary) -> None:
    outcome = attempt(qemu.path, ["-machine", "q35", "-device", "qemu-xhci", "-device", "e1000,addr=20"])
    assert outcome[:6] == (
        False,
        "Property 'e1000.addr' doesn't take value '20'",
        1,
        False,
        False,
        ("-device", "e1000,addr=20"),
    )


def test_the_reason_may_begin_with_warning(qemu: Binary) -> None:
    argv = ["-machine", "pc", "-device", "usb-ehci", "-device", "usb-hub"]
    outcome = attempt(qemu.path, argv)
    assert not outcome.accepted
    assert outcome.message.startswith("Warning: speed mismatch trying to attach usb device")


def test_an_answer_instead_of_a_machine_is_no_acceptance(qemu: Binary) -> None:
    assert attempt(qemu.path, ["-device", "help"])[:4] == (False, "", 0, False)


def test_a_configuration_for_the_hosts_accelerator_starts_all_the_same(qemu: Binary) -> None:
    assert attempt(qemu.path, ["-machine", "q35,accel=kvm", "-enable-kvm", "-display", "gtk", "-daemonize"]).accepted


def test_an_emulator_ends_with_its_block(qemu: Binary) -> None:
    with Emulator(qemu.path, ["-machine", "none"]) as emulator:
        assert emulator.wait(time.monotonic() + 0.05) is None
    assert emulator.wait(time.monotonic()) == -SIGKILL
