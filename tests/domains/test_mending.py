"""Repairs of domains: the least change first, and none that is refused itself."""

from __future__ import annotations

import pytest

from qrules.configs.xml_domain import read_device, read_domain
from qrules.domains.mending import repairs
from qrules.domains.whole import Domains
from qrules.rulesets.store import Store
from tests.domains.domains import DISK, NIC, domain


@pytest.fixture(scope="module")
def domains(store: Store) -> Domains:
    return Domains("11.3", store)


def repaired(domains: Domains, xml: str, *attach: str) -> list[tuple[str, str]]:
    devices = [read_device(text, f"{n}.xml") for n, text in enumerate(attach)]
    found = repairs(domains, domains.answer(read_domain(xml, "vm.xml"), devices), devices)
    for one in found:
        assert domains.answer(read_domain(one.document, "vm.xml"), devices).verdict in ("accept", "warn")
    return [(one.text, one.document) for one in found]


def test_an_address_is_left_to_libvirt(domains: Domains) -> None:
    address = "<address type='pci' slot='0x28'/>"
    xml = domain(DISK.replace("    </disk>", f"      {address}\n    </disk>"))
    text, document = repaired(domains, xml)[0]
    assert text == "leave the address of disk vda (line 9) to libvirt"
    assert document == xml.replace(f"      {address}\n", "")


def test_ports_for_what_is_plugged_later(domains: Domains) -> None:
    """Those that libvirt adds by itself have to be written, too: beside others it adds none."""
    ((text, document), *_) = repaired(domains, domain(), NIC, NIC, NIC)
    assert text.startswith("add <controller type='pci' model='pcie-root-port'/> 2 times beside those")
    assert "<controller type='pci' index='0' model='pcie-root'/>" in document
    assert "<!-- what it has -->" in document


def test_no_more_of_a_sort_than_needed(domains: Domains) -> None:
    texts = [text for text, _ in repaired(domains, domain(), NIC, NIC)]
    assert len([text for text in texts if "pcie-root-port" in text]) == 1


def test_what_nothing_repairs_has_no_repair(domains: Domains) -> None:
    assert repaired(domains, domain(arch="x86_64", machine="no-such-machine")) == []
