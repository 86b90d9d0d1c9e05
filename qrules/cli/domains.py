"""Domains of libvirt, wherever a verb takes a config: their verdict, what libvirt stores, and the command line that it writes."""

from __future__ import annotations

from qrules.cli import common, inputs, status
from qrules.configs.xml_domain import read_device, read_domain
from qrules.diagnostics import Diagnostic, Unusable
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.cli.form import Arguments
    from qrules.configs.xml_tree import Document, Element
    from qrules.domains.mending import DomainRepair
    from qrules.domains.whole import DomainAnswer, Domains

_DEVICES = "devices"
_REFUSED = ("reject", "unknown")


# ------------------------------------------------------------------------------------- what verbs share
def domains_of(args: Arguments) -> Domains:
    """One for all domains of a command: its rules are read once. Raises `Unusable` for a version that there is not."""
    kept: dict[str, Domains] = args.__dict__.setdefault("domains", {})
    if "made" not in kept:
        from qrules.domains.whole import Domains

        kept["made"] = Domains(getattr(args, "libvirt", None), common.store(args), getattr(args, "qemu", None))
    return kept["made"]


def answered(args: Arguments, document: Document, attach: Sequence[Element] = ()) -> DomainAnswer:
    """The answer about a domain in the profiles that are asked."""
    return domains_of(args).answer(document, attach, tuple(getattr(args, "profile", ())))


def told(args: Arguments, document: Document) -> str:
    """Prints the answer as a text, and gives the verdict."""
    answer = answered(args, document)
    tell(args, answer)
    return answer.verdict


def tell(args: Arguments, answer: DomainAnswer, attached: Sequence[str] = ()) -> None:
    """Prints an answer as a text."""
    from qrules.report import domains

    common.show(domains.text(answer, common.style(args), attached))


def as_json(args: Arguments, document: Document) -> tuple[dict[str, Any], str]:
    """The answer as JSON has it, and the verdict."""
    from qrules.report import domains_json

    answer = answered(args, document)
    made: dict[str, Any] = dict(domains_json.answer(answer))
    if args.repairs:
        made["repairs"] = domains_json.repairs(repairs(args, answer) if answer.verdict in _REFUSED else [])
    return made, answer.verdict


def repairs(args: Arguments, answer: DomainAnswer, attach: Sequence[Element] = ()) -> list[DomainRepair]:
    """What would make a refused domain accepted, each tried."""
    from qrules.domains.mending import repairs as found

    return found(domains_of(args), answer, attach, tuple(getattr(args, "profile", ())))


def fixed(args: Arguments, file: str, text: str) -> tuple[str, list[str], list[int]]:
    """A domain with its first repair, what is told of that, and the status of what stands then."""
    answer = answered(args, read_domain(text, file))
    if answer.verdict not in _REFUSED:
        return text, [f"{file}: nothing to repair"], [status.of_verdict(answer.verdict, args.strict)]
    found = repairs(args, answer)
    if not found:
        return text, [f"{file}: no repair was found; `qrules check` tells what is wrong"], [status.of_verdict(answer.verdict)]
    again = answered(args, read_domain(found[0].document, file))
    return found[0].document, [f"{file}: {found[0].text}"], [status.of_verdict(again.verdict, args.strict)]


def check(args: Arguments, document: Document) -> int:
    """The answer to ``check``."""
    if args.json:
        from qrules.report import json

        made, verdict = as_json(args, document)
        common.show(json.dumps(made))
    else:
        answer = answered(args, document)
        tell(args, answer)
        verdict = answer.verdict
        if verdict == "reject":
            _ways_on(args, answer, ())
    status.tell_strict(args, verdict)
    return status.of_verdict(verdict, args.strict)


def _ways_on(args: Arguments, answer: DomainAnswer, attach: Sequence[Element]) -> None:
    """The repairs of a refused domain, or how they are had."""
    from qrules.report import domains
    from qrules.report.style import wrapped

    if getattr(args, "repairs", False):
        common.show(domains.repairs(answer.document, repairs(args, answer, attach), common.style(args)))
    elif args.file != "-":
        common.show(
            BREAK + wrapped("`qrules check --repairs` shows what would help, `--diff` the first of it; `--fix` writes it")
        )


