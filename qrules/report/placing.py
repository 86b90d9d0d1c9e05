"""Placements, and why there is none, as text and JSON."""

from __future__ import annotations

import difflib

from qrules.configs.quoting import quoted
from qrules.configs.rewriting import device_text, rewritten
from qrules.configs.spelling import PLAIN, Spelling
from qrules.machine.request import Request
from qrules.place.answer import Nowhere, Placed, Undecided
from qrules.place.drafts import Edit
from qrules.place.shown import Repair
from qrules.report import json as shapes
from qrules.report.conflicts import conflict_json, conflicts_text, demand_json
from qrules.report.style import Style, shell, table, wrapped
from qrules.report.text import details, numbers
from qrules.report.undecided import undecided
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from qrules.place.setting import Setting

    Answer = Placed | Nowhere | Undecided

_APIECE = 3  # devices to leave out that get a line each


def text(answer: Answer, request: Request, words: list[str], style: Style, form: str, spelling: Spelling = PLAIN) -> str:
    """The answer; `form` is command, diff or explain, and `spelling` how words are written that stay."""
    if isinstance(answer, Placed):
        return BREAK.join(_placed(answer, request, words, style, form, spelling))
    if isinstance(answer, Undecided):
        return BREAK.join(undecided(answer, request, style))
    return BREAK.join(_nowhere(answer, request, style, form == "explain"))


# ------------------------------------------------------------------------------------- a placement
def _placed(answer: Placed, request: Request, words: list[str], style: Style, form: str, spelling: Spelling) -> Iterator[str]:
    after = rewritten(words, answer.request.devices)
    if form == "diff":
        before = spelling.lines(rewritten(words, request.devices))
        changed = difflib.unified_diff(before, spelling.lines(after), "as written", "placed", lineterm="")
        yield BREAK.join(_painted(line, style) for line in changed) or "nothing changes"
        yield from _advice(answer, style)
        return
    if form == "explain":
        yield from _explained(answer, request, style)
        return
    yield from (style("# " + line, "dim") for line in _summary(answer, request))
    yield from _advice(answer, style)
    yield from spelling.preamble
    yield shell(spelling.lines(after))


def _summary(answer: Placed, request: Request) -> Iterator[str]:
    placed = _counted(len(answer.request.devices) - len(answer.added), "device")
    added = _counted(len(answer.added), "controller")
    yield f"{request.machine}: {placed} placed, {added} added" + (
        "" if answer.optimal else " (fewer may do: that was not proven)"
    )
    for at in answer.added:
        yield "added " + device_text(answer.request.devices[at])
    for at, index in enumerate(answer.origin):
        if index is not None and _had_place(request, index) and answer.request.devices[at].bus != request.devices[index].bus:
            yield f"changed {device_text(request.devices[index])} to {device_text(answer.request.devices[at])}"


def _advice(answer: Placed, style: Style) -> Iterator[str]:
    """What guidelines say against a config that starts, each rule once for each sentence."""
    for reason in dict.fromkeys(r._replace(devices=(), span=None) for r in answer.advice):
        at = f", {reason.where}" if reason.where is not None else ""
        yield style(wrapped(f"a guideline speaks against it: {reason.message} ({reason.rule}{at})", "#   ", "# "), "yellow")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _had_place(request: Request, index: int) -> bool:
    return request.devices[index].bus is not None


def _painted(line: str, style: Style) -> str:
    return style(line, "green") if line.startswith("+") else style(line, "red") if line.startswith("-") else line


def _explained(answer: Placed, request: Request, style: Style) -> Iterator[str]:
    yield from _summary(answer, request)
    yield from _advice(answer, style)
    setting = answer.setting
    for at, index in enumerate(answer.origin):
        device = answer.request.devices[at]
        yield ""
        yield style(device_text(device), "bold")
        for line in _reasons(answer, setting, request, at, index):
            yield wrapped(line, "  ", "  ")


