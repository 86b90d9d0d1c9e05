"""Answers as dictionaries for whoever uses Python: those that the command line prints as JSON."""

from __future__ import annotations

from qrules import records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_JSON = "qrules.report.json"
_PLACING = "qrules.report.placing"
_HOMES = {  # by module and name of a record: where its maker is
    "qrules.explain.verdicts.Verdict": (_JSON, "verdict"),
    "qrules.explain.verdicts.Placement": (_JSON, "placement"),
    "qrules.explain.reasons.Reason": (_JSON, "reason"),
    "qrules.domains.whole.DomainAnswer": ("qrules.report.domains_json", "answer"),
    "qrules.explain.unchecked.Unchecked": (_JSON, "unchecked"),
    "qrules.explain.why.Why": (_JSON, "why"),
    "qrules.explain.hotplug.HotPlug": (_JSON, "hotplug"),
    "qrules.explain.messages.Explained": (_JSON, "message"),
    "qrules.explain.inventory.BusFacts": (_JSON, "bus"),
    "qrules.explain.inventory.TypeFacts": (_JSON, "type_facts"),
    "qrules.explain.inventory.Holder": (_JSON, "holder"),
    "qrules.explain.diff.Difference": ("qrules.report.differences", "as_json"),
    "qrules.place.answer.Placed": (_PLACING, "answer_json"),
    "qrules.place.answer.Nowhere": (_PLACING, "answer_json"),
    "qrules.place.answer.Undecided": (_PLACING, "answer_json"),
    "qrules.place.spare.Room": ("qrules.report.room", "room_json"),
    "qrules.place.spare.Refused": ("qrules.report.room", "room_json"),
    "qrules.place.shown.Repair": (_PLACING, "repair_json"),
    "qrules.conversion.answer.Converted": ("qrules.report.converting", "as_json"),
    "qrules.conversion.answer.Impossible": ("qrules.report.converting", "as_json"),
    "qrules.conversion.answer.Uncertain": ("qrules.report.converting", "as_json"),
    "qrules.conversion.upgrading.Upgraded": ("qrules.report.upgrading", "as_json"),
    "qrules.rule_tests.run.RuleTest": ("qrules.report.rule_files", "tested"),
    "qrules.rule_tests.binary.Asked": ("qrules.report.rule_files", "tested"),
    "qrules.rulesets.lint.Finding": ("qrules.report.rule_files", "loose"),
}


def register() -> None:
    """Makes ``to_dict`` work; a maker is loaded when it is needed first."""
    for name, (module, function) in _HOMES.items():
        records.MAKERS.setdefault(name, _late(module, function))


def _late(module: str, function: str) -> Callable[..., Any]:
    def make(*given: object) -> Any:
        import importlib

        return getattr(importlib.import_module(module), function)(*given)

    return make
