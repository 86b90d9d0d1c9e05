"""Vendors' names for machines: each stands for one of the emulator's own, and what nobody has may be a newer one's."""

from __future__ import annotations

import re

import pytest

from qrules.knowledge.model import Knowledge
from qrules.knowledge.vendors import dropped, may_exist, stands_for
from qrules.rulesets.store import open_store


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    store = open_store()
    return store.knowledge(store.resolve("10.0", "x86_64"))


@pytest.mark.parametrize(
    ("name", "vendor", "upstream"),
    [
        ("pc-q35-rhel9.6.0", "Red Hat", "pc-q35-9.1"),
        ("pc-i440fx-rhel7.6.0", "Red Hat", "pc-i440fx-2.12"),
        ("virt-rhel8.6.0", "Red Hat", "virt-6.2"),
        ("s390-ccw-virtio-rhel9.4.0", "Red Hat", "s390-ccw-virtio-8.2"),
        ("pc-i440fx-noble", "Ubuntu", "pc-i440fx-8.2"),
        ("pc-q35-noble-v2", "Ubuntu", "pc-q35-8.2"),
        ("pc-q35-jammy-hpb", "Ubuntu", "pc-q35-6.2"),
        ("pc-q35-focal", "Ubuntu", "pc-q35-4.2"),
        ("pc-i440fx-focal", "Ubuntu", "pc-i440fx-4.0"),
        ("pseries-kinetic", "Ubuntu", "pseries-6.2"),
        ("pc-i440fx-9.2+pve1", "Proxmox", "pc-i440fx-9.2"),
        ("pc+pve0", "Proxmox", "pc"),
        ("virt-8.1+pve0", "Proxmox", "virt-8.1"),
    ],
)
def test_what_a_name_stands_for(knowledge: Knowledge, name: str, vendor: str, upstream: str) -> None:
    found = stands_for(knowledge, name)
    assert found is not None
    assert (found.vendor, found.upstream) == (vendor, upstream)
    assert found.file.startswith("rules/vendors/")
    assert found.see


def test_each_line_stands_for_a_version_of_the_emulators_own(knowledge: Knowledge) -> None:
    for _, names, *_ in knowledge.piece("vendors"):
        for pattern, _ in names:
            found = stands_for(knowledge, pattern.replace("*", "pc-q35").replace("#", "1"))
            assert found is not None
            assert re.fullmatch(r"[a-z0-9-]+-\d+\.\d+|pc-q35", found.upstream), pattern


@pytest.mark.parametrize("name", ["q35", "pc-q35-10.0", "pc-q35-11.1", "rhel", "pc-q35-9.2+pve", "noble"])
def test_other_names_are_no_vendors(knowledge: Knowledge, name: str) -> None:
    assert stands_for(knowledge, name) is None


@pytest.mark.parametrize(
    ("name", "may", "was"),
    [
        ("pc-q35-11.1", True, False),
        ("pc-q35-10.0.1", True, False),
        ("pc-q35-rhel11.4.0", True, False),
        ("pc-i440fx-somename", True, False),
        ("pc-q35-9.9", False, False),
        ("pc-q35-10", False, False),
        ("pc-q35-12", True, False),
        ("pc-q35-1.4", False, True),
        ("q53", False, False),
        ("pc-q35", False, False),
        ("pc-q35-", False, False),
        ("virt-11.0", False, False),  # of no machine of this architecture
    ],
)
def test_what_may_be_a_newer_or_a_distributions(knowledge: Knowledge, name: str, may: bool, was: bool) -> None:
    assert may_exist(knowledge, name) is may
    assert dropped(knowledge, name) is was
