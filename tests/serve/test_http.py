"""The HTTP server: the answers of the verbs, and bounds for those who send too much or come too many at once."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import qrules
from tests.conftest import Run
from tests.serve.conftest import free_port, started

pytest.importorskip("uvicorn", reason="the extra 'http' is not installed")
pytest.importorskip("starlette", reason="the extra 'http' is not installed")

Q35 = ["-M", "q35"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = free_port()
    with started("--http", str(port), "--max-bytes", "100000", "--max-waiting", "4"):
        url = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(url + "/health", timeout=20).read()
                break
            except urllib.error.URLError:
                threading.Event().wait(0.1)
        yield url


def ask(url: str, body: object = None, raw: bytes | None = None) -> tuple[int, Any]:
    """Status and answer."""
    data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data), timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_check_is_a_line_of_the_stream(server: str, qrules: Run) -> None:
    line = json.dumps({"id": 7, "argv": [*Q35, "-device", "floppy"]})
    status, answer = ask(server + "/check", raw=line.encode())
    assert (status, answer) == (200, json.loads(qrules("check", "--jsonl", "-", stdin=line + "\n").stdout))


def test_a_domain_is_checked(server: str) -> None:
    status, answer = ask(server + "/check", {"libvirt-xml": "<domain"})
    assert (status, answer["verdict"]) == (200, "unreadable")


def test_the_other_questions(server: str) -> None:
    assert ask(server + "/why", {"argv": Q35, "device": {"driver": "floppy"}})[1]["verdict"] == "reject"
    assert ask(server + "/place", {"argv": [*Q35, "-device", "e1000e"]})[1]["verdict"] == "placed"
    assert ask(server + "/explain", {"message": "Bus 'pcie.0' not found"})[1]["messages"]
    assert ask(server + "/machines")[1]["return"] == qrules.query_machines()
    assert ask(server + "/slots", {"argv": Q35})[1]["return"]
    assert ask(server + "/schema/check")[1] == qrules.schema("check")
    assert ask(server + "/health")[1]["status"] == "ok"
    assert "POST /check" in ask(server + "/")[1]["questions"]


@pytest.mark.parametrize(
    ("path", "raw", "status", "said"),
    [
        ("/why", b"no", 400, "This is not JSON"),
        ("/why", b"[]", 400, "not an object"),
        ("/why", b"\xff", 400, "This is not JSON"),
        ("/place", b"{}", 400, '"argv" is no list of texts'),
        ("/explain", b"{}", 400, "The message is no text"),
        ("/check", b"{" + b" " * 100_000, 413, "at most 100,000 bytes"),
        ("/nothing", b"{}", 404, "GET / lists them"),
        ("/machines", b"{}", 405, "GET / lists the ways"),
        ("/schema/nothing", None, 404, "nothing"),
    ],
)
def test_what_is_refused(server: str, path: str, raw: bytes | None, status: int, said: str) -> None:
    found, answer = ask(server + path, raw=raw)
    assert (found, said in answer["error"]) == (status, True), answer


def test_what_is_no_question_is_a_verdict(server: str) -> None:
    status, answer = ask(server + "/check", raw=b"[]")
    assert (status, answer["verdict"]) == (200, "unreadable")


def test_who_comes_while_too_many_wait_is_sent_away(server: str) -> None:
    found: Counter[int] = Counter()
    lock = threading.Lock()

    def one() -> None:
        status, _ = ask(server + "/machines")
        with lock:
            found[status] += 1

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {200, 503}
    assert found[200] >= 4
    assert ask(server + "/health")[1]["waiting"] == 0
