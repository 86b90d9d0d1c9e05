"""Models, machines, address types and options that don't go together: each fragment was asked of a real libvirt 11.3, whose first words stand beside it."""

from __future__ import annotations

import pytest

from qrules.configs.xml_domain import read_device, read_domain
from qrules.domains.whole import Domains
from qrules.rulesets.store import Store
from tests.domains.domains import domain

PCI = "<address type='pci' bus='0' slot='5'/>"
ISA = "<address type='isa' iobase='0x505'/>"
ROOT = "<controller type='pci' index='0' model='pcie-root'/>"
MACHINES = {"pc": "x86_64", "isapc": "x86_64", "q35": "x86_64", "virt": "aarch64", "s390-ccw-virtio": "s390x", "pseries": "ppc64"}
ASKED = [
    ("q35", "<video><model type='virtio'/></video><video><model type='vga'/></video>", "define", "video type 'vga' is only valid as primary video device"),
    ("q35", "<video><model type='virtio'/></video><video><model type='none'/></video>", "define", "a 'none' video type must be the only video device defined for the domain"),
    ("q35", f"<video><model type='ramfb'/>{PCI}</video>", "define", "address not supported for video type ramfb"),
    ("s390-ccw-virtio", "<video><model type='vga'/></video>", "define", "domain configuration does not support video model 'vga'"),
    ("q35", "<watchdog model='ib700'/>", "define", "ib700 model of watchdog cannot be used with this machine type"),
    ("q35", "<watchdog/>", "define", "XML error: Missing required attribute 'model' in element 'watchdog'"),
    ("q35", "<watchdog model='i6300esb'/><watchdog model='itco' action='poweroff'/>", "define", "watchdogs with different actions are not supported with this QEMU binary"),
    ("virt", "<panic model='hyperv'/>", "define", "only i686 and x86_64 guests support panic device of model 'hyperv'"),
    ("q35", f"<panic model='pvpanic'>{ISA}</panic>", "define", "pvpanic is supported only with PCI address type"),
    ("q35", "<panic model='isa'/><panic model='isa'/>", "define", "XML error: Multiple panic devices with model 'isa'"),
    ("q35", "<serial type='pty'><target type='isa-serial'><model name='pci-serial'/></target></serial>", "define", "Target model 'pci-serial' requires target type 'pci-serial'"),
    ("q35", f"<serial type='pty'><target type='isa-serial'/>{PCI}</serial>", "define", "Target type 'isa-serial' requires address type 'isa'"),
    ("q35", "<serial type='pty'/>" * 5, "define", "internal error: Maximum supported number of ISA serial ports is '4'"),
    ("pseries", "<parallel type='pty'/>", "define", "parallel ports are not supported"),
    ("q35", "<tpm model='tpm-spapr'><backend type='emulator'/></tpm>", "define", "The QEMU executable qemu-system-x86_64 does not support TPM model tpm-spapr"),
    ("q35", "<tpm model='tpm-tis'/>", "define", "XML error: missing TPM device backend"),
    ("q35", "<input type='tablet' bus='ps2'/>", "define", "internal error: ps2 bus does not support tablet input device"),
    ("q35", "<controller type='scsi' model='foo'/>", "define", "unsupported configuration: Unknown model type 'foo'"),
    ("q35", "<controller type='foo'/>", "define", "XML error: Invalid value for attribute 'type' in element 'controller': 'foo'."),
    ("q35", ROOT + "<controller type='pci' index='1'/>", "define", "internal error: PCI controller model was not set correctly"),
    ("q35", ROOT + "<controller type='pci' index='1' model='pcie-root-port'><target busNr='3'/></controller>", "define", "Option 'busNr' is not valid for PCI controller with index '1', model 'pcie-root-port' and modelName 'pcie-root-port'"),
    ("q35", ROOT + "<controller type='pci' index='1' model='pcie-to-pci-bridge'/>", "define", "internal error: Cannot automatically add a new PCI bus for a device with connect flags 2000"),
    ("q35", "<controller type='pci' index='300' model='pcie-root-port'/>", "define", "XML error: PCI controller index 300 too high, maximum is 255"),
    ("q35", "<controller type='usb' model='ehci' ports='4'/>", "start", "usb controller type 'ehci' doesn't support 'ports' with this QEMU binary"),
    ("pc", "<controller type='usb' model='vt82c686b-uhci'/>", "start", "USB controller model 'vt82c686b-uhci' not supported in this QEMU binary"),
    ("q35", "<disk type='file'><source file='/a'/><target dev='vda' bus='virtio'/><driver io='native'/></disk>", "define", "io='native' needs either no disk cache or directsync cache mode"),
    ("q35", "<disk type='file'><target dev='vda' bus='virtio'/></disk>", "define", "missing source information for device vda"),
    ("q35", "<disk type='file' device='lun'><source file='/a'/><target dev='vda' bus='virtio'/></disk>", "define", "disk device='lun' is only valid for block type disk source"),
    ("pc", "<disk type='file'><source file='/a'/><target dev='vda' bus='virtio'/></disk><disk type='file'><source file='/a'/><target dev='vdb' bus='virtio'/></disk>", "start", 'Failed to get "write" lock'),
    ("pc", "".join(f"<disk type='file'><source file='/{n}'/><target dev='sd{n}' bus='scsi'/><address type='drive' controller='0' unit='0'/></disk>" for n in "ab"), "define", "Found duplicate drive address for disk with target name"),
    ("q35", "<sound model='ac97'><address type='pci' bus='0' slot='5' function='9'/></sound>", "define", "XML error: Invalid PCI address function=0x9, must be <= 7"),
    ("q35", "<memory model='dimm'><target><size unit='MiB'>256</size><node>0</node></target></memory>", "define", "cannot use/hotplug a memory device when domain 'maxMemory' is not defined"),
    ("pseries", f"<interface type='user'><model type='spapr-vlan'/>{PCI}</interface><interface type='user'><model type='spapr-vlan'/>{PCI}</interface>", "define", "spapr-vio address 0x0 already in use"),
    ("pc", "<controller type='ide' index='1'/>", "define", "Only a single IDE controller is supported for this machine type"),
    ("q35", "<channel type='pty'><target type='virtio'/><address type='virtio-serial' port='31'/></channel>", "define", "virtio serial controller 0 does not have port 31"),
    ("isapc", "", "define", "XML error: No PCI buses available"),
    ("q35", "<input type='passthrough' bus='virtio'/>", "start", "evdev property is required"),
]  # fmt: skip
ATTACHED = [
    ("<sound model='ich6'/>", "Operation not supported: live attach of device 'sound' is not supported"),
    ("<controller type='usb' index='2'/>", "Operation not supported: 'usb' controller cannot be hot plugged."),
    ("<controller type='scsi' index='0'/>", "operation failed: target scsi:0 already exists"),
    ("<disk type='file'><source file='/b'/><target dev='sdb' bus='sata'/></disk>", "disk bus 'sata' cannot be hotplugged."),
    ("<disk type='file'><source file='/a'/><target dev='vdb' bus='virtio'/></disk>", 'Failed to get "write" lock'),
    ("<watchdog model='itco'/>", "hotplug of watchdog of model itco is not supported"),
]


