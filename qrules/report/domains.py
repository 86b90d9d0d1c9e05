"""Answers about domains as sentences: each reason with its stage, and the author's own line below it."""

from __future__ import annotations

from qrules.domains.naming import address
from qrules.report.excerpts import cut
from qrules.report.style import Style, fitted, table, wrapped
from qrules.visible import BREAK, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qrules.configs.xml_tree import Document, Element
    from qrules.domains.answer import Placed
    from qrules.domains.converting import ConvertedDomain
    from qrules.domains.mending import DomainRepair
    from qrules.domains.whole import DomainAnswer, Told
    from qrules.explain.reasons import Reason

_STAGES = {
    "define": "libvirt does not define it",
    "start": "it does not start",
    "running": "the running machine does not take it",
}
_ADVICE = {"start": "it starts, but", "define": "it is defined, but", "running": "the running machine takes it, but"}
_HEADLINE = {
    "accept": ("accepted", "green"),
    "warn": ("accepted, but a guideline speaks against it", "yellow"),
    "reject": ("rejected", "red"),
    "unknown": ("unknown", "yellow"),
}
_SEVERITY = {
    "reject": ("error", "errors", "red"),
    "unknown": ("not known", "not known", "yellow"),
    "warn": ("warning", "warnings", "yellow"),
    "note": ("note", "notes", "cyan"),
}
_MOST = 40  # things that were not looked at are listed


def text(answer: DomainAnswer, style: Style, attached: Sequence[str] = ()) -> str:
    """The verdict on a domain, its reasons by stage, and where devices stand. `attached` names what was attached."""
    word, colour = _HEADLINE[answer.verdict]
    lines = [f"{style(word, 'bold', colour)}  ({versions(answer)})"]
    for stage in _STAGES:
        reasons = answer.stage(stage)
        refused = any(told.reason.severity in ("reject", "unknown") for told in reasons)
        if reasons:
            heading = _STAGES[stage] if refused else _ADVICE[stage]
            lines += ["", style(heading, "bold")]
        for alike in _alike(reasons):
            lines += [*_reason(alike, style, attached), ""]
        if reasons:
            lines.pop()
    if answer.devices and answer.stored:
        lines += ["", style("where the devices stand, as libvirt stores them", "bold")]
        lines += ["  " + row for row in table([_placed(p) for p in answer.devices])]
        for number, came in enumerate(answer.after):
            lines += ["", style(f"what {_attached(attached, number)} brings", "bold")] if came else []
            lines += ["  " + row for row in table([_placed(p) for p in came])] if came else []
    lines += _left_open(answer, style)
    counted = _counted(answer.reasons, style)
    return BREAK.join([*lines, *(["", counted] if counted else [])])


def versions(answer: DomainAnswer) -> str:
    """``pc-q35-10.0, x86_64, libvirt 11.3.0, QEMU 10.0.2``."""
    parts = [answer.machine, answer.arch, f"libvirt {answer.libvirt}", f"QEMU {answer.qemu}" if answer.qemu else ""]
    return ", ".join(shortened(part) for part in parts if part)


def _placed(placed: Placed) -> tuple[str, ...]:
    line = f"line {placed.element.span.line}" if placed.element is not None else "added by libvirt"
    return shortened(placed.name), address(placed) or "(no address)", line


def _attached(attached: Sequence[str], number: int) -> str:
    return attached[number] if number < len(attached) else f"device {number + 1}"


def _alike(reasons: Iterable[Told]) -> Iterator[list[Told]]:
    """What is said of several devices in the same words, so that it is told once."""
    groups: dict[tuple[object, ...], list[Told]] = {}
    for told in reasons:
        reason = told.reason
        groups.setdefault((reason.rule, reason.message, reason.emulator_message, told.attach), []).append(told)
    yield from groups.values()


def _reason(alike: list[Told], style: Style, attached: Sequence[str]) -> Iterator[str]:
    told = alike[0]
    reason = told.reason
    word, _, colour = _SEVERITY[reason.severity]
    names = list(dict.fromkeys(shortened(one.name) for one in alike if one.name))
    name = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    span = told.element.place(told.attribute) if told.element is not None else None
    place = f"{span}: " if span is not None else f"{attached[told.attach]}: " if told.attach is not None and attached else ""
    head = f"{place}{word}: {name}: " if name else f"{place}{word}: "
    shown = f"{place}{style(word, 'bold', colour)}: " + (f"{style(name, 'bold')}: " if name else "")
    yield shown + wrapped(reason.message or reason.rule, "  ", " " * len(head))[len(head) :]
    if told.element is not None:
        yield from excerpt(told.element, told.attribute, style)
    yield from _details(reason, style, reason.profile)


