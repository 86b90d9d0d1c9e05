"""The shapes of answers about domains in JSON. Only type checkers and `qrules.report.schema` load this module."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from qrules.report.shapes import RuleLine, Schema, Source, VerdictWord

Stage = Literal["define", "start", "running"]
XmlSpan = TypedDict(
    "XmlSpan",
    {
        "file": Annotated[str, "the domain, or the device that was attached"],
        "line": Annotated[int, "from 1"],
        "column": Annotated[int, "from 1"],
        "end-line": int,
        "end-column": Annotated[int, "the column after the last"],
    },
)
DomainReason = TypedDict(
    "DomainReason",
    {
        "stage": Annotated[
            Stage, "whether libvirt refuses to define it, the start fails, or the running machine does not take it"
        ],
        "rule": Annotated[str, "the rule's name"],
        "profile": str,
        "severity": Literal["note", "warn", "reject", "unknown"],
        "message": str,
        "emulator-message": Annotated[
            str, "the line that libvirt, or behind define the emulator, prints; empty where no rule words it"
        ],
        "name": Annotated[str, "what to call the device; empty for the domain as a whole"],
        "element": Annotated[str | None, "its path in the document, such as /domain/devices/disk[2]; null where libvirt adds it"],
        "attribute": Annotated[str, "the attribute that is meant; empty for the element"],
        "attach": NotRequired[Annotated[int, "position of the blamed device among those attached"]],
        "span": Annotated[XmlSpan | None, "where in the user's input"],
        "where": Annotated[RuleLine | None, "where the rule stands"],
        "see": list[Source],
        "instead": NotRequired[Annotated[str, "what to do"]],
    },
)


class DomainPlacement(TypedDict):
    element: Annotated[str | None, "the path of the element; null where libvirt adds it"]
    kind: Annotated[str, "the element's name"]
    name: Annotated[str, "what to call it"]
    address: Annotated[dict[str, str] | None, "the attributes of its <address>; null where it has none"]
    attach: NotRequired[int]


class DomainUnchecked(TypedDict):
    element: str
    attribute: Annotated[str, "empty for the element as a whole"]
    span: XmlSpan


class DomainRepair(TypedDict):
    what: str
    xml: Annotated[str, "the whole document with it done, which was asked as it stands"]
    attach: NotRequired[Annotated[list[str | None], "what is attached then, in its order; null for what stays as it is"]]


class Domain(TypedDict):
    schema: Schema
    verdict: VerdictWord
    machine: str
    arch: str
    libvirt: Annotated[str, "the version that is asked"]
    qemu: Annotated[str, "the emulator that comes with it"]
    reasons: list[DomainReason]
    placements: list[DomainPlacement]
    notes: Annotated[list[str], "what is taken as given, since the host alone can tell"]
    unchecked: list[DomainUnchecked]
    repairs: NotRequired[list[DomainRepair]]


class DomainLine(Domain):
    """The answer to a line of a stream."""

    id: Any


class DomainPlaced(TypedDict):
    schema: Schema
    verdict: VerdictWord
    xml: Annotated[str | None, "the document as libvirt stores it; null where it is refused at define"]
    reasons: list[DomainReason]


class DomainMoved(TypedDict):
    """A device that the guest finds elsewhere."""

    name: str
    before: str
    after: str


class DomainConverted(TypedDict):
    schema: Schema
    verdict: Annotated[VerdictWord, "on the document that it becomes"]
    machine: str
    xml: Annotated[str | None, "the document for the other machine; null where none was found that starts"]
    mended: Annotated[list[str], "changes besides those of the machine"]
    moved: list[DomainMoved]
    reasons: list[DomainReason]


class DomainWords(TypedDict):
    schema: Schema
    verdict: VerdictWord
    argv: Annotated[list[str] | None, "the command line that libvirt writes; null where it refuses the domain"]
    reasons: list[DomainReason]
