"""Answers as sentences for people. Machines read `qrules.report.json`."""

from __future__ import annotations

from qrules.explain.reasons import Reason, lacking
from qrules.explain.unchecked import Unchecked
from qrules.explain.verdicts import Placement, Verdict
from qrules.explain.why import Link, Why
from qrules.report.excerpts import Excerpts
from qrules.report.style import Style, echo, fitted, table, wrapped
from qrules.visible import BREAK, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHOWN = 160  # characters of a word that are shown beside each reason: output has to stay in proportion to what was asked
_NAMED = 6  # devices that are named where many are meant
_PAINT = {"accept": "green", "warn": "yellow", "reject": "red", "unknown": "yellow"}
_SEVERITY = {
    "reject": ("error", "errors", "red"),
    "unknown": ("not known", "not known", "yellow"),
    "warn": ("warning", "warnings", "yellow"),
    "note": ("note", "notes", "cyan"),
}
_HEADLINE = {
    "accept": "accepted",
    "warn": "accepted, but a guideline speaks against it",
    "reject": "rejected",
    "unknown": "unknown",
}


def address_text(placement: Placement) -> str:
    """``pcie.0, addr=02.0``; only the bus where it has no addresses; empty where the device needs no bus."""
    if placement.bus is None:
        return ""
    parts = [shortened(placement.bus), *(f"{name}={value}" for name, value in placement.address.items())]
    return ", ".join(parts)


# ------------------------------------------------------------------------------------- check
def verdict(answer: Verdict, style: Style, words: list[str] | None = None, told_in: Excerpts | None = None) -> str:
    """A verdict with its reasons, and at the end how many there are.

    `words` are those of the command line, `told_in` shows what is meant of them or of the text that they stand in.
    """
    excerpts = told_in or Excerpts(words)
    told = f"{answer.machine}, {answer.arch}, QEMU {answer.qemu}"
    lines = [f"{style(_HEADLINE[answer.verdict], 'bold', _PAINT[answer.verdict])}  ({told})"]
    for remark in answer.remarks:
        told = f"{remark.message} ({remark.where})" if remark.where is not None else remark.message
        lines.append(wrapped(told, "  ", style("note", "bold", "cyan") + ": "))
    primary = [r for r in answer.reasons if r.consequence_of is None]
    following = [r for r in answer.reasons if r.consequence_of is not None]
    for alike in _alike(answer, primary):
        lines += ["", *_reason(answer, alike, style, excerpts)]
    for alike in _alike(answer, following):
        lines += ["", *_consequence(answer, alike, style)]
    if answer.placements:
        lines += [
            "",
            style("where the devices land" if answer.verdict in ("accept", "warn") else "the others would land", "bold"),
        ]
        lines += ["  " + row for row in table([_placed(p) for p in answer.placements])]
    lines += left_open(answer, style, words)
    if primary:
        lines += ["", _counted(primary, style)]
    return BREAK.join(lines)


def left_open(answer: Verdict, style: Style, words: list[str] | None) -> Iterator[str]:
    """What a verdict does not speak of: what the host alone decides, and what was not looked at."""
    if answer.assumed:
        yield from ("", style("taken as given, since the host alone can tell", "bold", "cyan"))
        yield from dict.fromkeys(wrapped(_given(answer, r), "    ", "  ") for r in answer.assumed)
    if answer.unchecked:
        yield from ("", style("not looked at: no rule says what is right here", "bold", "cyan"))
        yield from ("  " + row for row in table(list(_unchecked(answer, words))))


def _counted(reasons: list[Reason], style: Style) -> str:
    """``2 errors, 1 warning``: what is wrong, without what only follows from it."""
    counted = ((_SEVERITY[s], sum(r.severity == s for r in reasons)) for s in ("reject", "unknown", "warn"))
    return ", ".join(style(f"{n} {one if n == 1 else many}", "bold", colour) for (one, many, colour), n in counted if n)


def too_large(why: str, style: Style) -> str:
    """The verdict on a question that takes more steps than there are."""
    return BREAK.join([style(_HEADLINE["unknown"], "bold", _PAINT["unknown"]), "", wrapped(why, "  ", "  ")])


def _given(answer: Verdict, reason: Reason) -> str:
    return reason.message if reason.span is not None and not reason.devices else f"{_name(answer, [reason])}: {reason.message}"


