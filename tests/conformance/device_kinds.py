"""What random configs of devices are drawn from: machines with their options, and types by what they are for."""

from __future__ import annotations

MACHINES: dict[str, tuple[str, ...]] = {
    "x86_64": (
        *("q35 " * 8).split(),
        *("pc " * 8).split(),
        *["isapc", "isapc", "microvm", "microvm", "microvm,pcie=on", "microvm,pcie=on,usb=on", "microvm,rtc=on,isa-serial=off"],
        *["pc-q35-7.2", "pc-q35-6.2", "pc-q35-5.2", "pc-q35-4.2", "pc-q35-3.0", "pc-q35-2.6", "pc-q35-2.4"],
        *["pc-i440fx-7.2", "pc-i440fx-6.0", "pc-i440fx-5.1", "pc-i440fx-4.0", "pc-i440fx-3.1", "pc-i440fx-2.12", "pc-i440fx-2.6"],
    ),
    "aarch64": ("virt", "virt", "virt", "virt-7.2", "virt-6.1", "virt-5.0", "virt-4.1", "virt-2.12", "virt-2.6"),
    "arm": ("virt", "virt", "virt-7.0", "virt-4.0", "virt-2.8"),
    "riscv64": ("virt",),
    "riscv32": ("virt",),
    "s390x": (*("s390-ccw-virtio " * 4).split(), *(f"s390-ccw-virtio-{v}" for v in ("7.2", "6.0", "4.2", "3.1", "2.12", "2.9"))),
    "ppc64": (*("pseries " * 4).split(), *(f"pseries-{v}" for v in ("7.2", "6.0", "5.0", "4.0", "3.1", "3.0"))),
}
ONLY_OLD: dict[str, tuple[str, ...]] = {
    "s390x": ("s390-ccw-virtio-2.8", "s390-ccw-virtio-2.6", "s390-ccw-virtio-2.4"),
    "ppc64": ("pseries-2.12", "pseries-2.8", "pseries-2.6", "pseries-2.4", "pseries-2.3", "pseries-2.1"),
    "x86_64": ("pc-i440fx-2.3", "pc-i440fx-2.0", "pc-i440fx-1.7", "pc-i440fx-1.4"),
}
"""What QEMU 7.2 has beside those."""
OPTIONS: dict[str, tuple[str, ...]] = {
    "q35": ("usb=on", "usb=off", "sata=off", "smbus=off", "acpi=off", "vmport=off", "hpet=off", "pit=off", "i8042=off", "smm=off"),
    "pc": ("usb=on", "usb=off", "smbus=off", "acpi=off", "vmport=off", "hpet=off", "pit=off", "i8042=off"),
    "isapc": ("i8042=off", "vmport=off", "pit=off"),
    "microvm": ("rtc=on", "pic=off", "pit=off", "acpi=off", "ioapic2=on", "usb=on"),
    "arm": ("acpi=off", "iommu=smmuv3", "gic-version=3", "gic-version=2", "its=off", "highmem=off", "virtualization=on", "secure=on", "usb=on"),
    "riscv": ("acpi=off", "aia=aplic", "aia=aplic-imsic", "aclint=on", "usb=on", "iommu-sys=on"),
    "s390x": ("usb=off", "usb=on", "aes-key-wrap=off"),
    "ppc64": ("usb=on", "usb=off", "ic-mode=xics", "ic-mode=xive", "ic-mode=dual", "cap-htm=off", "cap-cfpc=broken", "kernel-irqchip=off"),
}  # fmt: skip
NETWORK = (
    "e1000", "e1000-82544gc", "e1000-82545em", "e1000e", "rtl8139", "pcnet", "ne2k_pci", "vmxnet3", "tulip", "i82550", "i82551",
    "i82557a", "i82557b", "i82557c", "i82558a", "i82558b", "i82559a", "i82559b", "i82559c", "i82559er", "i82562", "i82801", "igb",
    "virtio-net-pci", "virtio-net-pci-transitional", "virtio-net-pci-non-transitional", "virtio-net", "e1000-82540em", "rocker",
)  # fmt: skip
DISPLAYS = (
    "VGA",
    "bochs-display",
    "cirrus-vga",
    "secondary-vga",
    "ati-vga",
    "virtio-gpu-pci",
    "virtio-vga",
    "qxl",
    "qxl-vga",
    "vmware-svga",
)
PLAIN = (
    "virtio-rng-pci", "virtio-rng-pci-transitional", "virtio-rng-pci-non-transitional", "virtio-tablet-pci", "virtio-mouse-pci",
    "virtio-keyboard-pci", "virtio-multitouch-pci", "pci-testdev", "edu", "i6300esb", "pci-serial", "pci-serial-2x", "pci-serial-4x",
    "pvpanic-pci", "tpci200", "virtio-rng", "sdhci-pci", "pci-ohci", "piix3-ide", "piix4-ide",
)  # fmt: skip
UNDERSCORED = {"chassis_nr", "bus_nr", "numa_node", "max_ports", "x_iobase"}
ONLY_ONE = (
    "virtio-balloon-pci",
    "virtio-iommu-pci",
    "ivshmem-plain",
    "acpi-erst",
    "sii3112",
    "sungem",
    "i82378",
    "sm501",
    "amd-iommu",
)
ON_MAINFRAMES = (
    "virtio-net-pci", "virtio-net-pci-transitional", "virtio-net-pci-non-transitional", "virtio-rng-pci", "virtio-rng-pci-transitional",
    "virtio-rng-pci-non-transitional", "virtio-tablet-pci", "virtio-mouse-pci", "virtio-keyboard-pci", "virtio-multitouch-pci",
    "virtio-gpu-pci", "e1000e", "igb", "qemu-xhci", "virtio-net", "virtio-rng",
)  # fmt: skip
SCSI = (
    "virtio-scsi-pci", "virtio-scsi-pci", "virtio-scsi-pci-transitional", "virtio-scsi-pci-non-transitional", "virtio-scsi", "lsi53c895a",
    "lsi53c810", "lsi", "megasas", "megasas-gen2", "mptsas1068", "pvscsi", "am53c974", "dc390",
)  # fmt: skip
XHCI = ("qemu-xhci", "qemu-xhci", "nec-usb-xhci", "usb-ehci", "piix3-usb-uhci", "piix4-usb-uhci", "pci-ohci", "ich9-usb-ehci2")
ON_USB = ("usb-tablet", "usb-kbd", "usb-mouse", "usb-hub", "usb-net", "usb-wacom-tablet", "usb-ccid", "usb-storage", "usb-serial",
          "usb-audio", "usb-bot", "usb-uas", "usb-braille")  # fmt: skip
