"""Devices that few domains have: each fragment was asked of a real libvirt 11.3, whose first words stand beside it."""

from __future__ import annotations

import pytest

import qrules
from qrules.configs.xml_domain import read_domain
from qrules.domains.whole import Domains
from qrules.rulesets.store import Store
from tests.domains.domains import domain

MACHINES = {"q35": "x86_64", "virt": "aarch64", "s390-ccw-virtio": "s390x", "pseries": "ppc64"}
CARD = "<smartcard mode='passthrough' type='tcp'><source mode='bind' host='127.0.0.1' service='0'/><protocol type='raw'/></smartcard>"
MAXIMUM = "<source><path>/tmp/x</path></source><target><size unit='MiB'>256</size></target>"
VIRTIOFS = "<filesystem type='mount'><driver type='virtiofs'/><source dir='/tmp'/><target dir='t'/></filesystem>"
REFUSED = [
    ("q35", VIRTIOFS, "define", "unsupported configuration: 'virtiofs' requires shared memory"),
    ("q35", "<shmem name='s'><model type='ivshmem-plain'/><size unit='M'>3</size></shmem>", "define", "XML error: shmem size must be a power of 2 and at least 1 MiB (1024 KiB)"),
    ("q35", "<shmem name='s'/>", "define", "unsupported configuration: ivshmem device is no longer supported"),
    ("s390-ccw-virtio", "<shmem name='s'><model type='ivshmem-plain'/></shmem>", "define", "shmem model 'ivshmem-plain' is not supported by this QEMU binary"),
    ("q35", "<memballoon model='virtio'/>" * 2, "define", "internal error: only a single memory balloon device is supported"),
    ("q35", CARD * 2, "define", "this QEMU binary lacks multiple smartcard support"),
    ("q35", "<console type='null'><target type='sclp'/></console>", "define", "sclpconsole is not supported in this QEMU binary"),
    ("virt", "<console type='null'><target type='sclplm'/></console>", "define", "sclplmconsole is not supported in this QEMU binary"),
    ("q35", "<console type='null'><target type='virtio'/></console><console type='null'><target type='serial'/></console>", "define", "Only the first console can be a serial port"),
    ("virt", "<serial type='null'><target type='isa-debug'/></serial>", "define", "isa-debug serial type only valid on x86 architecture"),
    ("q35", "<serial type='null'><target type='system-serial'/></serial>", "start", "internal error: Invalid target model for serial device"),
    ("s390-ccw-virtio", "<serial type='null'><target type='pci-serial'/></serial>", "start", "'pci-serial' is not supported in this QEMU binary"),
    ("q35", "<sound model='ich7'/>", "define", "internal error: Cannot automatically add a new PCI bus for a device with connect flags 00"),
    ("s390-ccw-virtio", "<sound model='ich9'/>", "define", "The ich9-intel-hda audio controller is not supported in this QEMU binary"),
    ("q35", "<audio id='1' type='spice'/>", "define", "Spice audio is not supported without spice graphics"),
    ("q35", "<video><model type='vga' heads='4'/></video>", "define", "video type 'vga' doesn't support multiple 'heads'"),
    ("s390-ccw-virtio", "<input type='evdev'><source dev='/dev/input/event1'/></input>", "define", "input evdev doesn't support bus element"),
    ("q35", "<vsock model='virtio'><cid auto='no' address='2'/></vsock>", "define", "guest CIDs must be >= 3"),
    ("pseries", f"<memory model='virtio-pmem'>{MAXIMUM}</memory>", "define", "virtio-pmem isn't supported by this QEMU binary"),
    ("s390-ccw-virtio", "<pstore backend='acpi-erst'><path>/tmp/e</path><size unit='KiB'>64</size></pstore>", "define", "acpi-erst backend of pstore device is not supported"),
    ("q35", "<iommu model='virtio'><driver iotlb='on'/></iommu>", "define", "XML error: iommu model 'virtio' doesn't support additional attributes"),
    ("q35", "<crypto model='virtio' type='qemu'><backend model='builtin' queues='2'/></crypto>", "start", "Only support one queue in cryptdov-builtin backend"),
]  # fmt: skip
TAKEN = [
    ("q35", "<sound model='pcspk'/><sound model='ich9'><codec type='micro'/></sound>"),
    ("q35", "<filesystem type='mount' accessmode='squash'><source dir='/tmp'/><target dir='t'/></filesystem>"),
    ("q35", "<input type='passthrough' bus='virtio'><source evdev='/dev/input/event1'/></input>"),
    ("q35", "<video><model type='qxl' heads='4'/></video>"),
    ("q35", "<vsock model='virtio'><cid auto='no' address='5'/></vsock>"),
    ("q35", "<shmem name='s'><model type='ivshmem-plain'/><size unit='M'>8</size></shmem>"),
]


@pytest.fixture(scope="module")
def domains(store: Store) -> Domains:
    return Domains("11.3", store)


@pytest.mark.parametrize(("machine", "devices", "stage", "words"), REFUSED)
def test_refused_in_libvirts_words(domains: Domains, machine: str, devices: str, stage: str, words: str) -> None:
    found = domains.answer(read_domain(domain(devices, machine, MACHINES[machine], ""), "vm.xml"))
    refused = [told for told in found.reasons if told.reason.severity == "reject"]
    said = [told.reason.emulator_message for told in refused if told.stage == stage]
    assert any(words in one for one in said if one), [(told.stage, told.reason.emulator_message) for told in refused]


@pytest.mark.parametrize(("machine", "devices"), TAKEN)
def test_taken(domains: Domains, machine: str, devices: str) -> None:
    found = domains.answer(read_domain(domain(devices, machine, MACHINES[machine]), "vm.xml"))
    assert found.verdict in ("accept", "warn"), [told.reason.message for told in found.reasons]


def test_consoles_leave_the_ports_to_channels(domains: Domains) -> None:
    """Consoles of virtio get theirs from QEMU."""
    console = "<console type='pty'><target type='virtio'/></console>\n"
    stored = domains.answer(
        read_domain(domain(f"{console}{console}<channel type='pty'><target type='virtio' name='x'/></channel>\n"), "vm.xml")
    ).stored
    assert stored.count("port='1'") == 1
    assert stored.count("<address type='virtio-serial'") == 1


def test_a_mainframes_devices_say_of_which_age_they_are(domains: Domains) -> None:
    rng = "<rng model='virtio-non-transitional'><backend model='random'>/dev/urandom</backend></rng>"
    words = domains.answer(read_domain(domain(rng, "s390-ccw-virtio", "s390x", ""), "vm.xml")).words
    assert any("virtio-rng-ccw-non-transitional" in word for word in words)


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("unsupported configuration: host doesn't support passthrough of host PCI devices", "host-hands-no-devices-on"),
        ("unsupported configuration: VFIO PCI device assignment is not supported by the host", "host-assigns-no-pci"),
    ],
)
def test_what_libvirt_says_of_its_host_is_explained(message: str, rule: str) -> None:
    """These messages are no refusal of a domain: no rule would have their words otherwise."""
    explained = qrules.explain(f"error: {message}", rules="libvirt")
    assert rule in [meaning.rule for one in explained for meaning in one.meanings]
