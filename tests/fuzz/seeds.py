"""Texts to begin with: real command lines, config files, rules and words of qrules, taken from what the project shows and tests."""

from __future__ import annotations

import functools
import json
import re
import shlex
from pathlib import Path

from qrules.paths import rules_folder

ROOT = Path(__file__).parents[2]
PART = "\x1f"  # between the words of a command line


@functools.cache
def lines() -> tuple[str, ...]:
    """Real command lines: of the README, the documentation, the shared cases and the tests."""
    found: dict[str, None] = {}
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "tests").glob("c*/test_*.py"))):
        for match in re.finditer(r"(?:qemu-system-\w+ )?-(?:M|machine) [^\n\"`]{4,400}", path.read_text(encoding="utf-8")):
            found.setdefault(match[0].strip(" '\")"))
    return tuple(line for line in found if _words(line))


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return []


def argv_seeds() -> tuple[str, ...]:
    return tuple(PART.join(_words(line)) for line in lines())


def ini_seeds() -> tuple[str, ...]:
    plain = (
        '[device "a"]\n  driver = "e1000"\n  addr = "5"\n[machine]\n  type = "q35"\n[drive "d"]\n  if = "none"\n  file = "a,b"\n'
    )
    more = '# qemu config file\n\n[smp-opts]\n  cpus = "4"\n[memory]\n  size = "1G"\n[chardev "c"]\n  backend = "null"\n[global]\n  driver = "e1000"\n  property = "mac"\n  value = "x"\n'
    ports = "".join(f'[device "r{i}"]\n  driver = "pcie-root-port"\n  chassis = "{i}"\n  bus = "pcie.0"\n' for i in range(1, 4))
    return plain, more, ports + '[device]\n  driver = "virtio-scsi-pci"\n  bus = "r1"\n'


@functools.cache
def jsonl_seeds() -> tuple[str, ...]:
    made = [json.dumps({"id": i, "argv": _words(line)}) for i, line in enumerate(lines()) if "-readconfig" not in line]
    plug = '{"id": "x", "argv": ["-M", "q35", "-device", "pcie-root-port,id=r"], "hotplug": [{"driver": "e1000", "bus": "r"}], "qemu": "10.0", "profile": ["qemu"]}'
    return (
        *made[:80],
        plug,
        '{"id": [1, {"a": null}], "argv": ["-M", "pc", "-device", "{\\"driver\\": \\"e1000\\", \\"addr\\": 24}"], "arch": "x86_64"}',
    )


@functools.cache
def rule_seeds() -> tuple[str, ...]:
    """The statements of the shipped rules and of the language's documentation."""
    texts = [
        p.read_text(encoding="utf-8")
        for p in sorted(rules_folder().glob("[!c]*/*.qr")) + sorted(rules_folder().glob("common/*.qr"))
    ]
    pieces = [piece for text in texts for piece in re.split(r"\n(?=\w)", text) if len(piece) < 1_500]
    return tuple(dict.fromkeys(pieces))


@functools.cache
def board_seeds() -> tuple[str, ...]:
    """Whole boards, small ones: of the documentation and of the tests."""
    shown = re.findall(r"```qr\n(catalogue.*?)```", (ROOT / "docs" / "language.md").read_text(encoding="utf-8"), re.DOTALL)
    own = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "tests" / "language" / "behaviours").glob("*/board.qr"))]
    return tuple(text for text in [*shown, *own] if len(text) < 6_000)


