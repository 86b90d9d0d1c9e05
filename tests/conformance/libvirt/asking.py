"""The rules, asked what a real libvirt was asked. Addresses are those of the completed document, which is what users get."""

from __future__ import annotations

from functools import cache

from qrules.configs.xml_domain import read_device, read_domain
from qrules.diagnostics import Unusable
from qrules.domains.answer import Placed
from qrules.domains.completing import completed
from qrules.domains.judging import Judge
from tests.conformance.libvirt.comparing import Ours
from tests.conformance.libvirt.oracle import Question
from tests.conformance.libvirt.places import address_text, stored

_RULES = "libvirt"


@cache
def judge_of(version: str) -> Judge:
    """The judge of a version, made once."""
    return Judge(_RULES, version)


def ours(question: Question, version: str) -> Ours:
    """Our answer; a question that can't be read is refused, with what is said of it."""
    try:
        document = read_domain(question.xml, "vm.xml")
        attach = tuple(read_device(text, "device.xml") for text in question.attach)
        judge = judge_of(version)
        answer = judge.judge(document.root, attach)
    except Unusable as wrong:
        return Ours("unreadable", (("define", str(wrong)),), "", {})
    paths = {kind: path for path, kind in reversed(judge.procedures.elements.items())}
    machine, places = stored(completed(document, answer.whole, answer.devices, paths))
    refusals = tuple((found.stage, found.reason.emulator_message or found.reason.message) for found in answer.findings)
    return Ours(answer.verdict, refusals, machine, places, {})


def command_line(xml: str, version: str) -> list[str]:
    """The command line of a domain; empty where it is refused."""
    answer = judge_of(version).judge(read_domain(xml, "vm.xml").root)
    return [word for one in answer.written for word in (one.option, one.argument) if word is not None]


def address_of(placed: Placed) -> str | None:
    """The address of one that came at run time."""
    values = {path.removeprefix("address/@"): value for path, value in placed.written.items() if path.startswith("address/@")}
    return address_text(values) if values else None
