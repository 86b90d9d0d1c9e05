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


def test_another_bus_for_what_the_machine_has_not(domains: Domains) -> None:
    disk = DISK.replace("dev='vda' bus='virtio'", "dev='hda' bus='ide'")
    found = repaired(domains, domain(disk))
    assert found[0][0] == "target/bus='sata' of disk hda (line 9)"
    assert found[0][1] == domain(disk.replace("bus='ide'", "bus='sata'"))


def test_what_a_rule_says_is_left_out(domains: Domains) -> None:
    controller = (
        "<controller type='pci' index='1' model='pcie-expander-bus'><target busNr='180'><node>1</node></target></controller>"
    )
    root = "<controller type='pci' index='0' model='pcie-root'/>"
    port = "<controller type='pci' index='2' model='pcie-root-port'/>"
    text, document = repaired(domains, domain(root + controller + port))[0]
    assert text.startswith("target/node left out of")
    assert document == domain(root + controller.replace("<node>1</node>", "") + port)


def test_the_word_that_was_meant(domains: Domains) -> None:
    text, document = repaired(domains, domain(DISK.replace("bus='virtio'", "bus='virtoi'")))[0]
    assert "target/bus='virtio'" in text
    assert document == domain(DISK)


def test_what_is_attached_is_changed(domains: Domains) -> None:
    device = NIC.replace("</interface>", "<address type='pci' bus='0x00' slot='0x09' function='0x1'/></interface>")
    xml, attach = domain(machine="pc"), [read_device(device, "nic.xml")]
    answer = domains.answer(read_domain(xml, "vm.xml"), attach)
    assert answer.verdict == "reject"
    first = repairs(domains, answer, attach)[0]
    assert first.text == "leave the address of a network interface to libvirt"
    assert (first.document, first.attach) == (xml, (NIC,))
