"""Answers as JSON, in the shapes that the design fixes. Keys are QMP's style: words with hyphens."""

from __future__ import annotations

import json

from qrules.explain.bulk import Answer
from qrules.explain.inventory import BusFacts, Holder, TypeFacts
from qrules.explain.reasons import Reason, RuleLine, Source
from qrules.explain.unchecked import Unchecked
from qrules.explain.verdicts import Placement, Verdict
from qrules.explain.why import Why
from qrules.machine.request import Request, Where
from qrules.visible import in_json, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from qrules.explain.anywhere import Somewhere
    from qrules.explain.bulk import VerdictOrNone
    from qrules.explain.hotplug import Added, HotPlug
    from qrules.explain.messages import Explained, Meaning
    from qrules.explain.picture import BusNode, DeviceNode, Topology
    from qrules.explain.room import Slots
    from qrules.plugging.board import Board
    from qrules.report import shapes, shapes_machines


SCHEMA: Literal[1] = 1
_LONG = 1_000  # characters of the name of something else that stands beside each of many


def dumps(value: Any) -> str:
    """One JSON text, the same bytes for the same answer; its line breaks are those of `qrules.visible`."""
    return in_json(json.dumps(value, indent=2, ensure_ascii=False))


def line(value: Any) -> str:
    """A JSON text in one line, for streams."""
    return in_json(json.dumps(value, ensure_ascii=False))


def _where(where: Where | None) -> shapes.Span | None:
    return None if where is None else {"argument": where.argument, "start": where.start, "end": where.end}


def rule_line(found: RuleLine | None) -> shapes.RuleLine | None:
    """Where a rule stands; None (JSON's null) for what no rule says."""
    return None if found is None else {"file": found.file, "line": found.line}


def sources(cited: tuple[Source, ...]) -> list[shapes.Source]:
    """The cited texts, in the rule's order."""
    return [{"document": s.document, "section": s.section} for s in cited]


def _room(found: Slots | None) -> shapes.Room | None:
    return None if found is None else {"total": found.total, "free": found.free}


def reason(found: Reason) -> shapes.Reason:
    """A reason as bulk checking prints it."""
    out: shapes.Reason = {
        "rule": found.rule,
        "profile": found.profile,
        "severity": found.severity,
        "message": found.message,
        "emulator-message": found.emulator_message,
        "devices": list(found.devices),
        "span": _where(found.span),
        "where": rule_line(found.where),
        "see": sources(found.see),
        "consequence-of": found.consequence_of,
    }
    if found.hotplug is not None:
        out["hotplug"] = found.hotplug
    if found.instead:
        out["instead"] = found.instead
    return out


def placement(found: Placement) -> shapes.Placement:
    """A placement: the address of each dimension under the property that writes it."""
    bus = shortened(found.bus, _LONG) if found.bus is not None else None
    out: shapes.Placement = {
        "device": found.device,
        "type": found.type,
        "id": found.id,
        "bus": bus,
        "address": found.address,
    }
    return out if found.hotplug is None else {**out, "hotplug": found.hotplug}


def unchecked(found: Unchecked) -> shapes.Unchecked:
    """Something that was not looked at, with its place."""
    out: shapes.Unchecked = {"option": found.option, "written": found.written, "span": _where(found.span), "device": found.device}
    return out if found.hotplug is None else {**out, "hotplug": found.hotplug}


def somewhere(found: Somewhere) -> dict[str, Any]:
    """A machine that was asked whether it takes a device."""
    told = {"machine": found.machine, "alias": found.alias or None, "arch": found.arch, "qemu": found.qemu}
    placed = placement(found.placement) if found.placement is not None else None
    return {**told, "verdict": found.verdict, "placement": placed, "message": found.message or None}


def verdict(answer: Verdict) -> shapes.Verdict:
    """A verdict with its reasons and placements."""
    return {
        "schema": SCHEMA,
        "verdict": answer.verdict,
        "machine": answer.machine,
        "arch": answer.arch,
        "qemu": answer.qemu,
        "reasons": [reason(r) for r in answer.reasons],
        "placements": [placement(p) for p in answer.placements],
        "notes": [reason(r) for r in (*answer.remarks, *answer.assumed)],
        "unchecked": [unchecked(u) for u in answer.unchecked],
    }


def answer(found: Answer) -> shapes.CheckLine:
    """An answer of bulk checking; the keys that a single verdict has besides are left out, since every line has them."""
    judged = found.found
    if judged is None:
        problems: list[shapes.Reason | shapes.Problem] = [_problem(code, found.verdict, told) for code, told in found.problems]
        return {"id": found.id, "schema": SCHEMA, "verdict": found.verdict, "reasons": problems, "placements": []}
    out: shapes.CheckLine = {
        "id": found.id,
        "schema": SCHEMA,
        "verdict": found.verdict,
        "reasons": [reason(r) for r in judged.reasons],
        "placements": [placement(p) for p in judged.placements],
    }
    if notes := (*judged.remarks, *judged.assumed):
        out["notes"] = [reason(r) for r in notes]
    if judged.unchecked:
        out["unchecked"] = [unchecked(u) for u in judged.unchecked]
    return out


