"""The real binaries that tests ask.

QRULES_QEMU_7_2, QRULES_QEMU_10_0 and QRULES_QEMU_11_1 name them; otherwise they are looked for where `scripts/get-qemu /opt/qemu-10.0`
puts them, and on PATH. Tests without their binary are skipped, or fail where QRULES_REQUIRE_QEMU=1 demands it.
"""

from __future__ import annotations

import os
from typing import NamedTuple, NoReturn

import pytest

from qrules.qemu.errors import QemuError
from qrules.qemu.process import version

SERIES = ("7.2", "10.0", "11.1")
USUAL_PLACES = (
    "/opt/qemu-10.0/bin/qemu-system-x86_64",
    "/opt/qemu-10.0/bin-7.2/qemu-system-x86_64",
    "/opt/qemu-10.0/bin-11.1/qemu-system-x86_64",
    "qemu-system-x86_64",
)


class Binary(NamedTuple):
    """A real emulator binary and the series of its version."""

    path: str
    series: str


def missing(reason: str) -> NoReturn:
    if os.environ.get("QRULES_REQUIRE_QEMU") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def reports(path: str, series: str) -> bool:
    try:
        return version(path).startswith(series + ".")
    except QemuError:
        return False


def find(series: str) -> Binary:
    variable = "QRULES_QEMU_" + series.replace(".", "_")
    named = os.environ.get(variable)
    for path in (named,) if named else USUAL_PLACES:
        if reports(path, series):
            return Binary(path, series)
    missing(f"no QEMU {series}: set {variable}, or run scripts/get-qemu /opt/qemu-10.0")


@pytest.fixture(scope="session", params=SERIES)
def qemu(request: pytest.FixtureRequest) -> Binary:
    """Each test that takes it runs once with each version."""
    return find(request.param)
