"""The rules, asked what a real libvirt was asked. Addresses are those of the completed document, which is what users get."""

from __future__ import annotations

from functools import cache

from qrules.configs.xml_domain import read_device, read_domain
from qrules.diagnostics import Unusable
from qrules.domains.answer import Placed
from qrules.domains.whole import Domains
from tests.conformance.libvirt.comparing import Ours
from tests.conformance.libvirt.oracle import Question
from tests.conformance.libvirt.places import Names, address_text, stored

ALONE = ("libvirt",)  # the profile where no emulator was started


@cache
def domains_of(version: str) -> Domains:
    """What answers for a version, made once."""
    return Domains(version)


def ours(question: Question, version: str, profiles: tuple[str, ...] = (), fresh: bool = True) -> Ours:
    """Our answer; a question that can't be read is refused, with what is said of it."""
    try:
        document = read_domain(question.xml, "vm.xml")
        attach = tuple(read_device(text, "device.xml") for text in question.attach)
        answer = domains_of(version).answer(document, attach, profiles, fresh)
    except Unusable as wrong:
        return Ours("unreadable", (("define", str(wrong)),), "", {})
    names = Names()
    machine, places = stored(answer.stored, names) if answer.stored else ("", {})
    after = {_name(names, one): address_of(one) for came in answer.after for one in came}
    refused = [told for told in answer.reasons if told.reason.severity in ("reject", "unknown")]
    refusals = tuple((told.stage, told.reason.emulator_message or told.reason.message) for told in refused)
    return Ours(answer.verdict, refusals, machine, places, after)


def command_line(xml: str, version: str) -> list[str]:
    """The command line of a domain; empty where it is refused."""
    return list(domains_of(version).answer(read_domain(xml, "vm.xml"), (), ALONE).words)


def _name(names: Names, placed: Placed) -> str:
    values = {k: str(v) for k, v in placed.values.items()}
    target = placed.element.find("target") if placed.element is not None else None
    dev = (target.get("dev") or "") if target is not None else ""
    model = placed.written.get("model/@type") or placed.written.get("@model") or values.get("model", "")
    return names.of(placed.kind, values, dev, model)


def address_of(placed: Placed) -> str | None:
    """The address of one that came at run time."""
    values = {path.removeprefix("address/@"): value for path, value in placed.written.items() if path.startswith("address/@")}
    return address_text(values) if values else None
