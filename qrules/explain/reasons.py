"""A refusal as a reason that can be shown: which rule, in which words, whose fault, what to do."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked.expressions import build
from qrules.machine.entities import Device
from qrules.machine.frames import CONTEXT, STATE, SUBJECT, Quoting, Telling
from qrules.machine.refusals import NEEDS, Refusal
from qrules.machine.request import DeviceRequest, Request, Where
from qrules.records import NamedTuple, as_dict
from qrules.visible import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Literal, TypeAlias

    VerdictWord: TypeAlias = Literal["accept", "warn", "reject", "unknown"]
    Severity: TypeAlias = Literal["warn", "reject", "unknown", "note"]

_LONGEST = 10_000  # characters of a sentence
_MOST_BUSES = 8  # that a sentence names
_RANK = {"accept": 0, "warn": 1, "unknown": 2, "reject": 3}

_NAMING = frozenset(  # refusals of a name, whose words may tell what is near
    (
        *("no-such-machine", "machine-not-known", "no-such-type", "no-such-property", "no-such-option", "no-such-command-option"),
        *("no-such-option-value", "no-bus", "bus-not-found", "device-not-found", "no-such-option-id", "no-such-global"),
    )
)


_OF_VALUES = ("missing", "malformed")  # what `qrules.explain.nearby` looks at besides names
_KEY_OF = {  # what is wrong of a device where it names no property
    **dict.fromkeys(("duplicate-id", "malformed-id", "unfit-id"), "id"),
    **dict.fromkeys(
        ("bus-not-found", "device-not-found", "no-child-bus", "several-child-buses", "bus-full", "wrong-bus-kind"), "bus"
    ),
}


class Source(NamedTuple):
    """A cited text: ``qemu:docs/pcie.txt`` and the section or function in it (may be empty)."""

    document: str
    section: str

    def __str__(self) -> str:
        return f"{self.document} {self.section}".rstrip()


class RuleLine(NamedTuple):
    """Where a rule stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Reason(NamedTuple):
    """Why a verdict is as it is.

    `devices` are indices of the request's devices, the blamed one first; `emulator_message` is the very line that the
    emulator prints, without the option before it; `consequence_of` is the index of the device whose refusal led here;
    `hotplug` is the position of the blamed device among those that were added while the machine ran; `about` is the key that is
    meant of those at `span`, where it is one.
    """

    rule: str
    profile: str
    severity: Severity
    message: str
    emulator_message: str
    devices: tuple[int, ...] = ()
    where: RuleLine | None = None
    see: tuple[Source, ...] = ()
    instead: str = ""
    span: Where | None = None
    consequence_of: int | None = None
    phase: str = ""
    hotplug: int | None = None
    about: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def lacking(reasons: Iterable[Reason]) -> list[Reason]:
    """Those that tell what the machine needs to start and was not given."""
    return [r for r in reasons if r.phase == NEEDS]


def worst(severities: Iterable[Severity | VerdictWord]) -> VerdictWord:
    """The verdict of several: reject before unknown before warn before accept."""
    found: VerdictWord = "accept"
    for severity in severities:
        if severity != "note" and _RANK[severity] > _RANK[found]:
            found = severity
    return found


def unworded(knowledge: Knowledge, refusal: Refusal) -> Reason:
    """The reason of a refusal without any sentence, for who only asks what is refused: of thousands nobody reads them."""
    if refusal.note is None:
        return Reason(refusal.rule, knowledge.profile, "reject", "", "", _devices(refusal), consequence_of=refusal.consequence_of)
    profile = knowledge.note(refusal.note).profile or knowledge.profile
    severity: Severity = "unknown" if refusal.unknown else "warn" if knowledge.is_advice(profile) else "reject"
    return Reason(refusal.rule, profile, severity, "", "", _devices(refusal), phase=refusal.phase)


def reason(knowledge: Knowledge, refusal: Refusal, request: Request | None = None) -> Reason:
    """The reason of a refusal."""
    devices = _devices(refusal)
    span = _span(knowledge, refusal, request)
    if refusal.note is None:
        return Reason(
            refusal.rule,
            knowledge.profile,
            "reject",
            _bare(refusal),
            "",
            devices,
            span=span,
            consequence_of=refusal.consequence_of,
        )
    note = knowledge.note(refusal.note)
    refusal = _with_room(refusal)
    if refusal.rule in _NAMING or refusal.occasion in _OF_VALUES:
        from qrules.explain.nearby import with_near

        refusal = with_near(knowledge, refusal, request)
    profile = note.profile or knowledge.profile
    instead = _text(knowledge, note.instead, Telling(refusal.frame))
    severity: Severity = "unknown" if refusal.unknown else "warn" if knowledge.is_advice(profile) else "reject"
    because = str(refusal.frame[CONTEXT["text"]]) if refusal.unknown else _text(knowledge, note.because, Telling(refusal.frame))
    return Reason(
        refusal.rule,
        profile,
        severity,
        because or _bare(refusal),
        emulator_words(knowledge, refusal),
        devices,
        RuleLine(note.file, note.line),
        tuple(Source(*s) for s in note.see),
        instead,
        span,
        refusal.consequence_of,
        refusal.phase,
        about=_about(refusal, request, because, instead),
    )


