"""What the rules store, written into the author's document."""

from __future__ import annotations

from typing import Any

from qrules.configs.xml_tree import Element, read_document
from qrules.domains.answer import Placed
from qrules.domains.completing import completed

TEXT = """<domain>
  <devices>
    <!-- first -->
    <disk><target dev='vda'/></disk>
    <disk><target dev="vdb"/><address type="pci" slot="5"/></disk>
    <gone/>
  </devices>
</domain>
"""
PATHS = {"domain": ".", "disk": "devices/disk", "controller": "devices/controller", "gone": "devices/gone"}


def placed(kind: str, element: Element | None, **written: str) -> Placed:
    given = {path.replace("_", "/").replace("AT", "@"): value for path, value in written.items()}
    nothing: Any = None
    return Placed(kind, element, {}, given, nothing, kind)


def stored(*make: Any) -> str:
    document = read_document(TEXT, "x")
    devices = document.root.find("devices")
    assert devices is not None
    disks = list(devices.all("disk"))
    return completed(document, placed("domain", document.root), [one(disks) for one in make], PATHS)


def test_values_are_written_where_they_are_missing_and_elements_that_are_not_stored_go() -> None:
    text = stored(
        lambda disks: placed("disk", disks[0], address_ATslot="0x04", address_ATtype="pci"),
        lambda disks: placed("disk", disks[1], address_ATslot="0x05", address_ATtype="pci"),
    )
    assert text == TEXT.replace("<target dev='vda'/>", "<target dev='vda'/><address type='pci' slot='0x04'/>").replace(
        "    <gone/>\n", ""
    )


def test_another_value_takes_the_place_of_the_old_one_and_the_same_in_other_digits_stays() -> None:
    text = stored(
        lambda disks: placed("disk", disks[0]),
        lambda disks: placed("disk", disks[1], address_ATslot="0x06"),
        lambda disks: placed("gone", disks[0]),
    )
    assert 'slot="0x06"' in text
    assert 'type="pci"' in text


def test_new_elements_stand_with_their_like() -> None:
    text = stored(
        lambda disks: placed("disk", disks[0]),
        lambda disks: placed("controller", None, ATtype="usb", model_ATname="m"),
        lambda disks: placed("disk", disks[1]),
        lambda disks: placed("disk", None, target_ATdev="vdc"),
    )
    assert (
        text.index("vdb") < text.index("vdc") < text.index("<controller type='usb'>\n      <model name='m'/>\n    </controller>")
    )
    assert read_document(text, "x").root.find("devices")