def words(args: Arguments, document: Document) -> list[str]:
    """The command line that libvirt writes, for verbs that ask about one. Raises `Unusable` (QR476) where it writes none."""
    answer = args.domain = answered(args, document)
    if answer.words:
        return list(answer.words)
    first = next(told for told in answer.reasons if told.reason.severity in _REFUSED)
    said = first.reason.emulator_message or first.reason.message
    where = first.element.place(first.attribute) if first.element is not None else document.root.place()
    hint = "`qrules check` tells all of its reasons, and what to do"
    raise Unusable([Diagnostic("QR476", f"libvirt refuses this domain, so there is no command line ({said})", where, "", hint)])


# ------------------------------------------------------------------------------------- place, hotplug
def place(args: Arguments, document: Document) -> int:
    """The domain with all that libvirt adds and chooses; the reasons where it refuses it."""
    answer = domains_of(args).defined(document, tuple(args.profile))
    if args.json:
        from qrules.report import domains_json, json

        common.show(json.dumps(domains_json.placed(answer)))
    elif answer.stored:
        common.show(_shown(document, answer.stored, args.diff, args))
    else:
        tell(args, answer)
    return status.ACCEPTED if answer.stored else status.of_verdict(answer.verdict, False)


def _shown(document: Document, stored: str, diff: bool, args: Arguments) -> str:
    """The document, or what changes in it."""
    if not diff:
        return BREAK.join(stored.rstrip("\n").split("\n"))
    from qrules.report.domains import changes

    return BREAK.join(changes(document.text, stored, common.style(args), (document.where, f"{document.where} as stored")))


def hotplug(args: Arguments, document: Document, devices: Sequence[str]) -> int:
    """Whether the running domain takes devices, given as files, one after the other; the verdict is that of the last."""
    attach = [read_device(inputs.raw(name), name) for name in devices]
    answer = answered(args, document, attach)
    verdict = answer.verdict if answer.stage("define") or answer.stage("start") else _of_last(answer, len(attach) - 1)
    mended = repairs(args, answer, attach) if verdict == "reject" else []
    if args.json:
        from qrules.report import domains_json, json

        made = {**domains_json.answer(answer), "verdict": verdict, "repairs": domains_json.repairs(mended)}
        common.show(json.dumps(made))
    else:
        from qrules.report import domains

        tell(args, answer._replace(verdict=verdict), devices)
        if verdict == "reject":
            common.show(domains.repairs(document, mended, common.style(args), attach))
    status.tell_strict(args, verdict)
    return status.of_verdict(verdict, args.strict)


def why(args: Arguments, device: str, on: str) -> int:
    """Whether a domain takes one more device when it is defined anew, and why not. Status 0 for yes and no, 3 for unknown."""
    from qrules.configs import xml_edit

    document = read_domain(inputs.raw(on), on)
    one = read_device(inputs.raw(device), device)
    holder = document.root.find(_DEVICES)
    if holder is None:
        raise Unusable([Diagnostic("QR474", f"the domain has no <{_DEVICES}>", document.root.place(), f"<{_DEVICES}>")])
    before = answered(args, document)
    whole = read_domain(xml_edit.applied(document, [xml_edit.append_child(holder, one)]), on)
    answer = answered(args, whole)
    old = {(t.stage, t.reason.rule, t.reason.message) for t in before.reasons}
    new = tuple(t for t in answer.reasons if (t.stage, t.reason.rule, t.reason.message) not in old)
    place = whole.root.find(_DEVICES)
    last = place.children[-1] if place is not None else None
    added = answer._replace(reasons=new, devices=tuple(p for p in answer.devices if p.element is last))
    if args.json:
        from qrules.report import domains_json, json

        common.show(json.dumps(domains_json.answer(added)))
    else:
        tell(args, added)
    unknown = any(t.reason.severity == "unknown" for t in new) and not any(t.reason.severity == "reject" for t in new)
    return status.UNKNOWN if unknown else status.ACCEPTED


def _of_last(answer: DomainAnswer, number: int) -> Any:
    from qrules.explain.reasons import worst

    return worst(told.reason.severity for told in answer.reasons if told.attach == number)