def _reasons(answer: Placed, setting: Setting | None, request: Request, at: int, index: int | None) -> Iterator[str]:
    device = answer.request.devices[at]
    if index is None:
        users = [d for d in answer.request.devices if d.bus is not None and device.id is not None and _behind(d.bus, device.id)]
        yield f"added: {_types([d.driver for d in users])} would have no place without it" if users else "added"
        return
    if device.bus is None:
        yield "it needs no place"
        return
    if request.devices[index].bus == device.bus:
        yield f"on {device.bus}, as written"
    elif setting is not None and setting.written.devices[index] is not None and _same_bus(setting, index, device.bus):
        yield f"on {device.bus}, where it lands unasked"
    else:
        yield f"on {device.bus}, the first bus with room that takes it"
    for kind, why in _struck(setting, index, request) if setting is not None else ():
        yield f"not on {kind}: {why}"


def _types(names: Sequence[str]) -> str:
    """Types, those that come several times with their number."""
    return ", ".join(name if names.count(name) == 1 else f"{names.count(name)} {name}" for name in dict.fromkeys(names))


def _same_bus(setting: Setting, index: int, name: str) -> bool:
    stands = setting.written.devices[index]
    return stands is not None and stands.bus is not None and stands.bus.id == name


def _behind(bus: str, identity: str) -> bool:
    return bus == identity or bus.startswith(identity + ".")


def _struck(setting: Setting, index: int, request: Request) -> Iterator[tuple[str, str]]:
    """The buses that rules keep a device from, each kind of them once."""
    for name, site in setting.sites.items():
        fit = setting.fitting.fit(index, request.devices[index], site)
        told = [r for r in fit.struck if r.rule != "wrong-bus-kind"]
        if told:
            bus = site.buses[0]
            where = bus.id if site.maker is None or site.maker.request is None else f"a bus of {site.maker.kind.name}"
            yield where, f"{told[0].message} ({told[0].rule}, {told[0].where})"
        del name


# ------------------------------------------------------------------------------------- no placement
def _nowhere(answer: Nowhere, request: Request, style: Style, proof: bool) -> Iterator[str]:
    yield f"{style('No', 'bold', 'red')}: not all devices of this config can have a place on {request.machine}."
    for reason in answer.reasons:
        yield ""
        yield wrapped(reason.message, "  ", "  ")
        yield from details(reason, style)
    for struck in answer.struck:
        yield ""
        yield (
            style(f"device {struck.device + 1}, {request.devices[struck.device].driver}", "bold")
            + ": no bus takes it, whatever else there is"
        )
        for reason in struck.reasons:
            yield wrapped(reason.message, "  ", "  ")
            yield from details(reason, style)
    yield from conflicts_text(answer, request, style, proof)


# ------------------------------------------------------------------------------------- repairs
def repair_lines(repair: Repair) -> list[str]:
    """A repair as edits that can be pasted, each with the device that it is about."""
    rows: list[tuple[str, str]] = []
    dropped = [e for e in repair.edits if e.kind == "drop"]
    for edit in repair.edits:
        at = "" if edit.device is None else f"  (device {edit.device + 1})"
        match edit.kind:
            case "add":
                before = "" if edit.device is None else f"  (before device {edit.device + 1})"
                rows.append(("add", f"-device {quoted(edit.after)}{before}"))
            case "move" | "property":
                rows.append(("change", f"-device {quoted(edit.before)}{at}"))
                rows.append(("to", f"-device {quoted(edit.after)}"))
            case "reorder":
                rows.append(("put later", f"-device {quoted(edit.after)}{at}"))
            case "earlier":
                rows.append(("put", f"-device {quoted(edit.before)}{at} before -device {quoted(edit.after)}"))
            case "option":
                rows.append(("say", f"-machine {quoted(edit.after)}"))
            case "machine":
                rows.append(("take", f"-machine {quoted(edit.after)} instead of {edit.before}"))
            case "model":
                rows.append(("take", f"{edit.after} instead of {edit.before}{at}"))
            case "words":
                rows += _option_rows(edit)
            case _ if len(dropped) <= _APIECE:
                rows.append(("leave out", f"-device {quoted(edit.before)}{at}"))
    if len(dropped) > _APIECE:
        counts: dict[str, int] = {}
        for edit in dropped:
            driver = edit.before.split(",")[0]
            counts[driver] = counts.get(driver, 0) + 1
        told = ", ".join(f"{count} {driver}" for driver, count in counts.items())
        positions = sorted(e.device + 1 for e in dropped if e.device is not None)
        rows.append(("leave out", f"{told}  (devices {numbers(positions)})"))
    return table(rows)