ISA = ("isa-serial", "isa-parallel", "isa-debugcon", "isa-debug-exit", "pvpanic", "ib700", "adlib", "gus", "sb16", "cs4231a", "ne2k_isa",
       "isa-ide", "isa-fdc", "isa-applesmc", "pc-testdev", "i8042", "vmmouse", "mc146818rtc", "isa-vga", "isa-cirrus-vga")  # fmt: skip
MMIO = ("virtio-net-device", "virtio-rng-device", "virtio-scsi-device", "virtio-serial-device", "virtio-blk-device", "virtio-tablet-device",
        "virtio-balloon-device", "virtio-keyboard-device", "virtio-gpu-device", "virtio-crypto-device", "virtio-sound-device")  # fmt: skip
CCW = ("virtio-net-ccw", "virtio-rng-ccw", "virtio-scsi-ccw", "virtio-serial-ccw", "virtio-blk-ccw", "virtio-tablet-ccw",
       "virtio-keyboard-ccw", "virtio-gpu-ccw", "virtio-crypto-ccw", "virtio-mouse-ccw")  # fmt: skip
BARE: dict[str, tuple[str, ...]] = {
    "x86_64": ("vmgenid", "vmcoreinfo", "ramfb", "intel-iommu", "ipmi-bmc-sim", "vmclock", "isa-debug-exit", "amd-iommu"),
    "aarch64": ("vmcoreinfo", "ramfb", "led", "uefi-vars-sysbus", "guest-loader", "tpm-tis-device"),
    "riscv64": ("vmcoreinfo", "ramfb", "uefi-vars-sysbus", "riscv-iommu-pci"),
    "s390x": ("diag288", "sclpconsole", "sclplmconsole", "x-terminal3270", "virtio-balloon-ccw"),
    "ppc64": ("spapr-rng", "ipmi-bmc-sim", "spapr-tpm-proxy", "guest-loader"),
}  # fmt: skip
