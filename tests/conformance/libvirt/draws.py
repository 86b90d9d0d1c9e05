"""Random domains: a seed gives a domain, most of them such as people write, some with a mistake in them."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from tests.conformance.libvirt.oracle import Question


class Guest(NamedTuple):
    """A machine with what is usual on it."""

    arch: str
    machine: str
    disks: tuple[str, ...]
    nics: tuple[str, ...]
    features: str = ""
    pci: tuple[str, ...] = ()
    usb: tuple[str, ...] = ()
    scsi: tuple[str, ...] = ("virtio-scsi",)
    videos: tuple[str, ...] = ()


_X86 = ("virtio", "e1000", "rtl8139", "e1000e", "virtio-non-transitional", "virtio-transitional", "pcnet", "ne2k_pci")
_USB = ("piix3-uhci", "qemu-xhci", "nec-xhci", "ich9-ehci1", "ehci", "pci-ohci", "none", "vt82c686b-uhci")
_SCSI = ("virtio-scsi", "lsilogic", "lsisas1068", "vmpvscsi", "lsisas1078")
_VIDEOS = ("vga", "cirrus", "qxl", "virtio", "vmvga", "bochs", "none", "ramfb")
_EXPRESS = ("pcie-root-port", "pcie-root-port", "pcie-to-pci-bridge", "dmi-to-pci-bridge", "pcie-expander-bus")

GUESTS = (
    Guest("x86_64", "pc", ("virtio", "ide", "scsi", "usb", "sata", "fdc"), _X86, "<acpi/><apic/>", ("pci-bridge", "pci-expander-bus"), _USB, _SCSI, _VIDEOS),
    Guest("x86_64", "pc-i440fx-7.2", ("virtio", "ide", "scsi"), _X86, "<acpi/>", ("pci-bridge",), _USB, _SCSI, _VIDEOS),
    Guest("x86_64", "q35", ("virtio", "sata", "scsi", "usb"), _X86, "<acpi/><apic/>", _EXPRESS, _USB, _SCSI, _VIDEOS),
    Guest("x86_64", "pc-q35-7.2", ("virtio", "sata", "scsi"), _X86, "<acpi/>", _EXPRESS[:4], _USB, _SCSI, _VIDEOS),
    Guest("aarch64", "virt", ("virtio", "scsi", "usb", "sata"), ("virtio", "e1000", "rtl8139"), "<gic version='3'/>", _EXPRESS[:3], ("qemu-xhci", "nec-xhci"), ("virtio-scsi",), ("virtio", "vga", "ramfb")),
    Guest("s390x", "s390-ccw-virtio", ("virtio", "scsi"), ("virtio",), videos=("virtio",)),
    Guest("ppc64", "pseries", ("virtio", "scsi", "usb"), ("virtio", "spapr-vlan", "e1000", "rtl8139"), "", ("pci-bridge", "pci-root"), ("qemu-xhci", "pci-ohci", "nec-xhci"), ("ibmvscsi", "virtio-scsi"), ("vga", "virtio")),
)  # fmt: skip
WEIGHTS = (5, 1, 6, 1, 3, 2, 3)
IMAGES = "/var/lib/libvirt/images"
_LETTERS = "abcdefgh"


class Draw:
    """One domain in the making."""

    def __init__(self, seed: int, mistakes: float = 0.25) -> None:
        self.random = Random(seed)
        self.guest = self.random.choices(GUESTS, WEIGHTS)[0]
        self.wrong = self.random.random() < mistakes
        self.images = list(_LETTERS)
        self.targets: dict[str, int] = {}
        self.devices: list[str] = []
        self.slots: set[str] = set()

    def chance(self, share: float) -> bool:
        """Whether something happens."""
        return self.random.random() < share

    def question(self, name: str) -> Question:
        """The domain, and now and then devices to attach."""
        draw = self.random
        parts = [self.controllers, self.disks, self.nics, self.screens, self.inputs, self.lines, self.others]
        for part in parts:
            part()
        if self.chance(0.2):
            draw.shuffle(self.devices)
        attach = tuple(self.attached() for _ in range(draw.choice((1, 1, 2, 3)))) if self.chance(0.3) else ()
        memory, cpu = self.memory()
        xml = f"""<domain type='qemu'>
  <name>vm</name>
  {memory}
  <vcpu>{draw.choice((1, 2, 4))}</vcpu>
  <os><type arch='{self.guest.arch}' machine='{self.guest.machine}'>hvm</type></os>
  <features>{self.guest.features}</features>
  {cpu}
  <devices>
    {chr(10).join(self.devices)}
  </devices>
