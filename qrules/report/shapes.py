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
        "consequence-of": Annotated[int | None, "the device whose refusal it comes from"],
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
    counted: NotRequired[Annotated[VerdictWord, "what is left where reasons are ignored: the exit status is its"]]
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
    file: Annotated[str | None, "null for words of the command line and for standard input"]
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
    counted: NotRequired[VerdictWord]
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
