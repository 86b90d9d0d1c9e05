"""What `diff` says of two versions, held against what both binaries say of themselves.

QRULES_FULL=1 asks all architectures that have both, and the properties of all types; otherwise a sample. Run with ``-s`` to see the counts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from qrules.explain.releases import Releases, releases
from qrules.qemu.harvest import EMPTY_MACHINE, listing
from qrules.qemu.printed import printed
from qrules.qemu.qmp import Session
from qrules.rulesets.store import Store
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.qemu.conftest import find

pytestmark = pytest.mark.qemu

SEED = 20261203
OLD, NEW = "10.0", "11.1"
ARCHES = ("x86_64", "aarch64", "s390x", "ppc64", "riscv64", *(("i386", "arm", "ppc", "riscv32") if full else ()))
SAMPLE = 25
_TYPE = re.compile(r'^name "([^"]+)"', re.MULTILINE)


class Said(NamedTuple):
    """What a binary says: its types, its machines by name, and the properties of types that both sides have, with defaults."""

    types: set[str]
    machines: dict[str, Mapping[str, Any]]
    properties: dict[str, dict[str, Any]]


def said(binary: str, wanted: list[str]) -> Said:
    with Session(binary, EMPTY_MACHINE, 60) as session:
        machines = {each["name"]: each for each in session.execute("query-machines")}
        listed = {name: listing(session.execute, name) for name in wanted}
    properties = {name: dict(settable(told)) for name, told in listed.items()}
    return Said(types(binary), machines, properties)


def settable(told: list[Mapping[str, Any]]) -> Iterator[tuple[str, object]]:
    """The properties that somebody can write, with their defaults: no parts of a device, no pins, no twins for people's eyes."""
    names = {each["name"] for each in told}
    for each in told:
        twin = each["name"].startswith("legacy-") and each["name"].removeprefix("legacy-") in names
        if not (twin or each["type"].startswith("child<") or "[" in each["name"]):
            yield each["name"], each.get("default-value")


def types(binary: str) -> set[str]:
    return set(_TYPE.findall(printed(binary, ["-device", "help"], 60)))


def found(answer: Releases, old: Said, new: Said) -> dict[str, tuple[object, object]]:
    """What the answer has and what the binaries have, by point."""
    aliases = [{m["alias"]: name for name, m in side.machines.items() if "alias" in m} for side in (old, new)]
    deprecated = [{name for name, m in side.machines.items() if m["deprecated"]} for side in (old, new)]
    both = [name for name in old.properties if name in new.properties]
    pairs = [
        ({(p, n) for n in both for p in old.properties[n]}, {(p, n) for n in both for p in new.properties[n]}),
        (
            {(p, n, str(d)) for n in both for p, d in old.properties[n].items() if p in new.properties[n]},
            {(p, n, str(d)) for n in both for p, d in new.properties[n].items() if p in old.properties[n]},
        ),
    ]
    told = {
        which: {(p.name, n) for p in listed for n in p.types if n in both}
        for which, listed in (("gone", answer.properties_gone), ("new", answer.properties_new))
    }
    return {
        "types gone": (set(answer.types_gone), old.types - new.types),
        "types new": (set(answer.types_new), new.types - old.types),
        "machines gone": (set(answer.machines_gone), old.machines.keys() - new.machines.keys()),
        "machines new": (set(answer.machines_new), new.machines.keys() - old.machines.keys()),
        "deprecated": (set(answer.machines_deprecated), (deprecated[1] - deprecated[0]) & old.machines.keys()),
        "aliases": (
            {(a.name, a.before, a.after) for a in answer.aliases},
            {
                (a, aliases[0].get(a, ""), aliases[1].get(a, ""))
                for a in {*aliases[0], *aliases[1]}
                if aliases[0].get(a) != aliases[1].get(a)
            },
        ),
        "properties gone": (told["gone"], pairs[0][0] - pairs[0][1]),
        "properties new": (told["new"], pairs[0][1] - pairs[0][0]),
        "defaults": (
            {(d.property, n) for d in answer.defaults for n in d.types if n in both},
            {each[:2] for each in pairs[1][0] ^ pairs[1][1] if not each[1].endswith("-cpu")},  # those are their models'
        ),
    }


@pytest.mark.parametrize("arch", ARCHES)
def test_what_changed(store: Store, arch: str) -> None:
    sides = [store.knowledge(store.resolve(series, arch)) for series in (OLD, NEW)]
    binaries = [sibling(find(series), arch) for series in (OLD, NEW)]
    common = sorted(types(binaries[0]) & types(binaries[1]))
    wanted = common if full else random.Random(SEED).sample(common, SAMPLE)
    points = found(releases(*sides), *(said(binary, wanted) for binary in binaries))
    print()
    print(
        row(arch, sum(one == other for one, other in points.values()), len(points)), {p: len(o) for p, (_, o) in points.items()}
    )
    assert {point: (one - other, other - one) for point, (one, other) in points.items() if one != other} == {}
