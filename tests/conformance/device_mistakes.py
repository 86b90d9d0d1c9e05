"""What people get wrong about devices, and what is added while the machine runs."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.device_draws import Draw, Item

Mistake = Callable[[Draw], None]


def _one(draw: Draw, name: str = "driver") -> Item:
    """Some device that has this written; a new one where none has."""
    having = [item for item in draw.items if name in item]
    return draw.rng.choice(having) if having else draw.add("virtio-rng-pci")


def without_controller(draw: Draw) -> None:
    """A device less: often one that others go on."""
    if draw.items:
        draw.items.remove(_one(draw, draw.rng.choice(("id", "driver"))))


def later(draw: Draw) -> None:
    """A device stands after what needs it."""
    if len(draw.items) > 1:
        item = _one(draw, "id")
        if item in draw.items:
            draw.items.remove(item)
            draw.items.insert(draw.rng.randrange(len(draw.items) + 1), item)


def unknown_bus(draw: Draw) -> None:
    item = _one(draw, "bus")
    bus = str(item.get("bus", draw.root))
    item["bus"] = draw.rng.choice(
        (
            "nobus",
            f"{bus}0",
            bus.rpartition(".")[0] or "x",
            f"{bus}.0",
            bus.upper(),
            f"/{bus}",
            "/",
            "",
            f"/machine/peripheral/{bus}",
            "main-system-bus",
        )
    )


def wrong_bus(draw: Draw) -> None:
    known = [bus for buses in draw.buses.values() for bus in buses]
    _one(draw)["bus"] = draw.rng.choice(
        [*known, draw.root, "pcie.0", "pci.0", "isa.0", "virtual-css", "spapr-vio", "ide.0", "virtio-mmio-bus.0", "i2c"]
    )


def equal_ids(draw: Draw) -> None:
    first, second = _one(draw, "id"), _one(draw)
    second["id"] = first.get("id", "twin")
    first["id"] = second["id"]


def ill_formed_id(draw: Draw) -> None:
    _one(draw)["id"] = draw.rng.choice(("9x", "a b", "_x", "x/y", "", "ü", "a.b-c_d", "x:y", "-x"))


def no_such_driver(draw: Draw) -> None:
    _one(draw)["driver"] = draw.rng.choice(
        ("nosuch", "pci-device", "virtio-device", "E1000", "spapr-vty", "virtio-net-ccw", "isa-serial", "intel-iommu", "virtio-blk-device",
         "piix3-ide", "ICH9-LPC", "i440FX", "usb-device", "scsi-disk", "ide-drive", "virtio-pci", "q35-pcihost", "gpex-root", "pc-dimm", "sclp", "usb",
         "nvme-bus", "e1000-base", "virtio-mmio", "pcie-bus", "VGA-x", "fw_cfg_mem", "PIIX4_PM", "usb-hub", "scsi-hd", "floppy", "sd-card")
    )  # fmt: skip


def no_such_property(draw: Draw) -> None:
    _one(draw)[
        draw.rng.choice(
            ("colour", "slot_nr", "chasis", "unit_nr", "address", "Bus", "index", "reg", "devno", "unit", "nr", "port", "drive")
        )
    ] = "1"


def value_out_of_place(draw: Draw) -> None:
    item = _one(draw)
    names = [name for name in item if name not in ("driver", "id", "bus")]
    name = draw.rng.choice(names or ["addr"])
    item[name] = draw.rng.choice(
        (-1, "", "x", 99999, 0x100000000, "on", "0x", "1.5", 255, 256, 65536, 31, 32, "1k", " 1", "01", "010", "-0", True)
    )


def taken_address(draw: Draw) -> None:
    first, second = _one(draw, "addr"), _one(draw)
    if "addr" in first and first is not second:
        second.update({name: first[name] for name in ("bus", "addr") if name in first})


def functions_alone(draw: Draw) -> None:
    bus, slot = draw.rng.choice(draw.buses["pci"] or ["pci.0"]), draw.rng.randrange(2, 31)
    for function in draw.rng.sample(range(8), 2):
        item = draw.add("virtio-rng-pci", "x", bus=bus, addr=f"{slot:x}.{function}")
        if draw.maybe(0.3):
            item["multifunction"] = "on"


def bad_address(draw: Draw) -> None:
    _one(draw, "addr")["addr"] = draw.rng.choice(
        ("20", "1f.8", "ff", "1.x", "-1", "-2", "1.", ".1", "0x20", "1f.7", "0", "1f", "1e", "1", "0.1", 248, 8, 256, "00.8")
    )


def lost_backend(draw: Draw) -> None:
    if draw.backends:
        draw.backends.remove(draw.rng.choice(draw.backends))


def shared_backend(draw: Draw) -> None:
    name = draw.rng.choice(("drive", "chardev", "memdev", "cryptodev"))
    first, second = _one(draw, name), _one(draw, name)
    if name in first:
        second[name] = first[name]


def nothing_behind(draw: Draw) -> None:
    item = _one(draw, draw.rng.choice(("drive", "chardev", "memdev", "cryptodev", "serial", "audiodev", "chassis", "chassis_nr")))
    for name in ("drive", "chardev", "memdev", "cryptodev", "serial", "chassis", "chassis_nr", "index", "target"):
        if name in item:
            del item[name]
            return


def full_bus(draw: Draw) -> None:
    bus = draw.rng.choice(draw.buses["pci"] + draw.buses["anyport"] or ["pci.0"])
    for _ in range(draw.rng.choice((2, 33))):
        draw.add(draw.rng.choice(("virtio-rng-pci", "e1000e", "virtio-scsi-pci")), "x", bus=bus)


def too_many(draw: Draw) -> None:
    """More of one kind than there may be, or than its bus takes."""
    driver, most = draw.rng.choice((
        ("scsi-cd", 9), ("usb-tablet", 5), ("floppy", 3), ("ide-cd", 6), ("virtio-rng-device", 9), ("isa-debug-exit", 2), ("intel-iommu", 2),
        ("virtio-balloon-pci", 2), ("vmcoreinfo", 2), ("ramfb", 2), ("spapr-rng", 2), ("i6300esb", 2), ("VGA", 2), ("virtio-balloon-ccw", 2),
        ("sclpconsole", 2), ("isa-fdc", 3), ("usb-ccid", 2), ("vmgenid", 2), ("pcie-root-port", 2), ("pci-bridge", 2), ("igb", 3),
        ("nvme-ns", 2), ("sd-card", 2), ("virtio-iommu-pci", 2), ("zpci", 2), ("spapr-pci-host-bridge", 2), ("acpi-erst", 2), ("tpm-tis", 2),
    ))  # fmt: skip
    for _ in range(most):
        draw.add(driver, "x", 0.3)


def same_numbers(draw: Draw) -> None:
    """Two devices have one number of chassis, slot, port, unit, target, device or host bridge."""
    name = draw.rng.choice(("chassis", "chassis_nr", "slot", "nr", "cad", "unit", "scsi-id", "lun", "port", "devno", "uid", "fid", "reg", "index",
                            "bus_nr", "nsid", "acpi-index", "firstport", "target", "core-id", "serial"))  # fmt: skip
    first, second = _one(draw, name), _one(draw, name)
    if name in first:
        second[name] = first[name]
    for item in (first, second):
        if name in item and draw.maybe(0.2):
            item[name] = 0


def other_order(draw: Draw) -> None:
    if len(draw.items) > 1:
        a, b = draw.rng.sample(range(len(draw.items)), 2)
        draw.items[a], draw.items[b] = draw.items[b], draw.items[a]


def named_by_counting(draw: Draw) -> None:
    """Controllers without ids, and buses by the names that they get."""
    driver, stem, behind = draw.rng.choice((
        ("virtio-scsi-pci", "scsi", "scsi-cd"), ("qemu-xhci", "usb-bus", "usb-kbd"), ("virtio-serial-pci", "virtio-serial-bus", "virtserialport"),
        ("pcie-root-port", "pcie", "e1000e"), ("pci-bridge", "pci", "virtio-rng-pci"), ("ich9-ahci", "ide", "ide-cd"),
        ("intel-hda", "hda", "hda-duplex"), ("pxb-pcie", "pcie", "virtio-rng-pci"), ("spapr-vscsi", "scsi", "scsi-cd"),
        ("virtio-scsi-ccw", "scsi", "scsi-cd"), ("spapr-pci-host-bridge", "pci", "virtio-rng-pci"), ("usb-ccid", "ccid-bus", "ccid-card-emulated"),
    ))  # fmt: skip
    for _ in range(draw.rng.choice((1, 2))):
        draw.add(driver, named=0, chassis=draw.rng.randrange(50, 250) if driver == "pcie-root-port" else None,
                 chassis_nr=draw.rng.randrange(50, 250) if driver == "pci-bridge" else None, index=4 if "host-bridge" in driver else None)  # fmt: skip
    draw.add(behind, bus=f"{stem}.{draw.rng.randrange(3)}")


def broken_switch(draw: Draw) -> None:
    """Switches of PCI Express put together as they cannot be."""
    kind = draw.rng.choice(
        (
            "x3130-upstream",
            "xio3130-downstream",
            "pcie-root-port",
            "i82801b11-bridge",
            "pcie-pci-bridge",
            "pxb-pcie",
            "pxb",
            "ioh3420",
        )
    )
    known = [bus for buses in draw.buses.values() for bus in buses]
    item = draw.add(kind, "sw", bus=draw.rng.choice([*known, draw.root]))
    if kind in ("xio3130-downstream", "pcie-root-port", "ioh3420") and draw.maybe(0.8):
        item["chassis"] = draw.rng.randrange(0, 250)
    if kind.startswith("pxb"):
        item["bus_nr"] = draw.rng.choice((0, 1, 7, 0x20, 0x40, 255, 256))


MISTAKES: tuple[Mistake, ...] = (
    without_controller, without_controller, later, later, unknown_bus, unknown_bus, wrong_bus, wrong_bus, equal_ids, ill_formed_id, no_such_driver,
    no_such_property, value_out_of_place, value_out_of_place, value_out_of_place, taken_address, functions_alone, bad_address, bad_address,
    lost_backend, shared_backend, nothing_behind, nothing_behind, full_bus, too_many, too_many, same_numbers, same_numbers, same_numbers, other_order,
    named_by_counting, named_by_counting, broken_switch, broken_switch,
)  # fmt: skip

LATER: dict[str, tuple[str, ...]] = {
    "": ("virtio-rng-pci", "virtio-net-pci", "e1000e", "e1000", "igb", "qemu-xhci", "nvme", "virtio-scsi-pci", "usb-kbd", "usb-tablet", "usb-hub",
         "scsi-cd", "virtserialport", "virtconsole", "VGA", "pcie-root-port", "pci-bridge", "nvme-ns", "ide-cd", "nosuch", "x3130-upstream",
         "i6300esb", "rtl8139", "virtio-balloon-pci", "ich9-ahci", "pcie-pci-bridge", "loader", "virtio-gpu-pci", "xio3130-downstream", "usb-ccid"),
    "x86_64": ("isa-serial", "floppy", "intel-iommu", "qemu64-x86_64-cpu", "pc-dimm", "vmgenid", "virtio-rng-device", "vmxnet3", "pvpanic"),
    "aarch64": ("virtio-rng-device", "ramfb", "vmcoreinfo", "pc-dimm", "tpm-tis-device", "arm-smmuv3", "virtio-mem-pci"),
    "arm": ("virtio-rng-device", "ramfb", "vmcoreinfo", "led"),
    "riscv64": ("virtio-rng-device", "ramfb", "vmcoreinfo", "riscv-iommu-pci"),
    "riscv32": ("virtio-rng-device", "ramfb", "vmcoreinfo"),
    "s390x": ("virtio-rng-ccw", "virtio-net-ccw", "virtio-rng-ccw", "virtio-blk-ccw", "zpci", "zpci", "qemu-s390x-cpu", "diag288", "virtio-gpu-ccw",
              "virtio-balloon-ccw", "sclpconsole"),
    "ppc64": ("spapr-vlan", "spapr-vscsi", "spapr-pci-host-bridge", "power9_v2.0-spapr-cpu-core", "pc-dimm", "spapr-rng", "virtio-rng-pci"),
}  # fmt: skip


def added_later(draw: Draw) -> Item:
    """A device for `device_add`: JSON, with numbers where numbers are due."""
    rng = draw.rng
    driver = rng.choice(LATER[""] + LATER[draw.arch] * 3)
    item: Item = {"driver": driver}
    if rng.random() < 0.8:
        item["id"] = draw.fresh("hot") if rng.random() < 0.95 else rng.choice([i["id"] for i in draw.items if "id" in i] or ["9"])
    kind = next((kind for start, kind in PLACES.items() if driver.startswith(start)), "pci")
    known = [*draw.buses[kind], *(draw.buses["anyport"] * 2 if kind == "pci" else ())]
    if known and rng.random() < 0.65:
        item["bus"] = rng.choice(known)
    elif rng.random() < 0.15:
        item["bus"] = rng.choice(["nobus", draw.root, *(bus for buses in draw.buses.values() for bus in buses)])
    item.update(_numbers(draw, driver, kind))
    if rng.random() < 0.03:
        item[rng.choice(("colour", "addr", "chardev"))] = rng.choice((True, 31, "x", -1))
    return item


PLACES = {
    "usb-": "usb",
    "scsi-": "scsi",
    "virtserial": "serial",
    "virtcon": "serial",
    "nvme-ns": "nvme",
    "ide-": "ide",
    "xio": "pxb",
    "isa": "isa",
}


def _numbers(draw: Draw, driver: str, kind: str) -> Item:
    rng, item = draw.rng, Item()
    free = [name for option, _, name in draw.backends if option == "-blockdev"]
    if kind == "pci" and rng.random() < 0.45:
        item["addr"] = rng.choice(("0", "0.0", "0.1", "3.1", "4.0", "5", "0x1b", "1f", "31", "1", "1.1", 8, "12"))
        if rng.random() < 0.25:
            item["multifunction"] = rng.random() < 0.8
    if driver in ("pcie-root-port", "xio3130-downstream"):
        item["chassis"] = rng.randrange(1, 250)
    elif driver == "pci-bridge":
        item["chassis_nr"] = rng.randrange(1, 250)
    elif driver == "nvme" and rng.random() < 0.7:
        item["serial"] = "hot"
    elif kind == "usb" and rng.random() < 0.4:
        item["port"] = rng.choice(("1", "2", "1.3", "9", "3", "4"))
    elif kind == "scsi":
        item.update({name: rng.choice((0, 1, 2, 3, 7, 300)) for name in ("scsi-id", "lun", "channel") if rng.random() < 0.3})
    elif kind == "serial" and rng.random() < 0.4:
        item["nr"] = rng.choice((0, 1, 2, 30, 31))
    elif driver.endswith("-ccw") and rng.random() < 0.5:
        item["devno"] = rng.choice(("fe.0.0abc", "fe.0.0000", "fe.0.0001", "fe.9.0001", "fe.1.0001", "fd.0.0001"))
    elif driver == "zpci" and rng.random() < 0.9:
        item.update(
            {
                "target": rng.choice(("hz", "hz", "hot1", "hot2", "zd0")),
                **({"uid": rng.randrange(1, 20)} if rng.random() < 0.3 else {}),
            }
        )
    elif driver == "spapr-pci-host-bridge" and rng.random() < 0.9:
        item["index"] = rng.choice((0, 1, 2, 5, 30, 31))
    elif "cpu" in driver and rng.random() < 0.9:
        item["core-id"] = rng.choice((0, 1, 2, 3, 8)) if draw.arch != "x86_64" else 0
        item.update({"socket-id": rng.randrange(5), "thread-id": 0} if draw.arch == "x86_64" else {})
    elif driver == "pc-dimm":
        known = [name for option, argument, name in draw.backends if argument.startswith("memory")]
        item.update({"memdev": rng.choice(known)} if known else {})
    elif driver in ("virtio-blk-ccw", "nvme-ns", "ide-cd") and free and rng.random() < 0.7:
        item["drive"] = rng.choice(free)
    return item
