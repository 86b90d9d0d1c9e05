"""Conversations with the real binaries, and with programs that only claim to be one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING

import pytest

from qrules.qemu.errors import BinaryNotFound, CommandFailed, Died, LibraryMissing, NotQemu, TimedOut
from qrules.qemu.process import version
from qrules.qemu.qmp import Session

if TYPE_CHECKING:
    from tests.qemu.conftest import Binary

EMPTY = ("-machine", "none")


def test_commands_and_their_answers(qemu: Binary) -> None:
    with Session(qemu.path, EMPTY) as session:
        number = session.execute("query-version")["qemu"]
        assert f"{number['major']}.{number['minor']}.{number['micro']}" == version(qemu.path)
        assert session.execute("qom-list-types", implements="bus", abstract=False)
        assert session.hmp("info status") == "VM status: paused (prelaunch)\n"


def test_a_refused_command_carries_its_reason(qemu: Binary) -> None:
    with Session(qemu.path, EMPTY) as session:
        with pytest.raises(CommandFailed, match="Device 'x' not found") as caught:
            session.execute("device_del", id="x")
        assert (caught.value.command, caught.value.kind) == ("device_del", "DeviceNotFound")
        with pytest.raises(CommandFailed) as caught:
            session.execute("no-such-command")
        assert caught.value.kind == "CommandNotFound"
        assert session.execute("query-status")["running"] is False


def test_a_machine_that_is_refused(qemu: Binary) -> None:
    with pytest.raises(Died) as caught, Session(qemu.path, [*EMPTY, "-device", "nothing-at-all"]):
        pass
    assert caught.value.status == 1
    assert caught.value.message == "'nothing-at-all' is not a valid device model name"
    assert "start it by hand" in str(caught.value)


def test_an_emulator_that_goes_away(qemu: Binary) -> None:
    with Session(qemu.path, EMPTY) as session:
        session.execute("quit")
        with pytest.raises(Died) as caught:
            session.execute("query-status")
        assert caught.value.status == 0


def test_programs_that_are_no_emulator(tmp_path: Path) -> None:
    with pytest.raises(BinaryNotFound), Session(str(tmp_path / "nothing"), EMPTY):
        pass
    with pytest.raises(NotQemu), Session("true", EMPTY):
        pass


def test_an_emulator_that_says_nothing(tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    began = time.monotonic()
    with pytest.raises(TimedOut) as caught, Session(str(silent), EMPTY, timeout=0.2):
        pass
    assert (caught.value.step, caught.value.seconds) == ("open its monitor", 0.2)
    assert time.monotonic() - began < 5


def test_an_exception_in_the_block_ends_the_emulator(qemu: Binary) -> None:
    session = Session(qemu.path, EMPTY)
    with pytest.raises(ZeroDivisionError), session:
        raise ZeroDivisionError
    assert session._emulator.wait(time.monotonic()) == -SIGKILL


def test_the_event_loop_is_private(qemu: Binary) -> None:
    ours = asyncio.new_event_loop()
    asyncio.set_event_loop(ours)
    try:
        with Session(qemu.path, EMPTY) as one, Session(qemu.path, EMPTY) as other:
            assert one.execute("query-name") == other.execute("query-name") == {}
        assert asyncio.get_event_loop() is ours
        assert not ours.is_closed()
    finally:
        asyncio.set_event_loop(None)
        ours.close()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "qemu.qmp", None)
    with pytest.raises(LibraryMissing, match=r"pip install 'qrules-qemu\[qemu\]'"), Session("true", EMPTY):
        pass


def test_the_library_is_imported_late_and_keeps_quiet(qemu: Binary) -> None:
    script = f"""
import sys
from qrules.qemu.qmp import Session
assert "qemu.qmp" not in sys.modules
try:
    with Session({qemu.path!r}, ["-machine", "no-such-machine"]): pass
except Exception as error:
    print(type(error).__name__)
"""
    run = subprocess.run([sys.executable, "-X", "dev", "-c", script], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("Died\n", "")
