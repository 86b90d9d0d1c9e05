"""Valid domains, with all addresses written down, and one thing changed: an address doubled or moved, a model swapped, a controller gone."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from qrules.configs import xml_edit
from qrules.configs.xml_edit import Edit, Fresh
from qrules.configs.xml_tree import Document, Element, read_document
from tests.conformance.libvirt.oracle import Question, Told
from tests.conformance.libvirt.places import ASIDE, Names, name_of

_PARTS = {
    "drive": ("controller", "bus", "target", "unit"),
    "usb": ("bus", "port"),
    "ccw": ("cssid", "ssid", "devno"),
    "virtio-serial": ("controller", "bus", "port"),
}
_MODELS = {
    "controller": ("pcie-root-port", "pci-bridge", "pcie-to-pci-bridge", "dmi-to-pci-bridge", "pci-root", "pcie-root", "lsilogic", "virtio-scsi", "qemu-xhci", "piix3-uhci"),
    "interface": ("virtio", "e1000", "e1000e", "rtl8139", "spapr-vlan"),
    "disk": ("virtio", "ide", "sata", "scsi", "usb", "fdc"),
    "video": ("vga", "qxl", "cirrus", "virtio", "ramfb"),
    "sound": ("ich9", "ac97", "usb"),
}  # fmt: skip


def whole(told: Told) -> str:
    """A domain as libvirt stores it, as far as devices and addresses go: what it answered, written into the XML that it was asked."""
    document = read_document(told.question.xml, "vm.xml")
    devices = document.root.find("devices")
    assert devices is not None
    names, edits, left = Names(), [], dict(told.addresses)
    fresh: list[Fresh] = []
    for device in (d for d in devices.children if d.name not in ASIDE):
        address = left.pop(_match(names, device, left), None)
        if address and device.find("address") is None and (made := _address(address)) is not None:
            edits.append(xml_edit.append_child(device, made))
    for key, address in left.items():
        kind, *rest = key.split(":")
        if kind == "controller" and not key.endswith("'"):
            attributes = {"type": rest[0], "index": rest[1]} | ({"model": rest[2]} if rest[2] != "-" else {})
            made = _address(address) if address else None
            fresh.append(Fresh("controller", attributes, (made,) if made else ()))
    if fresh:
        edits.append(xml_edit.append_child(devices, *fresh))
    return xml_edit.applied(document, edits)


def _match(names: Names, device: Element, left: dict[str, str | None]) -> str:
    """The name that libvirt's answer has for a device: indices and models that nobody wrote are its own."""
    key = name_of(names, device)
    if key in left:
        return key
    beginning = ":".join(key.split(":")[:2])
    return next((k for k in left if k == beginning or k.startswith(beginning + ":")), key)


def _address(text: str) -> Fresh | None:
    kind, _, rest = text.partition(" ")
    if kind == "pci":
        place, *more = rest.split()
        domain, bus, last = place.split(":")
        slot, function = last.split(".")
        values = {"type": kind, "domain": f"0x{domain}", "bus": f"0x{bus}", "slot": f"0x{slot}", "function": f"0x{function}"}
        return Fresh("address", values | ({"multifunction": "on"} if more else {}))
    if kind in _PARTS:
        numbers = rest.split("." if kind == "ccw" else ":")
        return Fresh("address", {"type": kind, **dict(zip(_PARTS[kind], numbers, strict=True))})
    return None


def mutated(text: str, random: Random) -> tuple[str, str]:
    """A domain with one thing changed, and what that was."""
    document = read_document(text, "vm.xml")
    devices = document.root.find("devices")
    assert devices is not None
    ways = [_doubled, _moved, _swapped, _dropped]
    for _ in range(20):
        way = random.choice(ways)
        edit = way(document, devices, random)
        if edit is not None:
            return xml_edit.applied(document, [edit]), way.__name__.strip("_")
    return text, "same"


def _addressed(devices: Element) -> list[Element]:
    return [a for d in devices.children if (a := d.find("address")) is not None]


def _doubled(document: Document, devices: Element, random: Random) -> Edit | None:
    """A device gets the address of another."""
    addresses = _addressed(devices)
    first = random.choice(addresses) if addresses else None
    others = [a for a in addresses if a is not first and first is not None and a.get("type") == first.get("type")]
    return xml_edit.replace_element(first, Fresh("address", random.choice(others).given)) if first and others else None


def _moved(document: Document, devices: Element, random: Random) -> Edit | None:
    """A device gets another address: one part of it is another number."""
    addresses = _addressed(devices)
    if not addresses:
        return None
    one = random.choice(addresses)
    parts = [
        name
        for name in ("bus", "slot", "function", "unit", "controller", "target", "port", "devno", "cssid")
        if name in one.given
    ]
    name = random.choice(parts)
    number = random.choice((0, 1, 2, 3, 5, 7, 9, 31, 32))
    value = (
        f"{number}"
        if one.get("type") in ("drive", "usb", "virtio-serial")
        else f"{number:#06x}"
        if name == "devno"
        else f"{number:#04x}"
    )
    return xml_edit.set_attribute(one, name, value)


def _swapped(document: Document, devices: Element, random: Random) -> Edit | None:
    """A device gets another model, or a disk another bus."""
    some = [d for d in devices.children if d.name in _MODELS]
    if not some:
        return None
    device = random.choice(some)
    model = random.choice(_MODELS[device.name])
    inner = device.find("target") if device.name == "disk" else device.find("model")
    if inner is not None and device.name != "controller":
        return xml_edit.set_attribute(inner, "bus" if device.name == "disk" else "type", model)
    return xml_edit.set_attribute(device, "model", model)


def _dropped(document: Document, devices: Element, random: Random) -> Edit | None:
    """A controller goes."""
    some = list(devices.all("controller"))
    return xml_edit.remove_element(random.choice(some)) if some else None


def mutants(valid: Iterable[Told], seed: int, count: int) -> list[Question]:
    """As many mutants as are wanted, of the domains in turn."""
    random, found = Random(seed), []
    texts = [whole(told) for told in valid if not told.stage]
    for number in range(count if texts else 0):
        text, how = mutated(texts[number % len(texts)], random)
        found.append(Question(f"mutant-{seed}-{number}-{how}", text))
    return found