_PLACE = (
    "--on q35 --nodefaults e1000e*2 scsi-cd", "--on q35 --apart 1,2 e1000e e1000e", "--on q35 --together a,b e1000,id=a e1000,id=b",
    "--on pc --functions 1,2 e1000 e1000", "--on q35 --hotplug net0 virtio-net-pci,id=net0", "--on q35 --spare e1000e=3 --spare-hotplug virtio-net-pci=2 e1000",
    "--on q35 --why-not net0@pcie.0:1f.0 e1000,id=net0", "--on q35 --count e1000*2", "--on q35 --all --limit 3 e1000*2", "--on microvm --nodefaults virtio-rng-device*25",
    "--on q35 --explain --json e1000", "--diff -- -M q35 -device e1000,addr=5 -device usb-tablet", "--numa 1=1 -- -M q35 -numa node -numa node -device e1000e",
    "--conflicts 2 --on pc e1000*40", "--tree --on q35 scsi-cd*3", "--profile qemu --on s390-ccw-virtio --arch s390x virtio-blk-ccw",
)  # fmt: skip
_VERBS = (
    "why floppy --on q35", "why nvme,serial=a --on pc --with e1000 --json", "types q35 --nodefaults usb=on", "buses q35 usb=on", "slots pc --tree", "buses --dot q35",
    "slots --tree -- -M q35 -device pcie-root-port,id=rp1 -device virtio-scsi-pci,id=scsi0,bus=rp1", "spare e1000e --on q35", "spare e1000e --on q35 --for 3 --hot",
    "hotplug virtio-net-pci --into -- -M q35 -nodefaults", "hotplug e1000,bus=rp1 usb-tablet --into -- -M q35 -device pcie-root-port,id=rp1", "diff pc q35",
    "convert --to q35 --diff -- -M pc -device e1000e -device virtio-scsi-pci,id=s,bus=pci.0,addr=0x1f", "convert --to pc --without 1 -- -M q35 -device intel-iommu",
    "convert --to microvm,pcie=on --keep network --json -- -M pc", "check --repairs -- -M microvm -nodefaults -device qemu-xhci", "check --strict --json --profile qemu -- -M q35",
    "explain QR204", "explain --json bus-takes-hotplug", "machines", "machines --json --qemu 7.2", "completion bash",
)  # fmt: skip


def place_seeds() -> tuple[str, ...]:
    return tuple(PART.join(["place", *shlex.split(line)]) for line in _PLACE)


def verb_seeds() -> tuple[str, ...]:
    return tuple(PART.join(shlex.split(line)) for line in _VERBS)


_MORE = ("spare|10|0", "hotplug|10|0|26", "explain|32|28", "repairs|17|0|26")


def api_seeds() -> tuple[str, ...]:
    return (
        "check|0|17",
        "machine|8|0",
        "place|17|1",
        "convert|17|8",
        "why|8|10",
        "check|17|0|28|26|29",
        "machine|8|28|26|1|2",
        *_MORE,
    )


_DOMAIN = """<?xml version='1.0' encoding='UTF-8'?>
<!-- edited with virsh -->
<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>vm &amp; é</name>
  <memory unit='MiB'>512</memory>
  <vcpu placement='static'>2</vcpu>
  <os><type arch='x86_64' machine='{machine}'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    {devices}
  </devices>
  <qemu:commandline><qemu:arg value='-device'/><qemu:arg value='e1000,addr=0x5'/></qemu:commandline>
</domain>
"""
_DEVICES = (
    "<disk type='file' device='disk'><source file='/a.img'/><target dev='vda' bus='virtio'/>"
    "<address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/></disk>",
    "<controller type='pci' index='0' model='pcie-root'/>\n    <controller type=\"pci\" model=\"pcie-root-port\"/>",
    "<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>",
    "<input type='tablet' bus='usb'><address type='usb' bus='0' port='1.2'/></input>",
    "<memory model='dimm'><target><size unit='MiB'>512</size><node>0</node></target></memory>",
    "<serial type='pty'/><console type='pty'><target type='serial' port='0'/></console>",
    "<hostdev mode='subsystem' type='pci' managed='yes'><source><address bus='6'/></source></hostdev>",
    "<![CDATA[<disk/>]]><!-- <disk/> --><?pi x?>",
)


def xml_seeds() -> tuple[str, ...]:
    """Domains, and the XML of single devices."""
    machines = ("q35", "pc", "pc-q35-10.0", "virt")
    some = [_DOMAIN.format(machine=machines[n % 4], devices="\n    ".join(_DEVICES[n : n + 3])) for n in range(len(_DEVICES))]
    return (*some, *_DEVICES[:1], *_DEVICES[2:5], "<a " + "x" * 20 + "='1'/>")
