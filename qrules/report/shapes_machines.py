"""The shapes of answers about one device, one machine, messages, and lists of machines. See `qrules.report.shapes`."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from qrules.report.shapes import Placement, Reason, Room, RuleLine, Schema, Source, Verdict, VerdictWord


# ------------------------------------------------------------------------------------- why, hotplug, explain
class Link(TypedDict):
    what: Annotated[Literal["bus", "written", "part"], "a bus, or what it belongs to"]
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
    kind: Literal["device", "machine", "cold", "first"]
    text: str
    bus: str | None


class FirstAdded(TypedDict):
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
        "untried": Annotated[int, "buses that fit and were not tried"],
        "first": Annotated[list[FirstAdded], "what may be added before it, so that it has a place"],
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
        "free": Annotated[list[str], "the free places, neighbours as a range"],
        "opts-complete": bool,
    },
)


class Called(TypedDict):
    """What a domain of libvirt calls the buses and devices of its command line, by their ids."""

    buses: dict[str, str]
    devices: dict[str, str]


_BusesMore = TypedDict(
    "_BusesMore",
    {"refused": NotRequired[list[int]], "default-bus": str | None, "buses": list[Bus], "libvirt": NotRequired[Called]},
)


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
    libvirt: NotRequired[Called]
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
        "arch": NotRequired[Annotated[str, "where all architectures are listed"]],
        "rules": Annotated[bool, "whether rules describe it"],
    },
)


class Place(TypedDict):
    machine: str
    alias: str | None
    arch: str
    qemu: str
    verdict: Annotated[VerdictWord, "on the device alone"]
    placement: Placement | None
    message: Annotated[str | None, "what stands against it"]


class Anywhere(TypedDict):
    """The newest machine of each family that rules describe, of each architecture that has the type."""

    schema: Schema
    device: str
    places: list[Place]


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