@pytest.fixture(scope="module")
def domains(store: Store) -> Domains:
    return Domains("11.3", store)


def told(domains: Domains, text: str, *attach: str) -> list[tuple[str, str]]:
    answer = domains.answer(read_domain(text, "vm.xml"), [read_device(one, "device.xml") for one in attach])
    refused = [one for one in answer.reasons if one.reason.severity == "reject"]
    return [(one.stage, str(one.reason.emulator_message)) for one in refused]


@pytest.mark.parametrize(("machine", "devices", "stage", "words"), ASKED, ids=[words for *_, words in ASKED])
def test_what_does_not_go_together(domains: Domains, machine: str, devices: str, stage: str, words: str) -> None:
    found = told(domains, domain(devices, machine, MACHINES[machine], "<acpi/>" if MACHINES[machine] == "x86_64" else ""))
    assert [one for one in found if one[0] == stage and words in one[1]], found


@pytest.mark.parametrize(("device", "words"), ATTACHED)
def test_what_is_not_plugged_into_a_running_machine(domains: Domains, device: str, words: str) -> None:
    first = "<disk type='file'><source file='/a'/><target dev='vda' bus='virtio'/></disk><controller type='scsi' index='0'/>"
    found = told(domains, domain(first), device)
    assert [one for one in found if one[0] == "running" and words in one[1]], found


@pytest.mark.parametrize(
    ("machine", "features", "words"),
    [
        ("pseries", "<acpi/>", "does not support ACPI"),
        ("virt", "<acpi/>", "ACPI requires UEFI on this architecture"),
        ("virt", "", ""),
        ("q35", "<acpi/>", ""),
    ],
)
def test_acpi_where_the_machine_has_it(domains: Domains, machine: str, features: str, words: str) -> None:
    found = told(domains, domain("", machine, MACHINES[machine], features))
    assert found == [] if not words else words in found[0][1]


def stored(domains: Domains, devices: str, machine: str = "q35") -> str:
    return domains.answer(read_domain(domain(devices, machine), "vm.xml")).stored


def test_the_console_of_a_serial_line_comes_first(domains: Domains) -> None:
    text = stored(domains, "<serial type='pty'/>\n<console type='pty'><target type='virtio'/></console>\n")
    assert text.index("<target type='serial'/>") < text.index("<target type='virtio'/>")
    assert text.count("<console") == 2


def test_controllers_stand_in_the_order_of_libvirt(domains: Domains) -> None:
    """One without an index stands behind those that are written before it, whatever index it gets."""
    root = "<controller type='pci' index='0' model='pci-root'/>\n"
    text = stored(
        domains,
        root + "<controller type='pci' model='pci-bridge'/>\n<controller type='pci' index='1' model='pci-bridge'/>\n",
        "pc",
    )
    second, first = text.index("index='2'"), text.index("index='1'")
    assert "slot='0x02'" in text[second:first]
    assert "slot='0x03'" in text[first:]


def test_an_address_follows_the_bridge_that_libvirt_adds_before_it(domains: Domains) -> None:
    address = "<address type='pci' bus='1' slot='0x1b'/>"
    text = stored(domains, f"<interface type='user'><model type='rtl8139'/>{address}</interface>\n")
    assert "bus='0x02' slot='0x1b'" in text
