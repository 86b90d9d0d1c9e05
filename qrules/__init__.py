"""Which virtual devices plug into which QEMU machine, and why: answered from rules, without starting QEMU.

>>> import qrules
>>> q35 = qrules.machine("q35", nodefaults=True)
>>> q35.supported_types()
['conventional-pci-device', 'i2c-slave', 'ide-device', 'isa-device', 'pci-express-device', ...]
>>> q35.why("floppy").verdict.verdict
'reject'
>>> qrules.check(argv=["-M", "q35", "-device", "e1000,addr=1f.0"]).reasons[0].emulator_message
'PCI: slot 31 function 0 not available for e1000, in use by ICH9-LPC,id=(null)'
"""

from __future__ import annotations

import sys

from qrules.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.api.configs import check, convert, hotplug, place, repairs, spare, upgrade
    from qrules.api.domains import check_domain
    from qrules.api.machines import MachineEntry, MachineView, buses, diff, machine, machines, query_machines, slots, types, why
    from qrules.api.others import explain, format_rules, harvest, lint_rules, run_rule_tests, schema, to_dict, verify
    from qrules.conversion.answer import Converted, Impossible, Uncertain
    from qrules.conversion.upgrading import Upgraded
    from qrules.diagnostics import Diagnostic, Span, Unusable
    from qrules.domains.whole import DomainAnswer
    from qrules.explain.diff import Change, Difference
    from qrules.explain.hotplug import Added, HotPlug
    from qrules.explain.inventory import BusFacts, Holder, TypeFacts
    from qrules.explain.messages import Explained, Meaning
    from qrules.explain.reasons import Reason, RuleLine, Source
    from qrules.explain.unchecked import Unchecked
    from qrules.explain.verdicts import Placement, Verdict
    from qrules.explain.why import Link, Remedy, Why
    from qrules.machine.request import DeviceRequest, Where
    from qrules.place.answer import Nowhere, Placed, Undecided
    from qrules.place.drafts import Edit
    from qrules.place.shown import Repair
    from qrules.place.spare import Refused, Room
    from qrules.place.wants import Spare, Wants
    from qrules.qemu.trials import Scope
    from qrules.qemu.verify import Checked
    from qrules.rule_tests.run import Failure, RuleTest
    from qrules.rulesets.lint import Finding

__all__ = [
    "Added",
    "BusFacts",
    "Change",
    "Checked",
    "Converted",
    "DeviceRequest",
    "Diagnostic",
    "Difference",
    "DomainAnswer",
    "Edit",
    "Explained",
    "Failure",
    "Finding",
    "Holder",
    "HotPlug",
    "Impossible",
    "Link",
    "MachineEntry",
    "MachineView",
    "Meaning",
    "Nowhere",
    "Placed",
    "Placement",
    "Reason",
    "Refused",
    "Remedy",
    "Repair",
    "Room",
    "RuleLine",
    "RuleTest",
    "Scope",
    "Source",
    "Span",
    "Spare",
    "TypeFacts",
    "Uncertain",
    "Unchecked",
    "Undecided",
    "Unusable",
    "Upgraded",
    "Verdict",
    "Wants",
    "Where",
    "Why",
    "__version__",
    "buses",
    "check",
    "check_domain",
    "convert",
    "diff",
    "explain",
    "format_rules",
    "harvest",
    "hotplug",
    "lint_rules",
    "machine",
    "machines",
    "place",
    "query_machines",
    "repairs",
    "run_rule_tests",
    "schema",
    "slots",
    "spare",
    "to_dict",
    "types",
    "upgrade",
    "verify",
    "why",
]

_FUNCTIONS = {
    "qrules.api.machines": (
        "machine",
        "machines",
        "query_machines",
        "why",
        "types",
        "buses",
        "slots",
        "diff",
    ),
    "qrules.api.configs": (
        "check",
        "repairs",
        "place",
        "spare",
        "hotplug",
        "convert",
        "upgrade",
    ),
    "qrules.api.domains": ("check_domain",),
    "qrules.api.others": (
        "explain",
        "lint_rules",
        "run_rule_tests",
        "format_rules",
        "harvest",
        "verify",
        "schema",
        "to_dict",
    ),
}
_TYPES = {
    "qrules.api.machines": (
        "MachineView",
        "MachineEntry",
    ),
    "qrules.diagnostics": (
        "Diagnostic",
        "Span",
        "Unusable",
    ),
    "qrules.domains.whole": ("DomainAnswer",),
    "qrules.explain.verdicts": (
        "Verdict",
        "Placement",
    ),
    "qrules.explain.reasons": (
        "Reason",
        "RuleLine",
        "Source",
    ),
    "qrules.explain.unchecked": ("Unchecked",),
    "qrules.explain.why": (
        "Why",
        "Link",
        "Remedy",
    ),
    "qrules.explain.inventory": (
        "BusFacts",
        "TypeFacts",
        "Holder",
    ),
    "qrules.explain.hotplug": (
        "HotPlug",
        "Added",
    ),
    "qrules.explain.messages": (
        "Explained",
        "Meaning",
    ),
    "qrules.explain.diff": (
        "Difference",
        "Change",
    ),
    "qrules.machine.request": (
        "Where",
        "DeviceRequest",
    ),
    "qrules.place.answer": (
        "Placed",
        "Nowhere",
        "Undecided",
    ),
    "qrules.place.wants": (
        "Wants",
        "Spare",
    ),
    "qrules.place.spare": (
        "Room",
        "Refused",
    ),
    "qrules.place.shown": ("Repair",),
    "qrules.place.drafts": ("Edit",),
    "qrules.conversion.upgrading": ("Upgraded",),
    "qrules.conversion.answer": (
        "Converted",
        "Impossible",
        "Uncertain",
    ),
    "qrules.rule_tests.run": (
        "RuleTest",
        "Failure",
    ),
    "qrules.rulesets.lint": ("Finding",),
    "qrules.qemu.trials": ("Scope",),
    "qrules.qemu.verify": ("Checked",),
}
_HOMES = {name: module for table in (_FUNCTIONS, _TYPES) for module, names in table.items() for name in names}


def __getattr__(name: str) -> object:
    """What the interface offers, loaded when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qrules' has no attribute '{name}'; dir(qrules) lists what there is")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """What the interface offers."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


class _Room(type(sys)):  # type: ignore[misc]  # the type of modules
    """A room that has the name of a function: ``qrules.place(argv=...)`` is that of `qrules.api` in any case."""

    def __call__(self, *given: object, **asked: object) -> object:
        return __getattr__(self.__name__.rpartition(".")[2])(*given, **asked)  # type: ignore[operator]


class _Package(type(sys)):  # type: ignore[misc]
    """This module. Python hangs each room here that is imported; one with a function's name has to answer as that, too."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _HOMES and isinstance(value, type(sys)):
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
