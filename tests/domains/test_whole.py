"""A domain through its stages: what libvirt makes of it, the command line that it writes, and what is refused where."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from qrules.configs.argv import architecture
from qrules.configs.xml_domain import read_device, read_domain
from qrules.domains.whole import DomainAnswer, Domains
from qrules.rulesets.store import Store
from tests.domains.domains import DISK, NIC, domain

VERSION = "11.3"


@pytest.fixture(scope="module")
def domains(store: Store) -> Domains:
    return Domains(VERSION, store)


def asked(domains: Domains, xml: str, *attach: str, profiles: tuple[str, ...] = ()) -> DomainAnswer:
    devices = [read_device(text, f"{n}.xml") for n, text in enumerate(attach)]
    return domains.answer(read_domain(xml, "vm.xml"), devices, profiles)


def test_what_libvirt_stores_is_the_authors_document_with_more_in_it(domains: Domains) -> None:
    answer = asked(domains, domain())
    assert answer.verdict == "accept"
    assert (answer.machine, answer.arch, answer.libvirt[:4], answer.qemu[:4]) == ("pc-q35-10.0", "x86_64", "11.3", "10.0")
    assert "<!-- what it has -->" in answer.stored
    assert "<address type='pci' bus='0x0" in answer.stored
    assert "<controller type='pci' index='0' model='pcie-root'/>" in answer.stored


def test_what_is_stored_is_stored_again_as_it_is(domains: Domains) -> None:
    """What libvirt has chosen is not chosen anew: the same document comes out."""
    stored = asked(domains, domain(DISK + NIC)).stored
    assert asked(domains, stored).stored == stored


def test_the_command_line_names_its_devices_places(domains: Domains) -> None:
    words = asked(domains, domain(DISK + NIC)).words
    assert architecture(list(words)) == "x86_64"
    devices = [json.loads(word) for option, word in pairwise(words) if option == "-device"]
    assert {"virtio-blk-pci", "virtio-net-pci", "pcie-root-port"} <= {d["driver"] for d in devices}
    ports = {d["id"] for d in devices if d["driver"] == "pcie-root-port"}
    assert all(d["bus"] in ports for d in devices if d["driver"].startswith("virtio-"))


def test_a_refusal_at_define_has_no_command_line(domains: Domains) -> None:
    address = "<address type='pci' domain='0' bus='0' slot='9' function='0'/>"
    nic = f"<interface type='user'><model type='virtio'/>{address}</interface>\n"
    answer = asked(domains, domain(nic + nic, machine="pc"))
    assert (answer.verdict, answer.words, answer.stored) == ("reject", (), "")
    assert {told.stage for told in answer.reasons} == {"define"}
    assert any("double use of PCI Address" in told.reason.emulator_message for told in answer.reasons)
    assert all(told.element is not None for told in answer.reasons)


def test_what_the_emulator_refuses_is_refused_at_start_and_points_at_the_element(domains: Domains) -> None:
    """Libvirt does not look at the unit of an IDE disk; QEMU does."""
    disk = "<disk type='file'><source file='/a'/><target dev='hda' bus='ide'/><address type='drive' controller='0' bus='0' unit='2'/></disk>\n"
    answer = asked(domains, domain(disk, machine="pc"))
    (told,) = answer.stage("start")
    assert (told.reason.profile, told.stage) == ("qemu", "start")
    assert told.element is not None
    assert told.element.name == "disk"
    assert answer.stored
    only = asked(domains, domain(disk, machine="pc"), profiles=("libvirt",))
    assert only.verdict == "accept"


def test_devices_that_are_attached_in_turn(domains: Domains) -> None:
    answer = asked(domains, domain(), NIC, NIC)
    (told,) = answer.reasons
    assert (told.stage, told.attach, told.reason.emulator_message) == (
        "running",
        1,
        "internal error: No more available PCI slots",
    )
    assert told.element is not None
    assert told.element.source.where == "1.xml"
    assert [len(came) for came in answer.after] == [1, 0]


def test_what_nobody_looks_at_is_told(domains: Domains) -> None:
    answer = asked(domains, domain("    <flux capacity='9'/>\n"))
    assert [(element.name, attribute) for element, attribute in answer.unchecked] == [("flux", "")]


def test_to_dict_is_what_the_command_line_prints(domains: Domains) -> None:
    import qrules

    found = qrules.check_domain(domain(), attach=[NIC, NIC], libvirt=VERSION)
    told = found.to_dict()
    assert (told["verdict"], told["reasons"][0]["stage"], told["reasons"][0]["attach"]) == ("reject", "running", 1)
    assert {p["element"] for p in told["placements"]} >= {"/domain/devices/disk", None}
    with pytest.raises(TypeError, match="list"):
        qrules.check_domain(domain(), attach=NIC)
    with pytest.raises(qrules.Unusable, match="not a domain"):
        qrules.check_domain("<disk/>")


def test_what_an_author_adds_on_the_command_line_stays_and_is_judged(domains: Domains) -> None:
    own = "<qemu:commandline><qemu:arg value='-device'/><qemu:arg value='e1000,addr=0x3'/></qemu:commandline>\n</domain>"
    xml = (
        domain(machine="pc")
        .replace("</domain>", own)
        .replace("type='qemu'", "type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'")
    )
    answer = asked(domains, xml)
    assert own in answer.stored
    assert answer.words[-2:] == ("-device", "e1000,addr=0x3")
    assert {told.stage for told in answer.reasons} == {"start"}


def test_memory_that_comes_in_modules_is_not_there_at_the_beginning(domains: Domains) -> None:
    module = "<memory model='dimm'><target><size unit='MiB'>256</size><node>0</node></target></memory>\n"
    cells = "<maxMemory slots='4' unit='MiB'>4096</maxMemory><cpu><numa><cell id='0' cpus='0' memory='256' unit='MiB'/></numa></cpu>\n  <vcpu>"
    answer = asked(domains, domain(module).replace("<vcpu>", cells))
    assert answer.verdict == "accept"
    assert "<cell id='0' cpus='0' memory='256' unit='MiB'/>" in answer.stored
    assert "size=262144k,slots=4,maxmem=4194304k" in answer.words
