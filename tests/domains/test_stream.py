"""Lines that ask about domains: each has an answer, whatever stands in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qrules.domains.stream import DomainStream
from qrules.report import domains_json
from qrules.rulesets.store import Store, open_store
from tests.domains.domains import NIC, domain

VERSION = "11.3"


@pytest.fixture(scope="module")
def stream(store: Store) -> DomainStream:
    return DomainStream(store, VERSION, None, ())


def line(stream: DomainStream, **members: Any) -> dict[str, Any]:
    return domains_json.line(stream.answer(json.dumps(members).encode()))


def test_a_domain_and_what_is_attached(stream: DomainStream) -> None:
    found = line(stream, id=7, **{"libvirt-xml": domain()})
    assert (found["id"], found["verdict"], found["machine"]) == (7, "accept", "pc-q35-10.0")
    assert line(stream, **{"libvirt-xml": domain()}, attach=[NIC, NIC])["verdict"] == "reject"
    assert line(stream, **{"libvirt-xml": domain()}, attach=NIC)["verdict"] == "accept"


@pytest.mark.parametrize(
    ("members", "verdict", "code"),
    [
        ({"libvirt-xml": "<a>"}, "unreadable", "QR470"),
        ({"libvirt-xml": "<disk/>"}, "unreadable", "QR474"),
        ({"libvirt-xml": 5}, "unreadable", "QR440"),
        ({"libvirt-xml": domain(), "attach": [5]}, "unreadable", "QR440"),
        ({"libvirt-xml": domain(), "attach": ["<domain/>"]}, "unreadable", "QR474"),
        ({"libvirt-xml": domain(), "zork": 1}, "unreadable", "QR440"),
        ({"libvirt-xml": domain(), "libvirt": "0.1"}, "unknown", "QR421"),
        ({"libvirt-xml": domain(arch="vax")}, "reject", "guest-arch"),
    ],
)
def test_lines_that_have_no_answer(stream: DomainStream, members: dict[str, Any], verdict: str, code: str) -> None:
    found = line(stream, id="x", **members)
    assert (found["id"], found["verdict"], found["reasons"][0]["rule"]) == ("x", verdict, code)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10), lambda inner: st.lists(inner, max_size=3), max_leaves=6
)


@settings(max_examples=60, deadline=None)
@given(
    members=st.dictionaries(st.sampled_from(["id", "libvirt", "attach", "qemu", "profile", "libvirt-xml"]), _ANY),
    xml=st.booleans(),
)
def test_any_members(members: dict[str, Any], xml: bool) -> None:
    stream = DomainStream(open_store(), VERSION, None, ())
    if xml or "libvirt-xml" not in members:
        members["libvirt-xml"] = "<domain/>"
    answer = stream.answer(json.dumps(members).encode())
    assert answer.verdict in ("accept", "warn", "reject", "unknown", "unreadable")