</domain>
"""
        return Question(name, xml, attach)

    def memory(self) -> tuple[str, str]:
        """Memory, and what a module of it needs."""
        if self.guest.arch in ("x86_64", "aarch64") and self.chance(0.07):
            self.devices.append("<memory model='dimm'><target><size unit='MiB'>256</size><node>0</node></target></memory>")
            return (
                "<maxMemory slots='4' unit='MiB'>4096</maxMemory><memory unit='MiB'>768</memory>",
                "<cpu><numa><cell id='0' cpus='0' memory='512' unit='MiB'/></numa></cpu>",
            )
        return "<memory unit='MiB'>512</memory>", ""

    def controllers(self) -> None:
        """Controllers that the author wrote."""
        guest, draw = self.guest, self.random
        if guest.pci and self.chance(0.3):
            root = "pcie-root" if any(model.startswith("pcie") for model in guest.pci) else "pci-root"
            if not self.wrong or self.chance(0.7):
                self.devices.append(f"<controller type='pci' index='0' model='{root}'/>")
            for number in range(draw.randint(1, 4)):
                index = f" index='{number + 1}'" if self.chance(0.5) else ""
                self.devices.append(f"<controller type='pci'{index} model='{draw.choice(guest.pci)}'/>")
        if guest.usb and self.chance(0.3):
            ports = f" ports='{draw.choice((2, 8, 15, 16 if self.wrong else 4))}'" if self.chance(0.15) else ""
            model = draw.choice(guest.usb if self.wrong else guest.usb[:4])
            self.devices.append(
                f"<controller type='usb' index='0' model='{model}'{ports if self.wrong or 'xhci' in model else ''}/>"
            )
        if self.chance(0.25):
            self.devices.append(f"<controller type='scsi' index='{draw.choice((0, 0, 1))}' model='{draw.choice(guest.scsi)}'/>")
        if self.chance(0.15):
            self.devices.append("<controller type='virtio-serial' index='0'/>")
        if self.chance(0.05):
            self.devices.append("<controller type='sata' index='0'/>")

    def address(self, share: float = 0.15) -> str:
        """An address of the author's own, often on the root bus."""
        if self.guest.arch == "s390x" or not self.chance(share):
            return ""
        bus = self.random.choice((0, 0, 0, 1, 2)) if self.wrong else 0
        slot = self.random.randint(1, 31) if self.wrong else self.random.randint(5, 28)
        while not self.wrong and f"{bus}:{slot}" in self.slots:
            slot = self.random.randint(5, 28)
        self.slots.add(f"{bus}:{slot}")
        return f"<address type='pci' domain='0' bus='{bus:#04x}' slot='{slot:#04x}' function='0x0'/>"

    def disks(self) -> None:
        """Disks on the buses that the machine has."""
        for _ in range(self.random.choice((0, 1, 1, 2, 2, 3, 5))):
            if self.images:
                self.devices.append(self.disk(self.random.choice((*self.guest.disks, "ide") if self.wrong else self.guest.disks)))

    def disk(self, bus: str) -> str:
        """A disk on a bus."""
        prefix = {"virtio": "vd", "ide": "hd", "fdc": "fd"}.get(bus, "sd")
        number = self.targets.get(prefix, 0)
        step = self.random.choice((1, 1, 1, 1, 3, 8)) if bus in ("scsi", "sata") else 1
        if not (self.wrong and self.chance(0.2)):
            self.targets[prefix] = number + step
        kind = "floppy" if bus == "fdc" else "cdrom" if bus in ("ide", "sata", "scsi") and self.chance(0.3) else "disk"
        image = f"{IMAGES}/{self.images.pop()}.img" if kind != "floppy" else f"{IMAGES}/f.img"
        source = f"<source file='{image}'/>" if kind != "cdrom" or self.chance(0.6) else ""
        address = self.address() if bus == "virtio" else ""
        return (
            f"<disk type='file' device='{kind}'><driver name='qemu' type='raw'/>{source}"
            f"<target dev='{prefix}{chr(97 + number % 26)}' bus='{bus}'/>{address}</disk>"
        )

    def nics(self) -> None:
        """Network cards, some without a model."""
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 3, 6))):
            self.devices.append(self.nic())

    def nic(self) -> str:
        """A network card."""
        model = f"<model type='{self.random.choice(self.guest.nics)}'/>" if self.chance(0.85) else ""
        return f"<interface type='user'>{model}{self.address()}</interface>"

    def screens(self) -> None:
        """A screen and what shows it."""
        if self.chance(0.4):
            self.devices.append("<graphics type='vnc' port='-1'/>")
        if self.guest.videos and self.chance(0.35):
            for number in range(self.random.choice((1, 1, 1, 2))):
                model = self.random.choice(self.guest.videos if not number or self.wrong else ("virtio",))
                self.devices.append(f"<video><model type='{model}'/>{self.address(0.05)}</video>")
        if self.guest.pci and self.chance(0.2):
            self.devices.append(f"<sound model='{self.random.choice(('ich9', 'ich6', 'ac97', 'es1370', 'usb', 'sb16'))}'/>")

    def inputs(self) -> None:
        """Things to point and type with."""
        if self.guest.arch != "s390x" and self.chance(0.4):
            for _ in range(self.random.choice((1, 1, 2, 4, 9))):
                self.devices.append(f"<input type='{self.random.choice(('tablet', 'mouse', 'keyboard'))}' bus='usb'/>")
            if self.chance(0.2):
                self.devices.append("<hub type='usb'/>")
        if self.chance(0.1):
            self.devices.append("<input type='keyboard' bus='virtio'/>")

    def lines(self) -> None:
        """Serial lines, consoles and channels."""
        if self.chance(0.4):
            self.devices.append("<serial type='pty'/>")
        if self.chance(0.3):
            kind = self.random.choice(("virtio", "sclp" if self.guest.arch == "s390x" and self.wrong else "virtio"))
            self.devices.append(f"<console type='pty'><target type='{kind}'/></console>")
        if self.chance(0.3):
            for number in range(self.random.choice((1, 1, 2))):
                self.devices.append(f"<channel type='pty'><target type='virtio' name='org.x.{number}'/></channel>")
        if self.guest.arch == "x86_64" and self.chance(0.08):
            self.devices.append("<parallel type='pty'/>")

    def others(self) -> None:
        """What else a machine may have."""
        draw = self.random
        if self.chance(0.3):
            self.devices.append("<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>")
        if self.chance(0.15):
            self.devices.append(f"<memballoon model='{draw.choice(('none', 'virtio'))}'/>")
        if self.chance(0.12):
            own = {"s390x": "diag288", "x86_64": "itco" if "q35" in self.guest.machine else "ib700"}.get(
                self.guest.arch, "i6300esb"
            )
            model = draw.choice(("i6300esb", "itco", "ib700", "diag288")) if self.wrong else own
            self.devices.append(f"<watchdog model='{model}' action='reset'/>")
        if self.chance(0.08):
            model = draw.choice(("", " model='pvpanic'", " model='isa'")) if self.wrong or self.guest.arch == "aarch64" else ""
            self.devices.append(f"<panic{model}/>")
        if self.chance(0.06):
            self.devices.append(
                "<vsock model='virtio'><cid auto='no' address='5'/></vsock>"
                if self.wrong
                else "<crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>"
            )
        if self.guest.machine in ("q35", "virt") and self.chance(0.06):
            self.devices.append(
                f"<iommu model='{draw.choice(('virtio', 'intel' if self.guest.arch == 'x86_64' else 'smmuv3'))}'/>"
            )

    def attached(self) -> str:
        """A device for the running machine."""
        draw = self.random
        kind = draw.choice(("nic", "nic", "disk", "scsi", "usb", "rng", "controller", "sata", "sound", "input"))
        if kind == "nic":
            return self.nic()
        if kind in ("disk", "scsi", "usb", "sata") and self.images:
            return self.disk({"disk": "virtio"}.get(kind, kind))
        if kind == "controller":
            return f"<controller type='{draw.choice(('scsi', 'virtio-serial', 'pci', 'usb'))}' index='{draw.choice((1, 2, 3))}'/>"
        if kind == "sound":
            return "<sound model='ich6'/>"
        if kind == "input":
            return "<input type='tablet' bus='usb'/>"
        return "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"


def random_domains(seed: int, count: int) -> list[Question]:
    """Domains by number: each follows from the seed and its number alone."""
    return [Draw(seed * 1_000_003 + number).question(f"random-{seed}-{number}") for number in range(count)]
