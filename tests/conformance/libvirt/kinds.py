"""Random domains with the devices that few people have: each kind in the forms that libvirt's documents show, some of them wrong."""

from __future__ import annotations

from tests.conformance.libvirt.draws import Draw
from tests.conformance.libvirt.oracle import Question

_AGES = ("virtio", "virtio", "virtio-transitional", "virtio-non-transitional")
_RANDOM = "<backend model='random'>/dev/urandom</backend>"
_TCP = "<source mode='bind' host='127.0.0.1' service='0'/>"


class Kinds(Draw):
    """One domain, mostly of rare kinds."""

    def others(self) -> None:
        """One to three of them."""
        super().others()
        kinds = [
            self.redirected,
            self.shared_memory,
            self.numbers,
            self.folders,
            self.balloon,
            self.watchdogs,
            self.tpms,
            self.panics,
        ]
        kinds += [self.iommus, self.ciphers, self.sounds, self.cards, self.channels, self.consoles, self.serials, self.pointers]
        kinds += [self.hubs, self.heads, self.modules, self.of_the_host, self.of_mainframes, self.of_power, self.sockets]
        for part in self.random.sample(kinds, self.random.choice((1, 1, 2, 3))):
            part()

    def add(self, *texts: str) -> None:
        """One of some devices."""
        self.devices.append(self.random.choice(texts))

    def maybe(self, share: float, text: str) -> str:
        """A text, or none."""
        return text if self.chance(share) else ""

    # ------------------------------------------------------------------------------ kinds
    def redirected(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self.add(
                f"<redirdev bus='usb' type='tcp'>{_TCP}{self.maybe(0.2, self.usb())}</redirdev>",
                f"<redirdev bus='usb' type='tcp'>{_TCP}<boot order='{self.random.randint(1, 9)}'/></redirdev>",
            )

    def usb(self) -> str:
        """A port."""
        return f"<address type='usb' bus='{self.random.choice((0, 0, 0, 1))}' port='{self.random.choice(('1', '2', '3', '1.1', '9'))}'/>"

    def shared_memory(self) -> None:
        model = self.random.choice(("ivshmem-plain", "ivshmem-plain", "ivshmem"))
        size = self.random.choice(("<size unit='M'>4</size>", "<size unit='M'>3</size>", ""))
        self.add(f"<shmem name='s{self.random.randint(0, 2)}'><model type='{model}'/>{size}{self.address()}</shmem>")

    def numbers(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            rate = self.maybe(0.3, "<rate bytes='1024' period='1000'/>")
            self.add(f"<rng model='{self.random.choice(_AGES)}'>{rate}{_RANDOM}{self.address()}</rng>")

    def folders(self) -> None:
        model = self.maybe(0.3, f" model='{self.random.choice(_AGES)}'")
        mode = self.random.choice(("passthrough", "mapped", "squash"))
        for n in range(self.random.randint(1, 2)):
            self.add(
                f"<filesystem type='mount' accessmode='{mode}'{model}><source dir='/tmp'/><target dir='t{n}'/>{self.address()}</filesystem>",
                f"<filesystem type='mount'><driver type='path'/><source dir='/tmp'/><target dir='t{n}'/><readonly/></filesystem>",
                f"<filesystem type='mount'><driver type='virtiofs'/><source dir='/tmp'/><target dir='t{n}'/></filesystem>",
            )

    def balloon(self) -> None:
        more = self.maybe(0.3, "<stats period='5'/>") + self.address()
        self.add(
            f"<memballoon model='{self.random.choice(_AGES)}'{self.maybe(0.2, ' autodeflate=' + chr(39) + 'on' + chr(39))}>{more}</memballoon>"
        )

    def watchdogs(self) -> None:
        action = self.random.choice(("reset", "poweroff", "pause", "none", "inject-nmi"))
        for _ in range(self.random.choice((1, 1, 2))):
            model = self.random.choice(("i6300esb", "i6300esb", "ib700", "itco", "diag288"))
            self.add(f"<watchdog model='{model}' action='{action}'>{self.address(0.1)}</watchdog>")

    def tpms(self) -> None:
        model = self.random.choice(("", " model='tpm-tis'", " model='tpm-crb'", " model='tpm-spapr'"))
        self.add(f"<tpm{model}><backend type='emulator' version='{self.random.choice(('2.0', '2.0', '1.2'))}'/></tpm>")

    def panics(self) -> None:
        for _ in range(self.random.choice((1, 1, 2))):
            model = self.random.choice(
                ("", " model='isa'", " model='pvpanic'", " model='hyperv'", " model='pseries'", " model='s390'")
            )
            self.add(
                f"<panic{model}>{self.maybe(0.15, chr(60) + 'address type=' + chr(39) + 'isa' + chr(39) + ' iobase=' + chr(39) + '0x505' + chr(39) + '/>')}</panic>"
            )

    def iommus(self) -> None:
        driver = self.maybe(0.3, f"<driver {self.random.choice(('caching_mode', 'iotlb', 'intremap'))}='on'/>")
        self.add(f"<iommu model='{self.random.choice(('virtio', 'intel', 'smmuv3'))}'>{driver}</iommu>")

    def ciphers(self) -> None:
        for _ in range(self.random.choice((1, 2))):
            queues = self.maybe(0.5, " queues='2'")
            self.add(f"<crypto model='virtio' type='qemu'><backend model='builtin'{queues}/>{self.address(0.1)}</crypto>")

    def sounds(self) -> None:
        model = self.random.choice(("ich9", "ich6", "ac97", "es1370", "sb16", "pcspk", "usb", "virtio", "ich7"))
        codec = self.maybe(0.4, f"<codec type='{self.random.choice(('duplex', 'micro', 'output'))}'/>")
        audio = self.maybe(0.3, "<audio id='1'/>")
        self.devices.append(f"<sound model='{model}'>{codec}{audio}{self.address(0.1)}</sound>")
        if audio:
            self.devices.append("<audio id='1' type='none'/>")

    def cards(self) -> None:
        for n in range(self.random.choice((1, 1, 2))):
            place = self.maybe(0.2, f"<address type='ccid' controller='0' slot='{n}'/>")
            self.add(f"<smartcard mode='passthrough' type='tcp'>{_TCP}<protocol type='raw'/>{place}</smartcard>")

    def channels(self) -> None:
        for n in range(self.random.randint(1, 4)):
            place = self.maybe(
                0.2, f"<address type='virtio-serial' controller='{self.random.choice((0, 0, 1))}' bus='0' port='{n + 1}'/>"
            )
            self.add(
                f"<channel type='pty'><target type='virtio' name='org.y.{n}'/>{place}</channel>",
                f"<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.{n}'/></channel>",
                "<channel type='null'><target type='virtio'/></channel>",
                f"<channel type='pty'><target type='guestfwd' address='10.0.2.1' port='{4600 + n}'/></channel>",
            )

    def consoles(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.choice(("serial", "virtio", "virtio", "sclp", "sclplm"))
            self.add(f"<console type='pty'><target type='{kind}'/></console>")

    def serials(self) -> None:
        kinds = (
            "isa-serial",
            "isa-serial",
            "usb-serial",
            "pci-serial",
            "isa-debug",
            "system-serial",
            "sclp-serial",
            "spapr-vio-serial",
        )
        for _ in range(self.random.randint(1, 3)):
            model = self.maybe(
                0.2, f"<model name='{self.random.choice(('isa-serial', 'usb-serial', 'pci-serial', 'pl011', 'isa-debugcon'))}'/>"
            )
            self.add(
                f"<serial type='{self.random.choice(('pty', 'null'))}'><target type='{self.random.choice(kinds)}'>{model}</target></serial>"
            )

    def pointers(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            kind, bus = (
                self.random.choice(("mouse", "tablet", "keyboard")),
                self.random.choice(("usb", "virtio", "virtio", "ps2")),
            )
            model = self.maybe(0.15, " model='virtio-non-transitional'")
            self.add(f"<input type='{kind}' bus='{bus}'{model}>{self.usb() if bus == 'usb' and self.chance(0.2) else ''}</input>")

    def hubs(self) -> None:
        for _ in range(self.random.randint(1, 2)):
            self.add(f"<hub type='usb'>{self.maybe(0.3, self.usb())}</hub>")
        self.add(f"<input type='tablet' bus='usb'>{self.maybe(0.4, self.usb())}</input>")

    def heads(self) -> None:
        if any(one.startswith("<video") for one in self.devices):
            return
        model = self.random.choice(("virtio", "qxl", "vga", "bochs", "ramfb", "none", "cirrus"))
        heads = self.maybe(0.6, f" heads='{self.random.choice((1, 2, 4))}'")
        self.devices.append(
            f"<video><model type='{model}'{heads}{self.maybe(0.2, ' primary=' + chr(39) + 'yes' + chr(39))}/></video>"
        )
        if self.chance(0.5):
            self.devices.append(f"<video><model type='{self.random.choice(('virtio', 'qxl', 'vga'))}'{heads}/></video>")

    def modules(self) -> None:
        size = f"<size unit='MiB'>{self.random.choice((128, 256, 512))}</size>"
        node = self.maybe(0.5, "<node>0</node>")
        self.add(
            f"<memory model='dimm'><target>{size}{node}</target></memory>",
            f"<memory model='nvdimm'><source><path>/tmp/nvdimm</path></source><target>{size}{node}</target></memory>",
            f"<memory model='virtio-mem'><target>{size}{node}<block unit='MiB'>2</block><requested unit='MiB'>128</requested></target>{self.address()}</memory>",
            f"<memory model='virtio-pmem'><source><path>/tmp/pmem</path></source><target>{size}</target>{self.address()}</memory>",
        )

    def memory(self) -> tuple[str, str]:
        """Memory with slots, where there are modules."""
        if not any(one.startswith("<memory ") for one in self.devices):
            return super().memory()
        slots = self.maybe(0.9, "<maxMemory slots='4' unit='MiB'>8192</maxMemory>")
        cells = self.maybe(0.7, "<cpu><numa><cell id='0' cpus='0' memory='512' unit='MiB'/></numa></cpu>")
        return f"{slots}<memory unit='MiB'>1024</memory>", cells

    def of_the_host(self) -> None:
        number = self.random.randint(0, 3)
        slot = f"<address type='drive' controller='0' bus='0' target='0' unit='{number}'/>"
        self.add(
            "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/><product id='0xbeef'/></source></hostdev>",
            f"<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>{self.maybe(0.4, slot)}</hostdev>",
            f"<hostdev mode='subsystem' type='pci' managed='no'><source><address domain='0' bus='0x09' slot='0x0{number}' function='0'/></source></hostdev>",
        )

    def of_mainframes(self) -> None:
        if self.guest.arch == "s390x":
            zpci = self.maybe(
                0.6,
                f"<zpci uid='{self.random.choice(('0x0001', '0x0003', '0xffff'))}' fid='0x0000000{self.random.randint(0, 3)}'/>",
            )
            self.add(
                f"<interface type='user'><model type='virtio'/><address type='pci'>{zpci}</address></interface>",
                f"<rng model='virtio'>{_RANDOM}<address type='ccw' cssid='0xfe' ssid='0x0' devno='0x000{self.random.randint(0, 9)}'/></rng>",
            )

    def of_power(self) -> None:
        if self.guest.arch == "ppc64":
            reg = self.random.choice(("0x2000", "0x3000", "0x1000", "0x30000000"))
            self.add(
                f"<interface type='user'><model type='spapr-vlan'/>{self.maybe(0.4, f'<address type={chr(39)}spapr-vio{chr(39)} reg={chr(39)}{reg}{chr(39)}/>')}</interface>",
                f"<nvram>{self.maybe(0.5, f'<address type={chr(39)}spapr-vio{chr(39)} reg={chr(39)}{reg}{chr(39)}/>')}</nvram>",
            )

    def sockets(self) -> None:
        self.add(
            f"<vsock model='{self.random.choice(_AGES)}'><cid auto='no' address='{self.random.choice((3, 5, 2))}'/>{self.address()}</vsock>"
        )


def rare_domains(seed: int, count: int) -> list[Question]:
    """Domains by number: each follows from the seed and its number alone."""
    return [
        Kinds(seed * 1_000_003 + number, 0.0).question(f"kinds-{seed}-{number}")._replace(attach=()) for number in range(count)
    ]
