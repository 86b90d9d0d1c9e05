"""Our answer beside libvirt's, and what differs, by kind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tests.conformance.libvirt.oracle import Told

ACCEPTED = ("accept", "warn")
_VARIABLE = re.compile(r"'[^']*'|\b0x[0-9a-f]+\b|\b[0-9a-f]*\d[0-9a-f.:]*\b", re.IGNORECASE)


class Ours(NamedTuple):
    """What the rules say: the verdict, the stages that refuse with the words for each, what stands where."""

    verdict: str
    refusals: tuple[tuple[str, str], ...]  # stage and libvirt's (or QEMU's) words, in order
    machine: str
    addresses: dict[str, str | None]
    after: Mapping[str, str | None] = {}


class Difference(NamedTuple):
    """One thing that differs: `kind` is one of verdict, unknown, stage, words, machine, missing, extra, address, after."""

    test: str
    kind: str
    theirs: str
    ours: str

    def __str__(self) -> str:
        return f"{self.test} | {self.kind} | {self.theirs} | {self.ours}"


class Compared(NamedTuple):
    """A domain as it was compared. `devices` is how many devices stand in what libvirt stores, `right` how many we have so, too."""

    test: str
    verdict: bool
    stage: bool
    words: bool
    devices: int
    right: int
    differences: tuple[Difference, ...]

    @property
    def placed(self) -> bool:
        """Whether all devices stand where libvirt has them, and no others."""
        return self.devices == self.right and not any(d.kind in ("extra", "machine") for d in self.differences)


def compare(theirs: Told, ours: Ours) -> Compared:
    """Compares two answers to one question."""
    test, found = theirs.question.id, []
    verdict = (ours.verdict in ACCEPTED) == (theirs.verdict == "accept") and ours.verdict != "unknown"
    said = "; ".join(f"{stage}: {words}" for stage, words in ours.refusals) or ours.verdict
    if not verdict:
        kind = "unknown" if ours.verdict == "unknown" else "verdict"
        found.append(Difference(test, kind, f"{theirs.stage}: {theirs.message}" if theirs.stage else "ok", said))
    stage = verdict and (not theirs.stage or (ours.refusals[:1] and ours.refusals[0][0] == theirs.stage))
    words = not theirs.stage or any(alike(theirs.message, told) for told_at, told in ours.refusals if told_at == theirs.stage)
    if verdict and not stage:
        found.append(Difference(test, "stage", f"{theirs.stage}: {theirs.message}", said))
    elif verdict and not words:
        found.append(Difference(test, "words", theirs.message, said))
    right = 0
    if theirs.addresses:
        if theirs.machine and theirs.machine != ours.machine:
            found.append(Difference(test, "machine", theirs.machine, ours.machine))
        right = _places(found, test, theirs.addresses, ours.addresses, "address")
        if theirs.stage in ("", "running"):
            plugged = {name: at for name, at in theirs.after.items() if theirs.addresses.get(name) is None}
            _places(found, test, plugged, ours.after, "after")
    return Compared(test, verdict, bool(stage), words, len(theirs.addresses), right, tuple(found))


def _places(
    found: list[Difference], test: str, theirs: Mapping[str, str | None], ours: Mapping[str, str | None], kind: str
) -> int:
    right = 0
    for name, address in theirs.items():
        if name not in ours:
            found.append(Difference(test, "missing" if kind == "address" else kind, f"{name} at {address}", "-"))
        elif _plain(ours[name]) != _plain(address):
            found.append(Difference(test, kind, f"{name} at {address}", str(ours[name])))
        else:
            right += 1
    for name in ours.keys() - theirs.keys():
        found.append(Difference(test, "extra" if kind == "address" else kind, "-", f"{name} at {ours[name]}"))
    return right


def _plain(address: str | None) -> str | None:
    """An address whose numbers have no more digits than they need: an author's own stay as they are."""
    return address and re.sub(r"\b0x0*(?=[0-9a-f])|(?<=[.])0x", "", address)


def alike(one: str, other: str) -> bool:
    """Whether two messages are one, names and numbers aside; libvirt puts words of its own before the emulator's."""
    return bare(one) == bare(other) or (bool(other) and one.endswith(other))


def bare(message: str) -> str:
    """A message without the names and numbers of its occasion, and without the class of error that libvirt puts before it."""
    plain = re.sub(
        r"^(XML error|unsupported configuration|internal error|Requested operation is not valid|invalid argument): ", "", message
    )
    return " ".join(_VARIABLE.sub("#", plain).split())


def wilson(right: int, of: int) -> str:
    """A share with its 95% interval, as text."""
    if not of:
        return "0 of 0"
    z, p = 1.959964, right / of
    middle, spread = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * spread) / (1 + z * z / of) for sign in (-1, 1))
    return f"{right} of {of} ({100 * p:.1f}%, {100 * low:.1f} to {100 * high:.1f})"


def summary(compared: Iterable[Compared]) -> list[str]:
    """The counts of a run, a line each."""
    all_ = list(compared)
    placed = [c for c in all_ if c.devices]
    refused = [c for c in all_ if not c.verdict or not c.stage or not c.words]
    return [
        f"verdict   {wilson(sum(c.verdict for c in all_), len(all_))}",
        f"stage     {wilson(sum(c.stage for c in all_), len(all_))}",
        f"words     {wilson(sum(c.words for c in all_), len(all_))}",
        f"devices   {wilson(sum(c.right for c in placed), sum(c.devices for c in placed))}",
        f"domains   {wilson(sum(c.placed for c in placed), len(placed))}",
        f"not right {len(refused)} of {len(all_)} in verdict, stage or words",
    ]
