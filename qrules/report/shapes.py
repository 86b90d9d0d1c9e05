"""The shapes of answers in JSON, as types: the functions that make answers return them, and `qrules schema` is made from them.

Only type checkers and `qrules.report.schema` load this module. A text beside a type says what the member means.
"""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

Schema = Annotated[Literal[1], "the version of these shapes: members may be added within one, none is taken away"]
VerdictWord = Literal["accept", "warn", "reject", "unknown"]


class Span(TypedDict):
    argument: Annotated[int, "position in the command line; 0 is the emulator where it is named"]
    start: int
    end: int
    line: NotRequired[Annotated[int, "in a file or a pasted text, from 1"]]
    column: NotRequired[int]


class RuleLine(TypedDict):
    file: str
    line: int


class Source(TypedDict):
    document: Annotated[str, "such as qemu:docs/pcie.txt"]
    section: str


class Room(TypedDict):
    total: int
    free: int


Reason = TypedDict(
    "Reason",
    {
        "rule": Annotated[str, "the rule's name"],
        "profile": str,
        "severity": Literal["note", "warn", "reject", "unknown"],
        "message": str,
        "emulator-message": Annotated[
            str, "the line that QEMU prints, without the option before it; empty where no rule words it"
        ],
        "devices": Annotated[list[int], "positions among the -device options, the blamed one first"],
        "span": Annotated[Span | None, "where in the user's input"],
        "where": Annotated[RuleLine | None, "where the rule stands"],
        "see": list[Source],
        "consequence-of": Annotated[int | None, "the device whose refusal led here"],
        "hotplug": NotRequired[Annotated[int, "position of the blamed device among those added later"]],
        "instead": NotRequired[Annotated[str, "what to do"]],
        "ignored": NotRequired[Annotated[str, "why it is not counted, as whoever ignores it says"]],
    },
)


class Problem(TypedDict):
    rule: Annotated[str, "QRnnn for input that can't be used, too-large for a question beyond the budget"]
    severity: Literal["unknown", "unreadable"]
    message: str


class Placement(TypedDict):
    device: Annotated[int | None, "position among the -device options"]
    type: str
    id: str | None
    bus: Annotated[str | None, "null where it needs none"]
    address: Annotated[dict[str, str | int], "by the property that writes it; empty where the bus has no addresses"]
    hotplug: NotRequired[Annotated[int, "position among the devices added later; `device` is null"]]


class Unchecked(TypedDict):
    option: Annotated[str, "the option with its dash"]
    written: Annotated[str, "the part of its argument that is meant; empty: the option as a whole"]
    span: Span | None
    device: int | None
    hotplug: NotRequired[int]


class Error(TypedDict):
    code: Annotated[str | None, "`qrules explain CODE` tells more"]
    message: str
    file: str | None
    line: int | None
    column: int | None
    expected: str | None
    hint: str | None


class Errors(TypedDict):
    schema: Schema
    errors: Annotated[list[Error], "why there is no answer; the status is 2"]


class Edit(TypedDict):
    kind: str
    device: int | None
    before: str | None
    after: str | None


class Repair(TypedDict):
    cost: int
    edits: list[Edit]
    argv: list[str]


class Verdict(TypedDict):
    schema: Schema
    verdict: VerdictWord
    machine: str
    arch: str
    qemu: str
    reasons: list[Reason]
    placements: list[Placement]
    notes: Annotated[list[Reason], "what was taken as given, since the host alone can tell"]
    unchecked: Annotated[list[Unchecked], "what was written and not looked at"]
    repairs: NotRequired[Annotated[list[Repair], "with --repairs"]]


class TooLarge(TypedDict):
    schema: Schema
    verdict: Literal["unknown"]
    reasons: list[Problem]
    placements: list[Placement]


# ------------------------------------------------------------------------------------- check
class Start(TypedDict):
    line: int
    column: int


class CheckCommand(TypedDict):
    file: Annotated[str | None, "null for words of the command line"]
    span: Annotated[Start | None, "where it begins"]
    schema: Schema
    verdict: Literal["accept", "warn", "reject", "unknown", "unreadable"]
    machine: NotRequired[str]
    arch: NotRequired[str]
    qemu: NotRequired[str]
    reasons: list[Reason | Problem]
    placements: list[Placement]
    notes: NotRequired[list[Reason]]
    unchecked: NotRequired[list[Unchecked]]
    repairs: NotRequired[list[Repair]]
    errors: NotRequired[Annotated[list[Error], "why it can't be read"]]


class PassedOver(TypedDict):
    file: str
    why: str


CheckCommands = TypedDict(
    "CheckCommands",
    {
        "schema": Schema,
        "commands": Annotated[list[CheckCommand], "of one file with several command lines, or of several files"],
        "passed-over": Annotated[list[PassedOver], "files of folders that have no command line"],
    },
)


class CheckLine(TypedDict):
    id: Annotated[Any, "that of the question; null where it had none, or could not be read"]
    schema: Schema
    verdict: Literal["accept", "warn", "reject", "unknown", "unreadable"]
    reasons: list[Reason | Problem]
    placements: list[Placement]
    notes: NotRequired[list[Reason]]
    unchecked: NotRequired[list[Unchecked]]
    repairs: NotRequired[list[Repair]]


# ------------------------------------------------------------------------------------- why, hotplug, explain
class Link(TypedDict):
    what: Annotated[Literal["bus", "written", "builtin"], "a bus, or what it belongs to"]
    name: str | None
    type: str
    where: RuleLine | None
    see: list[Source]


