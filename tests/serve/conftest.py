"""Servers as users start them: processes of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qrules.rulesets.store import Store
from qrules.serve.commands import Commands
from qrules.serve.questions import Questions, Rules


@contextlib.contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that has said that it answers; ended as a service manager ends it."""
    command = [sys.executable, "-m", "qrules", "serve", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ}) as running:
        try:
            assert running.stderr is not None
            assert b" answers " in running.stderr.readline()
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(20)


@pytest.fixture(scope="module")
def short_folder() -> Iterator[Path]:
    """A folder whose name is short enough for a Unix socket in it."""
    with tempfile.TemporaryDirectory(prefix="q") as folder:
        yield Path(folder)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def questions(store: Store) -> Questions:
    """The shipped rules, about the newest version."""
    return Questions(Rules(store))


@pytest.fixture(scope="session")
def commands(questions: Questions) -> Commands:
    """Commands of a server without a config of its own."""
    return Commands(questions)
