"""Command lines to requests: what an option means is a rule, the reader knows syntax only."""

from __future__ import annotations

import pytest

from qrules.configs import argv
from qrules.diagnostics import Unusable
from qrules.knowledge.model import Knowledge
from qrules.topology.request import Where


def read(knowledge: Knowledge, line: str) -> argv.Read:
    return argv.read(line.split(), knowledge)


def test_machine_devices_and_backends(knowledge: Knowledge) -> None:
    backends = "-netdev user,id=n0 -blockdev driver=null-co,node-name=d0"
    line = f"-M q35,usb=on -nodefaults {backends} -device e1000,netdev=n0,id=a,bus=pcie.0"
    request = read(knowledge, line).request
    assert (request.machine, request.options, request.nodefaults) == ("q35", {"usb": "on"}, True)
    assert request.backends == {"n0": "network", "d0": "block"}
    (device,) = request.devices
    assert (device.driver, device.id, device.bus, device.properties) == ("e1000", "a", "pcie.0", {"netdev": "n0"})


def test_several_machine_options_add_up(knowledge: Knowledge) -> None:
    request = read(knowledge, "-machine q35 -machine usb=on,accel=kvm").request
    assert (request.machine, request.options) == ("q35", {"usb": "on"})


def test_without_a_machine_the_binarys_default_is_meant(knowledge: Knowledge) -> None:
    assert read(knowledge, "-nodefaults").request.machine == "pc-i440fx-10.0"


def test_shorthands_are_rules(knowledge: Knowledge) -> None:
    request = read(knowledge, "-M pc -usb -vga none -nic none -m 2G,slots=2,maxmem=4G").request
    assert request.facts == {"usb": True, "vga": "none", "memory-slots": "2", "maxmem": "4G"}
    assert set(request.silenced) == {"vga", "network"}
    (disk,) = read(knowledge, "-M pc -fda x.img").request.wishes
    assert (disk.kind, disk.values, disk.where) == ("disk", {"if": "floppy", "index": 0, "file": "x.img"}, Where(3, 0, 5))


def test_a_pair_may_have_a_meaning_of_its_own(knowledge: Knowledge) -> None:
    request = read(knowledge, "-M virt -drive if=pflash,format=raw,file=a -drive if=none,id=d").request
    assert (request.facts, request.backends, request.unmodelled) == ({"flash-drive": True}, {"d": "free-drive"}, ())


def test_the_accelerator_has_two_places(knowledge: Knowledge) -> None:
    assert read(knowledge, "-M q35,accel=kvm").request.facts == {"accelerator": "kvm"}
    assert read(knowledge, "-M q35 -accel kvm").request.facts == {"accelerator": "kvm"}


def test_unknown_options_are_noted_with_their_place(knowledge: Knowledge) -> None:
    ((text, where),) = read(knowledge, "-M q35 -frobnicate yes").notes
    assert text == "-frobnicate is not known to the rules and was read over"
    assert where.argument == 3


def test_a_device_without_a_type(knowledge: Knowledge) -> None:
    with pytest.raises(Unusable) as caught:
        read(knowledge, "-M q35 -device id=a")
    assert [d.code for d in caught.value.diagnostics] == ["QR404"]


@pytest.mark.parametrize(
    ("words", "arch"),
    [
        (["qemu-system-x86_64"], "x86_64"),
        (["/usr/bin/qemu-system-aarch64", "-M"], "aarch64"),
        (["-M", "q35"], None),
        ([], None),
        (["kvm"], None),
    ],
)
def test_the_binarys_name_tells_the_architecture(words: list[str], arch: str | None) -> None:
    assert argv.architecture(words) == arch