class Remedy(TypedDict):
    kind: Literal["device", "option", "machine"]
    text: str


_WhyMore = TypedDict(
    "_WhyMore",
    {
        "device": str,
        "placement": Annotated[Placement | None, "where it lands; null for a no"],
        "because": Annotated[list[Link], "the facts behind a yes, from the device to the root"],
        "since": Annotated[str | None, "the oldest version of the machine that takes it"],
        "qemu-versions": Annotated[list[str], "the catalogues that have the device"],
        "remedies": Annotated[list[Remedy], "what would help, each tried"],
    },
)


class Why(Verdict, _WhyMore):
    """A yes or a no with its reasons."""


class FreePlace(TypedDict):
    bus: str | None
    address: dict[str, str | int]
    free: int | None
    advice: list[str]


class AtStart(TypedDict):
    kind: Literal["device", "machine", "cold"]
    text: str
    bus: str | None


Added = TypedDict(
    "Added",
    {
        "type": str,
        "verdict": VerdictWord,
        "refused-by": Annotated[str | None, "the bus, the device, the machine, or the place"],
        "placement": Placement | None,
        "free-places": list[FreePlace],
        "at-start": Annotated[list[AtStart], "what should have been there when it started"],
    },
)


class HotPlug(Verdict):
    """The verdict of the last device, or of the start."""

    hotplug: Annotated[list[Added], "each device in turn"]


Meaning = TypedDict(
    "Meaning",
    {
        "rule": str,
        "profile": str,
        "emulator-message": str,
        "values": Annotated[dict[str, Any], "what stood in the message where the rule has a hole"],
        "message": list[str],
        "instead": list[str],
        "where": RuleLine | None,
        "see": list[Source],
    },
)


class Message(TypedDict):
    text: str
    option: str | None
    meanings: list[Meaning]
    near: list[Meaning]


class Explained(TypedDict):
    schema: Schema
    messages: list[Message]


class Code(TypedDict):
    schema: Schema
    code: str
    means: str
    instead: str | None


# ------------------------------------------------------------------------------------- machines and what they have
class Head(TypedDict):
    schema: Schema
    machine: str
    arch: str
    qemu: str
    options: dict[str, Any]
    nodefaults: bool
    lacks: Annotated[list[Reason], "what it needs to start and was not given"]


Bus = TypedDict(
    "Bus",
    {
        "id": str,
        "type": str,
        "parent-device": str | None,
        "parent-bus": str | None,
        "accepted-device-types": list[str],
        "hotpluggable": bool,
        "slots": Room | None,
        "opts-complete": bool,
    },
)
_BusesMore = TypedDict("_BusesMore", {"refused": NotRequired[list[int]], "default-bus": str | None, "buses": list[Bus]})


class Buses(Head, _BusesMore):
    """The buses, in the order of automatic choice."""


class Holder(TypedDict):
    address: str
    type: str
    id: str | None
    written: bool


class HeldBus(Bus):
    """A bus with those that stand on it."""

    holders: list[Holder]


class Slots(Head):
    """Who holds which place."""

    refused: NotRequired[Annotated[list[int], "devices of the config that do not stand"]]
    buses: list[HeldBus]


class TypeFacts(TypedDict):
    type: str
    bus: str | None
    description: str | None


_TypesMore = TypedDict("_TypesMore", {"supported-device-types": list[str], "devices": list[TypeFacts]})


class Types(Head, _TypesMore):
    """What the machine supports."""


class PictureBus(TypedDict):
    id: str
    type: str
    hotpluggable: bool
    slots: Room | None
    free: list[str]
    where: RuleLine | None
    devices: "list[PictureDevice]"


class PictureDevice(TypedDict):
    type: str
    id: str | None
    address: str | None
    by: Annotated[str, "who brought it"]
    device: int | None
    where: RuleLine | None
    buses: list[PictureBus]


class Topology(TypedDict):
    schema: Schema
    machine: str
    arch: str
    qemu: str
    buses: Annotated[list[PictureBus], "the roots; the others hang below"]
    busless: list[PictureDevice]
    refused: list[int]


Machine = TypedDict(
    "Machine",
    {
        "name": str,
        "alias": NotRequired[str],
        "is-default": NotRequired[bool],
        "cpu-max": NotRequired[int],
        "hotpluggable-cpus": NotRequired[bool],
        "description": str | None,
        "rules": Annotated[bool, "whether rules describe it"],
    },
)


class Machines(TypedDict):
    schema: Schema
    arch: str
    qemu: str
    machines: list[Machine]


QueryMachines = TypedDict(
    "QueryMachines",
    {
        "schema": NotRequired[Annotated[Literal[1], "left out for rule sets that answer as the RFC did"]],
        "return": Annotated[list[dict[str, Any]], "with the keys of QMP's query-machines, and those that the RFC adds"],
    },
)


class Change(TypedDict):
    type: str
    bus: str | None
    why: str
    where: RuleLine | None


Difference = TypedDict(
    "Difference",
    {
        "from": str,
        "to": str,
        "became-possible": list[Change],
        "has-a-bus-now": list[Change],
        "became-impossible": list[Change],
        "buses-gone": list[str],
        "buses-new": list[str],
        "defaults-gone": list[str],
        "defaults-new": list[str],
        "options-gone": list[str],
        "options-new": list[str],
    },
)


class Differences(TypedDict):
    schema: Schema
    differences: list[Difference]