def _unchecked(answer: Verdict, words: list[str] | None) -> Iterator[tuple[str, ...]]:
    """What was not looked at, each thing once, with the devices or the place that it was written for."""
    groups: dict[tuple[str, str], list[Unchecked]] = {}
    for one in answer.unchecked:
        groups.setdefault((one.option, one.written), []).append(one)
    for (option, written), alike in groups.items():
        span = alike[0].span
        name = option or (words[span.argument - 1] if words is not None and span is not None and span.argument else "")
        told = f"{name} {written}".strip()
        places = numbers([one.span.argument + 1 for one in alike if one.span is not None])
        yield told if len(told) <= _SHOWN else told[:_SHOWN] + " ...", f"argument{'s' if len(alike) > 1 else ''} {places}"


def _placed(placement: Placement) -> tuple[str, ...]:
    named = placement.type + (f" '{shortened(placement.id)}'" if placement.id else "")
    return (named, address_text(placement) or "(no bus)")


def _alike(answer: Verdict, reasons: Iterable[Reason]) -> Iterator[list[Reason]]:
    """What is said of several devices of a type in the same words, so that it is told once; in the order of the first."""
    groups: dict[tuple[object, ...], list[Reason]] = {}
    for reason in reasons:
        blamed = answer.devices[reason.devices[0]] if reason.devices else None
        said = reason._replace(devices=(), span=None if blamed else reason.span)
        groups.setdefault((blamed, *said), []).append(reason)
    yield from groups.values()


def _name(answer: Verdict, alike: list[Reason]) -> str:
    if not alike[0].devices:
        return answer.machine
    blamed = list(dict.fromkeys(r.devices[0] + 1 for r in alike))
    return f"device{'s' if len(blamed) > 1 else ''} {numbers(blamed)}, {shortened(answer.devices[alike[0].devices[0]])}"


