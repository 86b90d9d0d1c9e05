"""The reader of `info qtree`, on text as QEMU prints it and on text as it should not be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qrules.qemu.qtree import Bus, BusPlace, Device, DevicePlace, bus_places, device_places, parse, walk

PRINTED = """\
bus: main-system-bus
  type System
  dev: ps2-kbd, id ""
    gpio-out "" 1
  dev: q35-pcihost, id ""
    pci-hole64-size = 34359738368 (32 GiB)
    smm-ranges = true
    mmio ffffffffffffffff/0000000000000000
    bus: pcie.0
      type PCIE
      dev: qemu-xhci, id "x"
        addr = 03.0
        romfile = ""
        rombar = -1 (0xffffffffffffffff)
        class USB controller, addr 00:03.0, pci id 1b36:000d (sub 1af4:1100)
        bar 0: mem at 0xffffffffffffffff [0x3ffe]
        bus: x.0
          type usb-bus
          dev: usb-tablet, id ""
            port = ""
            addr 1.0, port 1.2, speed 480, name QEMU USB Tablet, attached
      dev: virtio-scsi-pci, id "s"
        addr = 02.0
        bus: virtio-bus
          type virtio-pci-bus
          dev: virtio-scsi-device, id ""
            bus: s.0
              type SCSI
              dev: scsi-hd, id "disk, \\"first\\""
                vendor = "QEMU = \\"good\\""
                channel = 0 (0x0)
                scsi-id = 3 (0x3)
                lun = 0 (0x0)
      dev: mch, id ""
        addr = 00.0
"""


def test_buses_with_what_they_hang_on() -> None:
    assert bus_places(parse(PRINTED)) == [
        BusPlace("main-system-bus", "System", "", ""),
        BusPlace("pcie.0", "PCIE", "q35-pcihost", "main-system-bus"),
        BusPlace("x.0", "usb-bus", "qemu-xhci", "pcie.0"),
        BusPlace("virtio-bus", "virtio-pci-bus", "virtio-scsi-pci", "pcie.0"),
        BusPlace("s.0", "SCSI", "virtio-scsi-device", "virtio-bus"),
    ]


def test_devices_with_their_addresses() -> None:
    assert device_places(parse(PRINTED)) == [
        DevicePlace("ps2-kbd", "", "main-system-bus", "System", {}),
        DevicePlace("q35-pcihost", "", "main-system-bus", "System", {}),
        DevicePlace("qemu-xhci", "x", "pcie.0", "PCIE", {"addr": "03.0"}),
        DevicePlace("virtio-scsi-pci", "s", "pcie.0", "PCIE", {"addr": "02.0"}),
        DevicePlace("mch", "", "pcie.0", "PCIE", {"addr": "00.0"}),
        DevicePlace("usb-tablet", "", "x.0", "usb-bus", {"port": "", "usb-port": "1.2"}),
        DevicePlace("virtio-scsi-device", "", "virtio-bus", "virtio-pci-bus", {}),
        DevicePlace("scsi-hd", 'disk, \\"first\\"', "s.0", "SCSI", {"channel": "0", "scsi-id": "3", "lun": "0"}),
    ]


def test_other_properties_can_count_as_the_address() -> None:
    (xhci,) = (place for place in device_places(parse(PRINTED), names=("romfile",)) if place.type == "qemu-xhci")
    assert xhci.address == {"romfile": ""}


def test_properties_are_text_without_their_second_form() -> None:
    devices = {device.type: device for bus, _, _ in walk(parse(PRINTED)) for device in bus.devices}
    assert devices["q35-pcihost"].properties == {"pci-hole64-size": "34359738368", "smm-ranges": "true"}
    assert devices["q35-pcihost"].remarks == ("mmio ffffffffffffffff/0000000000000000",)
    assert devices["qemu-xhci"].properties == {"addr": "03.0", "romfile": "", "rombar": "-1"}
    assert devices["scsi-hd"].properties["vendor"] == 'QEMU = \\"good\\"'


def test_an_empty_tree() -> None:
    assert parse("") == ()
    assert bus_places(()) == [] == device_places(())


def test_a_value_of_several_lines_ends_nothing() -> None:
    printed = 'bus: b\n  type K\n  dev: d, id ""\n    serial = "one\ntwo"\n    unit = 1 (0x1)\n'
    (bus,) = parse(printed)
    assert bus.devices[0].properties == {"serial": '"one', "unit": "1"}
    assert bus.devices[0].remarks == ('two"',)


def test_lines_out_of_place_are_passed_over() -> None:
    printed = """\
noise
dev: stray, id ""
bus: a

  bus: inside-a-bus
  dev: d, id "x"
    dev: inside-a-device, id ""
bus: z
"""
    assert parse(printed) == (
        Bus("a", "", (Device("d", "x", {}, (), ()),)),
        Bus("z", "", ()),
    )


@given(st.text(alphabet='busdevtyp:=" \n,i1()', max_size=200))
def test_no_text_is_too_odd(printed: str) -> None:
    tree = parse(printed)
    assert len(bus_places(tree)) == sum(1 for _ in walk(tree))
