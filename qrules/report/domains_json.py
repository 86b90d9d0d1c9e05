"""Answers about domains as JSON."""

from __future__ import annotations

from qrules.report.json import SCHEMA, rule_line, sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.configs.xml_tree import Document, Element
    from qrules.domains.answer import Placed
    from qrules.domains.converting import ConvertedDomain
    from qrules.domains.mending import DomainRepair
    from qrules.domains.stream import DomainLine
    from qrules.domains.whole import DomainAnswer, Told
    from qrules.report import shapes_domains


def answer(found: DomainAnswer) -> shapes_domains.Domain:
    """The verdict on a domain with its reasons and placements."""
    after = [{**_placement(found.document, one), "attach": number} for number, came in enumerate(found.after) for one in came]
    return {
        "schema": SCHEMA,
        "verdict": found.verdict,
        "machine": found.machine,
        "arch": found.arch,
        "libvirt": found.libvirt,
        "qemu": found.qemu,
        "reasons": reasons(found),
        "placements": [*(_placement(found.document, one) for one in found.devices if found.stored), *after],  # type: ignore[list-item]
        "notes": list(dict.fromkeys(reason.message for reason in found.assumed)),
        "unchecked": [
            {"element": path(found.document, element), "attribute": attribute, "span": _span(element, attribute)}
            for element, attribute in found.unchecked
        ],
    }


def line(found: DomainLine) -> dict[str, Any]:
    """The answer to a line of a stream."""
    if found.found is not None:
        return {"id": found.id, **answer(found.found), "verdict": found.verdict}
    severity = "unknown" if found.verdict == "unknown" else "unreadable"
    problems = [{"rule": code, "severity": severity, "message": told} for code, told in found.problems]
    return {"id": found.id, "schema": SCHEMA, "verdict": found.verdict, "reasons": problems, "placements": []}


def repairs(found: list[DomainRepair]) -> list[shapes_domains.DomainRepair]:
    """Repairs with the documents that they make."""
    made: list[shapes_domains.DomainRepair] = []
    for one in found:
        made.append({"what": one.text, "xml": one.document})
        if any(text is not None for text in one.attach):
            made[-1]["attach"] = list(one.attach)
    return made


def placed(found: DomainAnswer) -> shapes_domains.DomainPlaced:
    """The document as it is stored."""
    return {"schema": SCHEMA, "verdict": found.verdict, "xml": found.stored or None, "reasons": reasons(found)}


def converted(found: ConvertedDomain) -> shapes_domains.DomainConverted:
    """A domain for another machine."""
    return {
        "schema": SCHEMA,
        "verdict": found.answer.verdict,
        "machine": found.answer.machine,
        "xml": found.xml or None,
        "mended": list(found.mended),
        "moved": [{"name": one.name, "before": one.before, "after": one.after} for one in found.moved],
        "reasons": reasons(found.answer),
    }


def words(found: DomainAnswer) -> shapes_domains.DomainWords:
    """The command line that libvirt writes."""
    return {"schema": SCHEMA, "verdict": found.verdict, "argv": list(found.words) or None, "reasons": reasons(found)}


def reasons(found: DomainAnswer) -> list[shapes_domains.DomainReason]:
    """All reasons, those of define first."""
    return [_reason(found.document, told) for told in found.reasons]


def path(document: Document, element: Element) -> str:
    """How an element is reached: in the document, or by its own name where it was attached."""
    return document.path(element) or f"/{element.name}"


def _reason(document: Document, told: Told) -> shapes_domains.DomainReason:
    found = told.reason
    out: shapes_domains.DomainReason = {
        "stage": told.stage,  # type: ignore[typeddict-item]
        "rule": found.rule,
        "profile": found.profile,
        "severity": found.severity,
        "message": found.message,
        "emulator-message": found.emulator_message,
        "name": told.name,
        "element": path(document, told.element) if told.element is not None else None,
        "attribute": told.attribute,
        "span": _span(told.element, told.attribute) if told.element is not None else None,
        "where": rule_line(found.where),
        "see": sources(found.see),
    }
    if told.attach is not None:
        out["attach"] = told.attach
    if found.instead:
        out["instead"] = found.instead
    return out


def _placement(document: Document, one: Placed) -> shapes_domains.DomainPlacement:
    given = {p.removeprefix("address/@"): v for p, v in one.written.items() if p.startswith("address/@")}
    return {
        "element": path(document, one.element) if one.element is not None else None,
        "kind": one.kind,
        "name": one.name,
        "address": given or None,
    }


def _span(element: Element, attribute: str) -> shapes_domains.XmlSpan:
    span = element.place(attribute)
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end-line": span.end_line,
        "end-column": span.end_column,
    }