def numbers(counted: list[int]) -> str:
    """``3``, ``3 and 5``, ``3, 5 to 9 and 12``."""
    runs: list[list[int]] = []
    for number in counted:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [text for run in runs for text in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    return " and ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else told[0]


def _reason(answer: Verdict, alike: list[Reason], style: Style, excerpts: Excerpts) -> Iterator[str]:
    reason = alike[0]
    word, _, colour = _SEVERITY[reason.severity]
    place, name = excerpts.place(reason.span, reason.about), _name(answer, alike)
    plain = len(f"{place}{word}: {name}: ")
    head = f"{echo(place)}{style(word, 'bold', colour)}: {style(name, 'bold')}: "
    yield head + wrapped(reason.message, "  ", " " * plain)[plain:]
    more = f"  (and {len(alike) - 1} more)" if len(alike) > 1 else ""
    yield from excerpts.lines(reason.span, style, reason.about, more)
    yield from details(reason, style)


def details(reason: Reason, style: Style) -> Iterator[str]:
    """What stands below a reason: the emulator's words, what to try, the rule and its sources."""
    if reason.emulator_message:
        yield fitted(reason.emulator_message, "          ", "  " + style("QEMU", "dim") + "    ")
    if reason.instead:
        yield wrapped(reason.instead, "          ", "  " + style("try", "bold", "green") + "     ")
    if reason.where is not None:
        profile = f" ({reason.profile})" if reason.severity == "warn" else ""
        yield "  " + style("rule", "dim") + f"    {reason.rule}{profile}, {reason.where}"
    for source in reason.see:
        yield "  " + style("source", "dim") + f"  {source}"


def _consequence(answer: Verdict, alike: list[Reason], style: Style) -> Iterator[str]:
    cause = alike[0].consequence_of
    assert cause is not None
    head = f"{_name(answer, alike)}: "
    told = f"only a consequence of device {cause + 1}, {shortened(answer.devices[cause])}, being refused ({alike[0].message})"
    yield style(head, "bold") + wrapped(told, "  ", " " * len(head))[len(head) :]


def lacks(reasons: Iterable[Reason], machine: str, style: Style) -> str:
    """What a machine needs to start and was not given."""
    lines = [style(f"{machine} does not start like this", "bold", "red")]
    for reason in reasons:
        lines += [wrapped(reason.message, "  ", "  "), *details(reason, style)]
    return BREAK.join(lines)


def with_lacks(answer: str, missing: list[Reason], machine: str, style: Style) -> str:
    """A text about a machine; below it what the machine lacks to start."""
    return (BREAK * 2).join([answer, *([lacks(missing, machine, style)] if missing else [])])


# ------------------------------------------------------------------------------------- why
def why(answer: Why, style: Style) -> str:
    """The answer to "why can (or can't) this device plug here?"."""
    machine = answer.verdict.machine
    if answer.placement is not None:
        return BREAK.join(_why_yes(answer, style, machine))
    word = "Unknown" if answer.verdict.verdict == "unknown" else "No"
    missing = lacking(answer.verdict.reasons)
    mine = [r for r in answer.verdict.reasons if r.consequence_of is None and r not in missing]
    lines = [f"{style(word, 'bold', 'red' if word == 'No' else 'yellow')}: {_cannot(answer, machine, word)}"]
    for reason in mine:
        lines += ["", wrapped("because " + reason.message, "  ", "  "), *details(reason, style)]
    lines += [*_present(answer, style), *_remedies(answer, style)]
    if missing:
        lines += ["", lacks(missing, machine, style)]
    return BREAK.join(lines)


def _cannot(answer: Why, machine: str, word: str) -> str:
    if word == "Unknown":
        return f"the rules do not say whether {answer.device} plugs into {machine}."
    return f"{machine} does not take {answer.device} as it stands."


def _forbids(reason: Reason) -> bool:
    """Whether a rule that decides nothing, such as a site's own, refuses what stands."""
    return reason.severity == "reject" and reason.phase == "start" and bool(reason.devices)


def _why_yes(answer: Why, style: Style, machine: str) -> Iterator[str]:
    placed = answer.placement
    assert placed is not None
    where = f", and lands on {address_text(placed)}" if placed.bus else "; it needs no bus"
    forbids = next((r.rule for r in answer.verdict.reasons if _forbids(r)), None)
    if forbids is not None:
        would = f"{machine} would take {answer.device}{where.replace('and lands on', 'on')}"
        yield f"{style('No', 'bold', 'red')}: {would}, but the rule '{forbids}' forbids it."
    else:
        yield f"{style('Yes', 'bold', 'green')}: {machine} takes {answer.device}{where}."
    if answer.chain:
        yield ""
        yield from (f"  {line}" for line in table([_link(link, i == 0, answer) for i, link in enumerate(answer.chain)]))
    sources = dict.fromkeys(str(s) for link in answer.chain for s in link.see)
    yield from (f"  {style('source', 'dim')}  {s}" for s in sources)
    since = []
    if answer.since:
        since.append(f"since {answer.since}" + (" (the oldest of its family)" if answer.since != machine else ""))
    if answer.versions:
        since.append(f"{answer.device} is in QEMU {', '.join(answer.versions)}")
    if since:
        yield fitted("; ".join(since).removeprefix("since "), "          ", f"  {style('since', 'dim')}   ")
    missing = lacking(answer.verdict.reasons)
    for reason in answer.verdict.reasons:
        if reason not in missing:
            yield ""
            yield wrapped(_whose(reason, answer) + reason.message, "  ", "  ")
            yield from details(reason, style)
    if missing:
        yield ""
        yield lacks(missing, machine, style)


def _whose(reason: Reason, answer: Why) -> str:
    """What a reason is about, where that is no matter of the device itself: one that stands before it."""
    if not reason.devices or reason.devices[0] >= len(answer.verdict.devices) - 1:
        return ""
    return f"of {shortened(answer.verdict.devices[reason.devices[0]])}, which stands before it: "


def _link(link: Link, first: bool, answer: Why) -> tuple[str, ...]:
    line = str(link.line) if link.line is not None else ""
    if link.what == "bus":
        words = f"{answer.device} goes on {link.name}" if first else f"on {link.name}"
        return (f"{words}, {_a(link.type)}", line)
    if link.what == "written":
        return (f"of {link.type}, which the command line adds", line)
    return (f"of {link.type}, which the machine brings", line)


def _a(kind: str) -> str:
    article = "an" if kind[:1].lower() in "aeiou" else "a"
    return f"{article} {kind}" + ("" if kind.lower().endswith("bus") else " bus")


def _present(answer: Why, style: Style) -> Iterator[str]:
    if answer.bus_kind is None or not any(r.rule == "no-bus" for r in answer.verdict.reasons):
        return
    grouped: dict[str, list[str]] = {}
    for name, kind in answer.present:
        grouped.setdefault(kind, []).append(name)
    listed = ", ".join(f"{_span(names)} ({kind})" for kind, names in grouped.items())
    yield wrapped(listed, "          ", "  " + style("buses", "dim") + "   ")


def _span(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}" if len(names) > 2 else " and ".join(names)


def _remedies(answer: Why, style: Style) -> Iterator[str]:
    if not answer.remedies:
        return
    yield ""
    yield f"  {style('What would help', 'bold')} (each was tried on the rules):"
    words = {"device": "put before it", "option": "say", "machine": "use a machine that has one"}
    yield from ("    " + row for row in table([(words[r.kind], r.text, str(r.line or "")) for r in answer.remedies]))
