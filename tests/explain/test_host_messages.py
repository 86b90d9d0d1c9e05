"""Messages that no rule about devices decides: of the host, of libvirt, of an option; each has its own answer, and tells what to do."""

from __future__ import annotations

import pytest

from qrules.explain.messages import Phrases, explain
from qrules.rulesets.store import open_store


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    store = open_store()
    return Phrases(store.knowledge(store.resolve("10.0", "x86_64")))


@pytest.mark.parametrize(
    ("said", "rule", "told"),
    [
        ("Could not access KVM kernel module: No such file or directory", "kvm-not-there", "kvm_intel"),
        ("failed to initialize kvm: Permission denied", "kvm-fails", "Permission denied"),
        ("CPU model 'host' requires KVM or HVF", "", "-accel kvm"),
        ("invalid accelerator kvm", "", "tcg"),
        ("-drive file=a.img: Could not open 'a.img': No such file or directory", "file-not-opened", "the path is right"),
        ("-drive file=/srv/a.img: Could not open '/srv/a.img': Permission denied", "file-not-opened", "SELinux"),
        ("-readconfig vm.cfg: Could not open 'vm.cfg': Permission denied", "unreadable-config", "vm.cfg"),
        ('-hda a.img: Failed to get "write" lock', "image-locked", "another process"),
        ("cannot set up guest memory 'pc.ram': Cannot allocate memory", "memory-not-had", "-m"),
        ("-vnc :1: Failed to find an available port: Address already in use", "port-taken", "-vnc :2"),
        (
            "-netdev user,id=n,hostfwd=tcp::22-:22: Could not set up host forwarding rule 'tcp::22-:22'",
            "forwarding-refused",
            "1024",
        ),
        ("-netdev tap,id=n: could not configure /dev/net/tun (tap0): Operation not permitted", "tap-refused", "tap0 mode tap"),
        ("gtk initialization failed", "no-display", "-display none"),
        ("-device vfio-pci,host=01:00.0: vfio 0000:01:00.0: group 14 is not viable", "vfio-not-viable", "iommu_groups/14"),
        ("vfio 0000:01:00.0: failed to open /dev/vfio/1: No such file or directory", "vfio-group-not-opened", "vfio-pci"),
        ("failed to open /dev/bus/usb/001/002: Permission denied", "usb-device-not-opened", "udev"),
        ("Some ROM regions are overlapping", "roms-overlap", "-bios"),
        ("qemu-system-aarch64: No machine specified, and there is no default", "no-machine", "-M"),
        ("-spice port=5900: There is no option group 'spice'", "option-of-other-build", "SPICE"),
        ("-device qxl-vga: 'qxl-vga' is not a valid device model name", "type-of-other-build", "7.2.22"),
        ("-device flopy: 'flopy' is not a valid device model name", "no-such-type", "'floppy'"),
        ("-machine pc-q35-9.0: unsupported machine type", "machine-of-other-build", "10.0.2"),
        ("-cpu host,+foo: Property 'host-x86_64-cpu.foo' not found", "feature-not-found", "'foo'"),
        ("-device virtio-net-pci,netdev=n0: Property 'virtio-net-pci.netdev' can't find value 'n0'", "network-backend", "n0"),
        ("-drive file=x,if=virtio: Duplicate ID 'virtio0' for drive", "drive-name", "virtio0"),
        ("error: unsupported configuration: No more available PCI slots", "no-pci-slot", "pcie-root-port"),
        ("error: XML error: Attempted double use of PCI Address 0000:00:02.0", "address-twice", "0000:00:02.0"),
    ],
)
def test_each_has_an_answer_of_its_own(phrases: Phrases, said: str, rule: str, told: str) -> None:
    (found,) = explain([phrases], said)
    meaning = found.meanings[0]
    assert len(found.meanings) < 4
    assert rule in ("", meaning.rule)
    text = " ".join((*meaning.because, *meaning.instead))
    assert told in text
    assert meaning.instead
    assert not {"<near>", "<name>", "(null)"} & set(text.split())


def test_what_nobody_says_is_told_so(phrases: Phrases) -> None:
    (found,) = explain([phrases], "/dev/net/tun went away in the night")
    assert found.meanings == ()
