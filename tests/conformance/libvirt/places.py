"""The devices of a stored domain, each under a name with its address as a short text: what libvirt's answers and ours are compared by."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

from qrules.configs.xml_tree import Element, read_document

FORMS = {
    "drive": "{controller}:{bus}:{target}:{unit}",
    "usb": "{bus}:{port}",
    "ccw": "{cssid}.{ssid}.{devno}",
    "virtio-serial": "{controller}:{bus}:{port}",
    "spapr-vio": "{reg}",
    "dimm": "slot={slot} base={base}",
}
ASIDE = ("emulator", "graphics", "audio")  # stand on no bus


def address_text(values: dict[str, str]) -> str:
    """An address in a few words, all numbers as libvirt writes them."""
    given = defaultdict(lambda: "0", {"port": "-", "base": "-"} | values)
    kind = given.pop("type", "")
    if kind == "pci":
        numbers = [int(given[name], 0) for name in ("domain", "bus", "slot", "function")]
        return "pci {:04x}:{:02x}:{:02x}.{:x}".format(*numbers) + " multifunction" * (given["multifunction"] == "on")
    form = FORMS.get(kind) or " ".join(f"{name}={{{name}}}" for name in values if name != "type")
    return f"{kind} {form.format_map(given)}"


class Names:
    """Names for devices in the order that they come."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.numbers: dict[str, Iterator[int]] = defaultdict(itertools.count)

    def of(self, kind: str, values: dict[str, str], target: str, model: str) -> str:
        """The name of the next device: `values` are its own attributes, `target` where a guest sees it, `model` its model."""
        if kind == "controller":
            key = f"controller:{values.get('type')}:{values.get('index')}:{values.get('model', '-')}"
        elif kind == "disk":
            key = f"disk:{target}"
        elif kind == "input":
            key = f"input:{values.get('type')}:{values.get('bus')}"
        else:
            key = f"{kind}:{next(self.numbers[kind])}" + (f":{model}" if model else "")
        while key in self.taken:
            key += "'"
        self.taken.add(key)
        return key


def stored(text: str, names: Names | None = None) -> tuple[str, dict[str, str | None]]:
    """The machine of a domain as libvirt stores it, and the address of each device. `names` are those that others have."""
    root = read_document(text, "stored.xml").root
    names, found = names or Names(), {}
    system, devices = root.find("os"), root.find("devices")
    kind = system.find("type") if system is not None else None
    for device in devices.children if devices is not None else ():
        if device.name not in ASIDE:
            address = device.find("address")
            found[name_of(names, device)] = None if address is None else address_text(dict(address.given))
    return (kind.get("machine") or "" if kind is not None else ""), found


def name_of(names: Names, device: Element) -> str:
    """The name of the next device of a document."""
    target = device.find("target")
    model = next((child.get("type") for child in device.all("model") if child.get("type")), None) or device.get("model")
    return names.of(device.name, device.given, (target.get("dev") or "") if target is not None else "", model or "")
