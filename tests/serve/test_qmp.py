"""The QMP server, asked by the client and by the shell of `qemu.qmp`, and by somebody who means no good."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.serve.conftest import started

QMPClient = pytest.importorskip("qemu.qmp", reason="the extra 'qemu' is not installed").QMPClient


@pytest.fixture(scope="module")
def served(short_folder: Path) -> Iterator[str]:
    path = str(short_folder / "s")
    with started("--qmp", path, "--", "qemu-system-x86_64", "-M", "q35", "-device", "e1000,id=n"):
        yield path
    assert not os.path.lexists(path)


def lines(path: str, *raw: bytes) -> list[Any]:
    """The answers to what is sent, the greeting first."""
    found = []
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(path)
        with client.makefile("rb") as answers:
            found.append(json.loads(answers.readline()))
            for one in raw:
                client.sendall(one)
                found.append(json.loads(answers.readline()))
    return found


def test_a_real_client(served: str) -> None:
    async def ask() -> Any:
        client = QMPClient("test")
        await client.connect(served)
        try:
            return [await client.execute(name) for name in ("query-target", "query-device-slots", "x-qrules-check")]
        finally:
            await client.disconnect()

    target, slots, verdict = asyncio.run(asyncio.wait_for(ask(), 60))
    assert target == {"arch": "x86_64"}
    assert any(slot.get("device") == {"type": "e1000", "id": "n"} for slot in slots)
    assert verdict["verdict"] == "accept"


def test_the_shell(served: str) -> None:
    shell = shutil.which("qmp-shell", path=os.path.dirname(sys.executable))
    assert shell is not None
    told = "device-list-properties typename=e1000\nquery-nothing\n"
    done = subprocess.run([shell, served], input=told, capture_output=True, text=True, timeout=60, check=False)
    assert '"name": "multifunction"' in done.stdout
    assert "The command query-nothing has not been found" in done.stdout


def test_a_session(served: str) -> None:
    greeting, early, *rest = lines(
        served,
        b'{"execute": "query-target", "id": [1]}\n',
        b'{"execute": "qmp_capabilities"}',
        b'{"execute": "qmp_capabilities"}\n',
        b"{'execute': 'query-target', 'id': 'x'}\n",
        b"what\n",
        b'{"exec": 1}\n',
        b'{"execute": 1}\n',
        b"[]\n",
        b'{"execute": "query-target", "arguments": {}}\n',
    )
    assert greeting["QMP"]["capabilities"] == []
    assert (early["id"], early["error"]["class"]) == ([1], "CommandNotFound")
    ready, twice, target, *wrong, last = rest
    assert ready == {"return": {}}
    assert "already complete" in twice["error"]["desc"]
    assert target == {"return": {"arch": "x86_64"}, "id": "x"}
    assert [one["error"]["desc"] for one in wrong[1:]] == [
        "QMP input member 'exec' is unexpected",
        "QMP input member 'execute' must be a string",
        "QMP input must be a JSON object",
    ]
    assert "JSON parse error" in wrong[0]["error"]["desc"]
    assert last == {"return": {"arch": "x86_64"}}


def test_one_client_takes_nothing_from_another(served: str) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(served)
        silent.sendall(b'{"execute": "')
        assert lines(served, b'{"execute": "qmp_capabilities"}\n')[1] == {"return": {}}
    with socket.socket(socket.AF_UNIX) as endless:
        endless.settimeout(20)
        endless.connect(served)
        with contextlib.suppress(OSError):  # whose end of the pipe is closed
            for _ in range(200):
                endless.sendall(b"[" * 65_536)
            pytest.fail("all of it was taken")
    assert lines(served, b'{"execute": "qmp_capabilities"}\n')[1] == {"return": {}}


def test_the_socket_is_ours_alone(served: str) -> None:
    assert stat.S_IMODE(os.stat(served).st_mode) == 0o600


def test_nothing_else_is_replaced(short_folder: Path, qrules: Run) -> None:
    taken = short_folder / "f"
    taken.write_text("mine")
    done = qrules("serve", "--qmp", str(taken))
    assert (done.returncode, taken.read_text()) == (2, "mine")
    assert "QR482" in done.stderr


def test_a_socket_that_was_left_is_replaced(short_folder: Path) -> None:
    path = str(short_folder / "left")
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(path)
    with started("--qmp", path):
        assert "QMP" in lines(path)[0]