def _option_rows(edit: Edit) -> list[tuple[str, str]]:
    """An option that is no -device, changed, added or left out."""
    if not edit.before:
        return [("add", edit.after)]
    if not edit.after:
        return [("leave out", edit.before)]
    return [("change", edit.before), ("to", edit.after)]


def repairs_text(found: Sequence[Repair], style: Style) -> str:
    """The repairs of a refused config, the cheapest first."""
    if not found:
        return BREAK + "No change that was tried would make it start."
    lines_ = ["", style("What would make it start", "bold") + " (each was tried on the rules):"]
    for number, repair in enumerate(found, 1):
        first, *rest = repair_lines(repair)
        lines_ += [f"  {number}. {first}", *(f"     {row}" for row in rest)]
    return BREAK.join(lines_)


def repair_json(repair: Repair) -> dict[str, Any]:
    """A repair as its edits and the devices of the whole config."""
    edits = [{"kind": e.kind, "device": e.device, "before": e.before or None, "after": e.after or None} for e in repair.edits]
    return {"cost": repair.cost, "edits": edits, "argv": list(repair.argv)}


# ------------------------------------------------------------------------------------- JSON
def answer_json(answer: Answer, words: list[str] | None = None) -> dict[str, Any]:
    """The answer for whoever uses Python; `words` is the command line. Raises `TypeError` where a placed config lacks that."""
    if isinstance(answer, Placed) and words is None:
        raise TypeError("of a placed config the command line is needed too: to_dict(argv)")
    request = answer.setting.request if isinstance(answer, Nowhere) and answer.setting is not None else Request("")
    return as_json(answer, request, words or [])


def as_json(answer: Answer, request: Request, words: list[str]) -> dict[str, Any]:
    """The answer with the whole command line, or with every conflict."""
    if isinstance(answer, Placed):
        return {
            "schema": shapes.SCHEMA,
            "verdict": "placed",
            "argv": rewritten(words, answer.request.devices),
            "cost": answer.cost,
            "optimal": answer.optimal,
            "advice": [shapes.reason(r) for r in answer.advice],
            "devices": [
                {"device": origin, "added": origin is None, "text": device_text(device), "bus": device.bus}
                for device, origin in zip(answer.request.devices, answer.origin, strict=True)
            ],
        }
    if isinstance(answer, Undecided):
        return {
            "schema": shapes.SCHEMA,
            "verdict": "unknown",
            "why": answer.why,
            "reasons": [shapes.reason(r) for r in answer.reasons],
            "standing": list(answer.standing),
            "left": list(answer.left),
        }
    found = answer.found
    return {
        "schema": shapes.SCHEMA,
        "verdict": "nowhere",
        "reasons": [shapes.reason(r) for r in answer.reasons],
        "struck": [{"device": s.device, "reasons": [shapes.reason(r) for r in s.reasons]} for s in answer.struck],
        "conflicts": [conflict_json(c, answer, request) for c in found.conflicts] if found is not None else [],
        "corrections": [
            {"demands": [demand_json(p) for p in c.parts], "cost": c.cost, "cheapest": c.cheapest}
            for c in (found.corrections if found is not None else ())
        ],
        "complete": found.complete if found is not None else True,
    }
