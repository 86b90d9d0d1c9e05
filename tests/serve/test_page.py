"""`qrules open`: the page on the loopback interface, below a path that nobody can guess."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra http is not installed")

TEXT = "qemu-system-x86_64 -M q35 -device floppy\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """The port and the path of a page that shows a file."""
    file = tmp_path_factory.mktemp("open") / "vm.sh"
    file.write_text(TEXT)
    command = [sys.executable, "-m", "qrules", "open", "--no-browser", "--qemu", "10.0", str(file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            told = running.stderr.readline()
            found = re.search(r"shows \S+vm\.sh at http://127\.0\.0\.1:(\d+)(/[\w-]{22}/); Ctrl\+C", told)
            assert found, told
            yield int(found[1]), found[2]
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) in (0, -signal.SIGTERM)


def asked(port: int, path: str, body: bytes | None = None, host: str = "127.0.0.1") -> tuple[http.client.HTTPResponse, bytes]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET" if body is None else "POST", path, body, {"Host": f"{host}:{port}"})
        with connection.getresponse() as answer:
            return answer, answer.read()


def test_the_page_and_what_it_begins_with(address: tuple[int, str]) -> None:
    port, path = address
    answer, content = asked(port, path)
    assert (answer.status, b"page.js" in content) == (200, True)
    policy = answer.getheader("content-security-policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    begun = json.loads(asked(port, f"{path}begin.json")[1])
    assert (begun["text"], begun["engine"], begun["qemu"]) == (TEXT, "here", "10.0.2")
    for name in re.findall(rb'(?:href|src)="([\w.-]+)"', content):
        assert asked(port, path + name.decode())[0].status == 200


def test_questions_are_answered(address: tuple[int, str]) -> None:
    port, path = address
    answer, content = asked(port, f"{path}ask", json.dumps({"ask": "check", "text": TEXT}).encode())
    assert answer.status == 200
    assert json.loads(content)["configs"][0]["verdict"] == "reject"
    assert asked(port, f"{path}ask", b"x" * 600_000)[0].status == 413
    assert "error" in json.loads(asked(port, f"{path}ask", b"\xff")[1])


def test_who_does_not_know_the_path_gets_nothing(address: tuple[int, str]) -> None:
    port, path = address
    for other in ("/", "/begin.json", "/ask", f"/{'x' * 22}/", f"{path}../", f"{path}__init__.py", f"{path}nothing.js"):
        assert asked(port, other)[0].status == 404, other
    assert asked(port, path, host="rebound.example")[0].status == 400  # a name that somebody points at this machine


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nothing-there.sh"], "QR432"),
        (["--port", "70000"], "QR483"),
        (["--qemu", "3.1"], "QR421"),
        (["vm.sh", "--", "qemu-system-x86_64"], "QR430"),
    ],
)
def test_what_cannot_be_shown_is_told(words: list[str], code: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qrules", "open", "--no-browser", *words],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, code in done.stderr) == (2, True), done.stderr


def test_a_port_in_use_and_a_config_that_is_too_long(tmp_path: Path, address: tuple[int, str]) -> None:
    port, _ = address
    long = tmp_path / "long.sh"
    long.write_text("qemu-system-x86_64 " + "-device e1000 " * 6_000)
    for words, code in ((["--port", str(port)], "QR483"), ([str(long)], "QR433")):
        command = [sys.executable, "-m", "qrules", "open", "--no-browser", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, code in done.stderr) == (2, True), done.stderr
