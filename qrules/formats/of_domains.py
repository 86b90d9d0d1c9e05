"""A domain with its verdict as a result with findings, for the formats of other programs."""

from __future__ import annotations

from qrules.formats.findings import Finding, Place, Result, of_span, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.domains.whole import DomainAnswer, Told
    from qrules.formats.findings import Level

_LEVELS: dict[str, Level] = {"reject": "error", "warn": "warning", "unknown": "unknown", "note": "given"}


def result(answer: DomainAnswer, name: str, place: Place) -> Result:
    """The verdict on a domain; each finding stands where its element does."""
    findings = [_finding(told, place) for told in answer.reasons]
    for element, attribute in answer.unchecked:
        what = f"<{element.name}>" + (f" {attribute}=" if attribute else "")
        message = said(f"not looked at: no rule says what is right in {what}")
        findings.append(Finding("not-looked-at", "note", message, of_span(element.place(attribute)) if place.file else place))
    return Result(name, place, answer.verdict, tuple(findings))


def _finding(told: Told, place: Place) -> Finding:
    reason = told.reason
    message = f"at {told.stage}: {told.name}: {reason.message}" if told.name else f"at {told.stage}: {reason.message}"
    return Finding(
        reason.rule,
        _LEVELS[reason.severity],
        said(message),
        of_span(told.element.place(told.attribute)) if told.element is not None and place.file else place,
        said(reason.instead),
        said(reason.emulator_message),
        reason.profile,
        reason.where,
        tuple(str(source) for source in reason.see),
    )