def _problem(code: str, verdict: VerdictOrNone, message: str) -> shapes.Problem:
    return {"rule": code, "severity": "unknown" if verdict == "unknown" else "unreadable", "message": message}


def why(answer: Why) -> shapes_machines.Why:
    """The answer to a why-question: the verdict, the chain of facts behind a yes, the remedies for a no."""
    return {
        **verdict(answer.verdict),
        "device": answer.device,
        "placement": placement(answer.placement) if answer.placement is not None else None,
        "because": [
            {
                "what": link.what,
                "name": link.name,
                "type": link.type,
                "where": rule_line(link.line),
                "see": sources(link.see),
            }
            for link in answer.chain
        ],
        "since": answer.since or None,
        "qemu-versions": list(answer.versions),
        "remedies": [{"kind": r.kind, "text": r.text} for r in answer.remedies],
    }


def head(board: Board, wanted: Request, lacks: list[Reason]) -> shapes_machines.Head:
    """What every answer about a machine begins with."""
    return {
        "schema": SCHEMA,
        "machine": wanted.machine,
        "arch": board.knowledge.arch,
        "qemu": board.knowledge.version,
        "options": dict(wanted.options),
        "nodefaults": wanted.nodefaults,
        "lacks": [reason(r) for r in lacks],
    }


def bus(found: BusFacts) -> shapes_machines.Bus:
    """A bus as ``buses --json`` lists it."""
    return {
        "id": found.id,
        "type": found.type,
        "parent-device": shortened(found.parent_device, _LONG) or None,
        "parent-bus": shortened(found.parent_bus, _LONG) if found.parent_bus is not None else None,
        "accepted-device-types": list(found.accepted),
        "hotpluggable": found.hotpluggable,
        "slots": _room(found.slots),
        "free": list(found.free),
        "opts-complete": True,
    }


def holder(found: Holder) -> shapes_machines.Holder:
    """Who holds a place."""
    return {"address": found.address, "type": found.type, "id": found.id, "written": found.written}


def type_facts(found: TypeFacts) -> shapes_machines.TypeFacts:
    """A device type that finds a bus."""
    return {"type": found.name, "bus": found.bus, "description": found.description or None}


def topology(found: Topology) -> shapes_machines.Topology:
    """A picture's contents: buses and devices in turn, from the roots down."""
    return {
        "schema": SCHEMA,
        "machine": found.machine,
        "arch": found.arch,
        "qemu": found.qemu,
        "buses": [_bus_node(b) for b in found.roots],
        "busless": [_device_node(d) for d in found.busless],
        "refused": list(found.refused),
    }


def _bus_node(found: BusNode) -> shapes_machines.PictureBus:
    return {
        "id": found.id,
        "type": found.type,
        "hotpluggable": found.hotpluggable,
        "slots": _room(found.slots),
        "free": list(found.free),
        "where": rule_line(found.line),
        "devices": [_device_node(d) for d in found.devices],
    }


def _device_node(found: DeviceNode) -> shapes_machines.PictureDevice:
    return {
        "type": found.type,
        "id": found.id,
        "address": found.address or None,
        "by": found.by,
        "device": found.position,
        "where": rule_line(found.line),
        "buses": [_bus_node(b) for b in found.buses],
    }


def explained(found: list[Explained]) -> shapes_machines.Explained:
    """Messages with the rules that say them, the likeliest first."""
    return {
        "schema": SCHEMA,
        "messages": [message(e) for e in found],
    }


def message(found: Explained) -> shapes_machines.Message:
    """A message with its meanings."""
    return {
        "text": found.text,
        "option": found.option or None,
        "meanings": [_meaning(m) for m in found.meanings],
        "near": [_meaning(m) for m in found.near],
    }


def _meaning(found: Meaning) -> shapes_machines.Meaning:
    return {
        "rule": found.rule,
        "profile": found.profile,
        "emulator-message": found.template,
        "values": found.values,
        "message": list(found.because),
        "instead": list(found.instead),
        "where": rule_line(found.where),
        "see": sources(found.see),
    }


def hotplug(answer: HotPlug) -> shapes_machines.HotPlug:
    """The verdict on hot-plug as `check` prints verdicts, and for each device who refuses and what would take it."""
    start = verdict(answer.start)
    reasons = [reason(r) for a in reversed(answer.added) for r in a.reasons]
    placed = [placement(a.placement) for a in answer.added if a.placement is not None]
    return {
        **start,
        "verdict": answer.verdict,
        "reasons": [*reasons, *start["reasons"]],
        "placements": [*start["placements"], *placed],
        "hotplug": [_added(a) for a in answer.added],
    }


def _added(found: Added) -> shapes_machines.Added:
    return {
        "type": found.device,
        "verdict": found.verdict,
        "refused-by": found.layer or None,
        "placement": placement(found.placement) if found.placement is not None else None,
        "free-places": [
            {
                "bus": p.placement.bus,
                "address": p.placement.address,
                "free": p.room.free if p.room else None,
                "advice": list(p.advice),
            }
            for p in found.places
        ],
        "untried": found.untried,
        "first": [{"text": s.text, "bus": s.bus} for s in found.first],
        "at-start": [{"kind": s.kind, "text": s.text, "bus": s.bus} for s in found.starts],
    }
