"""Command lines made of domains beside those that libvirt writes: the same devices in the same places, and they start."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from qrules.configs import pasted
from tests.conformance.libvirt.comparing import Compared, Difference
from tests.conformance.libvirt.corpus import Case

_PLACES = (
    *("bus", "addr", "multifunction", "port", "unit", "channel", "scsi-id", "lun", "devno", "reg", "nr", "cad", "index"),
    *("chassis", "chassis_nr", "bus_nr", "uid", "fid", "slot", "node", "masterbus", "firstport"),
)


def devices(words: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """The devices of a command line with their places, in order."""
    found = []
    for option, argument in pairwise(words):
        if option == "-device":
            members = _members(argument)
            found.append((("driver", str(members["driver"])), *((k, str(members[k])) for k in _PLACES if k in members)))
    return found


def _members(argument: str) -> dict[str, Any]:
    if argument.startswith("{"):
        members: dict[str, Any] = json.loads(argument)
        return members
    driver, *rest = argument.split(",")
    return {"driver": driver} | dict(part.partition("=")[::2] for part in rest)


def compare_words(case: Case, ours: Sequence[str]) -> Compared:
    """Compares the command line that libvirt writes of a test with ours."""
    theirs = devices(pasted.pasted(case.args, case.name).commands[0].argv)
    wanted, made = Counter(theirs), Counter(devices(ours))
    missing, extra = list((wanted - made).elements()), list((made - wanted).elements())
    differences = [*_told(case.name, "argv-missing", missing, ""), *_told(case.name, "argv-extra", (), "", extra)]
    right = len(theirs) - len(missing)
    return Compared(case.name, not differences, True, True, len(theirs), right, tuple(differences))


def _told(
    test: str,
    kind: str,
    theirs: Iterable[tuple[tuple[str, str], ...]],
    blank: str,
    ours: Iterable[tuple[tuple[str, str], ...]] = (),
) -> Iterable[Difference]:
    for one in theirs:
        yield Difference(test, kind, " ".join("=".join(pair) for pair in one), blank)
    for one in ours:
        yield Difference(test, kind, blank, " ".join("=".join(pair) for pair in one))
