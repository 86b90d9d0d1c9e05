"""What many tests need: the shipped rules compiled once, and qrules as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from qrules.knowledge.model import Knowledge
from qrules.plugging.board import Board
from qrules.rulesets.store import Store, open_store

pytest_plugins = ("tests.boards",)

Process: TypeAlias = "subprocess.CompletedProcess[str]"
Run: TypeAlias = Callable[..., Process]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write the golden files from what comes now")


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For tests that compile rule folders of their own: the user's cache keeps only the few forms that were used last."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--bless"))


@pytest.fixture(scope="session")
def store() -> Store:
    """The shipped rules."""
    return open_store()


@pytest.fixture(scope="session")
def knowledge(store: Store) -> Knowledge:
    """QEMU 10.0 for x86_64."""
    return store.knowledge(store.resolve("10.0", "x86_64"))


@pytest.fixture(scope="session")
def board(knowledge: Knowledge) -> Board:
    """The machines of QEMU 10.0 for x86_64."""
    return Board(knowledge)


@pytest.fixture(scope="session")
def qrules() -> Run:
    """Runs qrules as users do: a process of its own, in a pipe."""

    def run(*words: str, stdin: str | bytes = "", **environment: str) -> Process:
        command = [sys.executable, "-c", "from qrules.cli.main import run; run()", *words]
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            command, input=given, capture_output=True, env={**os.environ, **environment}, timeout=180, check=False
        )
        return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