def _about(refusal: Refusal, request: Request | None, because: str, instead: str) -> str:
    """The key of the blamed device's option that a refusal speaks of; empty where it is none that is written.

    It is what the refusal names, or else the first key that its advice names (``bootindex=``), or the one whose value its reason
    quotes (``'disk0'``).
    """
    bare = refusal.rule in ("pair-without-value", "feature-without-value")  # the name of a pair that is none
    named = str(refusal.frame[CONTEXT["name" if bare else "property"]] or "")
    if request is None or refusal.device is None:
        return named
    blamed = request.devices[refusal.device]
    for name in (named, _KEY_OF.get(refusal.rule, refusal.rule)):
        if _writes(blamed, name):
            return name
    advised = next((name for name in _keys(instead) if _writes(blamed, name)), "")
    quoted = [name for name, value in blamed.properties.items() if isinstance(value, str) and f"'{value}'" in because]
    return advised or (quoted[0] if len(quoted) == 1 else "")


def _keys(sentence: str) -> Iterator[str]:
    """What stands in a sentence right before ``=``."""
    for text in sentence.split("=")[:-1]:
        at = len(text)
        while at and (text[at - 1].isalnum() or text[at - 1] in "._-"):
            at -= 1
        yield text[at:]


def _writes(device: DeviceRequest, name: str) -> bool:
    """Whether a device's option has a key."""
    return name in device.properties or (name in ("bus", "id") and getattr(device, name) is not None)


def _with_room(refusal: Refusal) -> Refusal:
    """A refusal that names buses, with how much room each of them has."""
    buses = refusal.frame[CONTEXT["buses"]]
    if not buses:
        return refusal
    from qrules.explain.room import slots

    state = refusal.frame[STATE]
    named = []
    for bus in buses[:_MOST_BUSES]:
        room = slots(state, bus)
        name = shortened(bus.id)
        named.append(name if room is None else f"{name} ({room.free} of {room.total} free)")
    more = len(buses) - len(named)
    frame = list(refusal.frame)
    frame[CONTEXT["buses"]] = ", ".join(named) + (f" and {more} more" if more else "")
    return refusal._replace(frame=frame)


def emulator_words(knowledge: Knowledge, refusal: Refusal) -> str:
    """The line that the emulator prints for a refusal; empty where the rule has no words for it."""
    if refusal.note is None or refusal.unknown:
        return ""
    return _text(knowledge, knowledge.note(refusal.note).words.get(refusal.occasion), Quoting(refusal.frame))


def _text(knowledge: Knowledge, template: object, frame: Telling) -> str:
    if template is None:
        return ""
    kept = knowledge.built.get(("text", str(id(template))))  # with the template, so that no other can come to have its number
    if kept is None:
        kept = knowledge.built["text", str(id(template))] = [template, build(template)]
    value = kept[1](frame)
    return shortened(value, _LONGEST) if isinstance(value, str) else ""


def _bare(refusal: Refusal) -> str:
    """For rule sets that do not word one of the engine's own refusals."""
    frame = refusal.frame
    details = [str(frame[CONTEXT[name]]) for name in ("name", "kind", "element", "property") if frame[CONTEXT[name]] is not None]
    return refusal.rule.replace("-", " ") + (f": {', '.join(details)}" if details else "")


def _devices(refusal: Refusal) -> tuple[int, ...]:
    """The blamed request first, then the requests of other devices that the refusal speaks of."""
    found = [refusal.device] if refusal.device is not None else []
    for slot, value in enumerate(refusal.frame):
        if slot > SUBJECT and isinstance(value, Device) and value.request is not None and value.request not in found:
            found.append(value.request)
    return tuple(found)


def _span(knowledge: Knowledge, refusal: Refusal, request: Request | None) -> Where | None:
    if request is None:
        return None
    if refusal.where is not None:
        return refusal.where
    if refusal.device is not None:
        return request.devices[refusal.device].where
    name = str(refusal.frame[CONTEXT["property"]])
    members = (at for key, at in request.option_where.items() if key.startswith(name + "."))  # of an option that has some
    named = request.option_where.get(name) or next(members, None)
    if named is None and request.option_where:
        from qrules.explain.pointing import read_by_rule

        named = read_by_rule(knowledge, request, refusal.note)
    return named or request.machine_where


__all__ = ["Reason", "RuleLine", "Source", "emulator_words", "lacking", "reason", "worst"]
