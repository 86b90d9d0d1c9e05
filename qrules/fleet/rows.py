"""A row of a table of answers: what is told of one config of many, as JSON."""

from __future__ import annotations

from qrules.report import json as shapes
from qrules.report import upgrading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from qrules.conversion.upgrading import Upgraded
    from qrules.domains.stream import DomainLine
    from qrules.explain.bulk import Answer
    from qrules.report import shapes_fleet

TEXTS, LISTS = "text", "list of texts"
CHECKED: dict[str, str] = {
    "row": "number", "id": TEXTS, "verdict": TEXTS, "machine": TEXTS, "arch": TEXTS, "qemu": TEXTS, "rule": TEXTS, "rules": LISTS,
    "message": TEXTS, "emulator": TEXTS,
}  # fmt: skip
UPGRADED: dict[str, str] = {
    "row": "number", "id": TEXTS, "verdict": TEXTS, "machine": TEXTS, "becomes": TEXTS, "arch": TEXTS, "qemu": TEXTS, "to": TEXTS,
    "rule": TEXTS, "rules": LISTS, "message": TEXTS, "guest": LISTS, "changes": LISTS,
}  # fmt: skip
"""The columns of a table, with what stands in each."""
_ORDER = ("reject", "unknown", "unreadable", "warn")


def checked(answer: Answer) -> shapes_fleet.Checked:
    """The row of a command line."""
    found = answer.found
    if found is None:
        code, told = answer.problems[0]
        codes = list(dict.fromkeys(code for code, _ in answer.problems))
        return _checked(answer.verdict, None, None, None, (code, told, ""), codes)
    reasons = [(r.severity, r.rule, r.message, r.emulator_message) for r in found.reasons]
    return _checked(answer.verdict, found.machine, found.arch, found.qemu, _first(reasons), _rules(r[1] for r in reasons))


def domain(answer: DomainLine) -> shapes_fleet.Checked:
    """The row of a domain of libvirt."""
    found = answer.found
    if found is None:
        code, told = answer.problems[0]
        return _checked(answer.verdict, None, None, None, (code, told, ""), [code])
    reasons = [(t.reason.severity, t.reason.rule, t.reason.message, t.reason.emulator_message) for t in found.reasons]
    rules = _rules(r[1] for r in reasons)
    return _checked(answer.verdict, found.machine, found.arch, found.qemu, _first(reasons), rules)


def unread(verdict: str, code: str, message: str) -> shapes_fleet.Checked:
    """The row of what is no config, or of which not all is known."""
    return _checked(verdict, None, None, None, (code, message, ""), [code])


def upgraded(answer: Upgraded) -> shapes_fleet.UpgradedRow:
    """The row of a config on another version: whether it starts there, and what its guest would find otherwise."""
    told = [gone.reason for gone in answer.gone] + list(answer.refused)
    if answer.will == "did-not-start":
        told = [reason for reason in answer.before.reasons if reason.severity == "reject"]
    elif answer.will == "unknown" and not told:
        told = [reason for reason in (*answer.after.reasons, *answer.before.reasons) if reason.severity == "unknown"]
    return {
        "id": None,
        "verdict": answer.will,
        "machine": answer.machines[0],
        "becomes": answer.machines[1],
        "arch": answer.after.arch,
        "qemu": answer.old,
        "to": answer.new,
        "rule": told[0].rule if told else None,
        "rules": _rules(reason.rule for reason in told),
        "message": told[0].message if told else None,
        "guest": upgrading.guest(answer),
        "changes": upgrading.difference(answer) if answer.will == "starts-changed" else [],
    }


def not_upgraded(code: str, message: str, verdict: str = "unreadable") -> shapes_fleet.UpgradedRow:
    """The row of what can't be looked at on another version."""
    empty = dict.fromkeys(("machine", "becomes", "arch", "qemu", "to"))
    told = {"rule": code, "rules": [code], "message": message, "guest": [], "changes": []}
    return {"id": None, "verdict": verdict, **empty, **told}  # type: ignore[typeddict-item]


def _first(reasons: Sequence[tuple[str, str, str, str]]) -> tuple[str, str, str] | None:
    """What decides: the first of the worst."""
    for severity in _ORDER:
        for found in reasons:
            if found[0] == severity:
                return found[1:]
    return None


def _rules(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _checked(
    verdict: Any, machine: str | None, arch: str | None, qemu: str | None, told: tuple[str, str, str] | None, rules: list[str]
) -> shapes_fleet.Checked:
    rule, message, emulator = told or (None, None, None)
    return {
        "id": None,
        "verdict": verdict,
        "machine": machine,
        "arch": arch,
        "qemu": qemu,
        "rule": rule,
        "rules": rules,
        "message": message,
        "emulator": emulator or None,
    }


def text_of(identity: Any) -> str | None:
    """The id of a config as a table has it: a text, in which bytes of a file's name that are no characters are replaced."""
    if identity is None or isinstance(identity, str):
        return (
            identity
            if identity is None or identity.isascii()
            else identity.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        )
    return shapes.line(identity)