def excerpt(element: Element, attribute: str, style: Style) -> Iterator[str]:
    """The line that an element begins in, with carets below what is meant."""
    span = element.place(attribute)
    begins = element.source.text.rfind("\n", 0, element.source.offset(span.line, span.column)) + 1
    ends = element.source.text.find("\n", begins)
    line = element.source.text[begins : ends if ends >= 0 else len(element.source.text)].rstrip("\r")
    last = span.end_column - 1 if span.end_line == span.line else len(line)
    shown, start, end = cut(line, span.column - 1, max(last, span.column))
    number, bar = str(span.line), style("|", "dim")
    yield f"  {style(number, 'dim')} {bar} {shown}"
    yield f"  {' ' * len(number)} {bar} {' ' * start}{style('^' * max(1, end - start), 'bold', 'red')}"


def _details(reason: Reason, style: Style, profile: str) -> Iterator[str]:
    """The words of libvirt or the emulator, what to try, the rule and its sources."""
    if reason.emulator_message:
        whose = "libvirt" if profile == "libvirt" else "QEMU"
        yield fitted(reason.emulator_message, "          ", "  " + style(f"{whose:<7}", "dim") + " ")
    if reason.instead:
        yield wrapped(reason.instead, "          ", "  " + style("try", "bold", "green") + "     ")
    if reason.where is not None:
        yield "  " + style("rule", "dim") + f"    {reason.rule} ({reason.profile}), {reason.where}"
    for source in reason.see:
        yield "  " + style("source", "dim") + f"  {source}"


def _left_open(answer: DomainAnswer, style: Style) -> Iterator[str]:
    """What a verdict does not speak of."""
    if answer.assumed:
        yield from ("", style("taken as given, since the host alone can tell", "bold", "cyan"))
        yield from dict.fromkeys(wrapped(reason.message, "    ", "  ") for reason in answer.assumed)
    if answer.unchecked:
        yield from ("", style("not looked at: no rule says what is right here", "bold", "cyan"))
        rows = []
        for element, attribute in answer.unchecked[:_MOST]:
            span = element.place(attribute)
            what = f"<{shortened(element.name)}>" + (f" {shortened(attribute)}=" if attribute else "")
            rows.append((what, f"line {span.line}, column {span.column}"))
        yield from ("  " + row for row in table(rows))
        if len(answer.unchecked) > _MOST:
            yield f"  and {len(answer.unchecked) - _MOST:,} more (--json lists all)"


def repairs(document: Document, found: Sequence[DomainRepair], style: Style, attached: Sequence[Element] = ()) -> str:
    """Repairs, each with what it changes in the document, and in what is attached."""
    if not found:
        return BREAK + wrapped("no repair was found: what was tried is refused, too")
    lines = ["", style("what would help (each was tried on the rules as the whole document that it makes)", "bold")]
    for number, one in enumerate(found, 1):
        lines += ["", wrapped(one.text, "     ", f"  {number}. ")]
        lines += [f"     {line}" for line in changes(document.text, one.document, style)]
        for element, text in zip(attached, one.attach, strict=bool(one.attach)):
            if text is not None:
                lines += [f"     {element.source.where}:"]
                lines += [f"     {line}" for line in changes(element.source.text, text, style)]
    return BREAK.join(lines)


def changes(before: str, after: str, style: Style, names: tuple[str, str] = ("", "")) -> Iterator[str]:
    """The lines that change, as a unified difference; without its heading where no names are given."""
    from difflib import unified_diff

    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = list(unified_diff(before.splitlines(), after.splitlines(), *names, n=1 if not names[0] else 3, lineterm=""))
    for line in lines if names[0] else lines[2:]:
        yield style(line, colours[line[0]]) if line[:1] in colours else line


def _counted(reasons: Sequence[Told], style: Style) -> str:
    """``2 errors, 1 warning``."""
    counted = ((_SEVERITY[s], sum(told.reason.severity == s for told in reasons)) for s in ("reject", "unknown", "warn"))
    return ", ".join(style(f"{n} {one if n == 1 else many}", "bold", colour) for (one, many, colour), n in counted if n)


def conversion(document: Document, found: ConvertedDomain, style: Style) -> str:
    """What changes in a domain for another machine, and what its guest finds elsewhere."""
    lines = list(changes(document.text, found.xml, style, (document.where, f"{document.where} for {found.answer.machine}")))
    if found.mended:
        lines += ["", style("without these changes libvirt or QEMU refuses it", "bold"), *(f"  {told}" for told in found.mended)]
    if found.moved:
        lines += ["", style("what the guest finds at another place", "bold")]
        lines += [
            "  " + row for row in table([(one.name, one.before or "-", "now " + (one.after or "-")) for one in found.moved])
        ]
    warned = [told for told in found.answer.reasons if told.reason.severity == "warn"]
    for told in warned:
        lines += ["", wrapped(f"{told.name}: {told.reason.message}", "  ", style("warning", "bold", "yellow") + ": ")]
    return BREAK.join(lines)
