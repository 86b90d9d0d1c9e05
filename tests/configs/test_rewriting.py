"""Devices written back into the command line: in the user's own words, but for what changes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs.options import pairs
from qrules.configs.rewriting import as_written, device_text, rewritten
from qrules.machine.request import DeviceRequest, Where


def device(text: str, **changes: object) -> DeviceRequest:
    """What a reader makes of a -device argument that stands first; `changes` are made afterwards (None takes away)."""
    as_json = text.startswith("{")
    members = json.loads(text) if as_json else {p.key: p.value for p in pairs(text, "driver")}
    members = {key: value for key, value in (members | changes).items() if value is not None}
    driver, identity, bus = members.pop("driver"), members.pop("id", None), members.pop("bus", None)
    return DeviceRequest(driver, identity, bus, members, as_json, Where(1, 0, len(text)))


@pytest.mark.parametrize(
    ("text", "changes", "after"),
    [
        ("nvme,serial=s,id=n", {}, "nvme,serial=s,id=n"),
        ("nvme,serial=s,id=n", {"bus": "rp1"}, "nvme,serial=s,id=n,bus=rp1"),
        ("e1000,addr=0x5,bus=pci.0", {"bus": "pcie.0"}, "e1000,addr=0x5,bus=pcie.0"),
        ("e1000,addr=0x5,bus=pci.0", {"bus": None, "addr": None}, "e1000"),
        ("e1000,addr=3,addr=4,id=x", {}, "e1000,addr=4,id=x"),
        ("driver=e1000,mac=a,,b", {"driver": "e1000e"}, "e1000e,mac=a,,b"),
        ("usb-tablet,msos-desc", {"port": "1"}, "usb-tablet,msos-desc,port=1"),
        ('{"id": "x", "driver": "e1000"}', {}, '{"id": "x", "driver": "e1000"}'),
        ('{"id":"x","driver":"e1000","addr":"3"}', {"addr": "4"}, '{"id": "x", "driver": "e1000", "addr": "4"}'),
    ],
)
def test_only_what_changes_is_written_anew(text: str, changes: dict[str, object], after: str) -> None:
    assert as_written(["-device", text], device(text, **changes)) == after


def test_what_another_option_stands_for_is_written_whole() -> None:
    asked = DeviceRequest("usb-tablet", None, "usb-bus.0", {}, False, Where(1, 0, 6))
    assert as_written(["-usbdevice", "tablet"], asked) == device_text(asked)


def test_added_devices_come_where_they_are_in_the_order() -> None:
    words = ["-M", "q35", "-device", "e1000,id=a", "-m", "1G"]
    asked = DeviceRequest("e1000", "a", "rp", {}, False, Where(3, 0, 10))
    after = rewritten(words, [DeviceRequest("pcie-root-port", "rp"), asked])
    assert after == ["-M", "q35", "-device", "pcie-root-port,id=rp", "-device", "e1000,id=a,bus=rp", "-m", "1G"]


VALUES = st.text("ab,=0x ", min_size=1, max_size=6)
MEMBERS = st.dictionaries(st.sampled_from(["addr", "serial", "port", "chassis"]), VALUES, max_size=4)


@given(MEMBERS, MEMBERS, st.sampled_from([None, "rp", "a,b"]))
def test_what_is_written_is_what_is_read(before: dict[str, str], after: dict[str, str], bus: str | None) -> None:
    text = device_text(DeviceRequest("e1000", "x", None, before))
    asked = DeviceRequest("e1000", "x", bus, after, False, Where(1, 0, len(text)))
    again = device(as_written(["-device", text], asked))
    assert (again.driver, again.id, again.bus, dict(again.properties)) == ("e1000", "x", bus, after)
