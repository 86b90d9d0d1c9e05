"""The shapes of answers that propose a config. See `qrules.report.shapes`."""

from typing import Annotated, Literal, TypedDict

from qrules.report.shapes import Reason, RuleLine, Schema, Source


class PlacedDevice(TypedDict):
    device: Annotated[int | None, "null for one that was added"]
    added: bool
    text: str
    bus: str | None


class Placed(TypedDict):
    schema: Schema
    verdict: Literal["placed"]
    argv: Annotated[list[str], "the whole command line"]
    cost: int
    optimal: Annotated[bool, "whether fewer controllers are proven not to do"]
    advice: Annotated[list[Reason], "guidelines that speak against it"]
    devices: list[PlacedDevice]


class Undecided(TypedDict):
    schema: Schema
    verdict: Literal["unknown"]
    why: str
    reasons: list[Reason]
    standing: Annotated[list[int], "positions of devices that were found to have places together by then"]
    left: Annotated[list[int], "those of the others; both are empty where it had not come so far"]


class Demand(TypedDict):
    what: str
    devices: list[int]
    count: int


class Conflict(TypedDict):
    message: str
    demands: list[Demand]
    buses: list[str]
    free: dict[str, list[str]]
    places: int | None
    capacity: Annotated[bool, "whether it is a matter of numbers alone"]
    minimal: Annotated[bool, "whether without any one of the demands the others can be met"]
    rules: list[Reason]


class Correction(TypedDict):
    demands: list[Demand]
    cost: int
    cheapest: bool


class Struck(TypedDict):
    device: int
    reasons: list[Reason]


class Nowhere(TypedDict):
    schema: Schema
    verdict: Literal["nowhere"]
    reasons: list[Reason]
    struck: Annotated[list[Struck], "devices that no bus takes"]
    conflicts: list[Conflict]
    corrections: list[Correction]
    complete: Annotated[bool, "whether these are all"]


class HolderOf(TypedDict):
    type: str
    id: str | None
    written: bool


class Stands(TypedDict):
    bus: str
    address: str | None


Elsewhere = TypedDict(
    "Elsewhere",
    {
        "schema": Schema,
        "device": int,
        "bus": str,
        "address": str | None,
        "there": bool,
        "holder": HolderOf | None,
        "reasons": list[Reason],
        "stands": Stands | None,
        "possible": bool | None,
        "extra-cost": int | None,
    },
)
Number = TypedDict("Number", {"alike": int, "single": int, "exact": bool, "at-most": int | None})


class WayDevice(TypedDict):
    device: int
    text: str
    bus: str | None


class Way(TypedDict):
    argv: list[str]
    devices: list[WayDevice]


class Ways(TypedDict):
    schema: Schema
    machine: str
    count: Number
    refused: int
    whole: bool
    placements: list[Way]


SpareNumbers = TypedDict("SpareNumbers", {"cold": int | None, "with-controllers": int | None, "hot": int | None})

SpareRoom = TypedDict(
    "SpareRoom",
    {
        "schema": Schema,
        "type": str,
        "cold": Annotated[int | None, "as it stands; null for as many as you like"],
        "with-controllers": int | None,
        "hot": int | None,
        "buses": list[str],
        "at-least": Annotated[int | None, "so many were put down where a number is null; null where there is no end"],
        "in-all": Annotated[SpareNumbers | None, "without what guidelines say, where these make a number 0"],
        "lacking": Annotated[list[Reason], "what it lacks: none starts as it is written, the numbers are of places"],
        "reasons": Annotated[list[Reason], "why there is none, or what guidelines say"],
    },
)


class SpareRefused(TypedDict):
    schema: Schema
    verdict: Literal["reject", "unknown"]
    reasons: list[str]


# ------------------------------------------------------------------------------------- convert
class Cause(TypedDict):
    message: str
    rule: str | None
    where: RuleLine | None
    see: list[Source]


class LineChange(TypedDict):
    kind: str
    device: int | None
    before: str | None
    after: str | None
    why: list[Cause]


class GuestPlace(TypedDict):
    bus: str | None
    address: dict[str, str | int]
    text: str


class Seen(TypedDict):
    device: int
    type: str
    before: GuestPlace
    after: GuestPlace


Brought = TypedDict("Brought", {"for": str, "role": str | None, "before": list[str], "after": list[str]})
Converted = TypedDict(
    "Converted",
    {
        "schema": Schema,
        "from": str,
        "to": str,
        "verdict": Literal["converted"],
        "check": Annotated[Literal["accept", "warn"], "the verdict on the new command line as a whole"],
        "argv": list[str],
        "changes": list[LineChange],
        "guest": Annotated[list[Seen], "devices that the guest finds elsewhere"],
        "brought": Annotated[list[Brought], "what the machines bring by themselves"],
        "notes": list[Cause],
        "advice": list[Cause],
        "warnings": list[Reason],
    },
)


class Blocked(TypedDict):
    device: int | None
    line: str | None
    reasons: list[Reason]
    why: list[Cause]


class Told(TypedDict):
    message: str
    minimal: bool


Impossible = TypedDict(
    "Impossible",
    {
        "schema": Schema,
        "from": str,
        "to": str,
        "verdict": Literal["impossible"],
        "reasons": Annotated[list[Reason], "why the config does not start where it is"],
        "blocked": list[Blocked],
        "conflicts": list[Told],
        "without": Annotated[list[int], "devices without which the rest converts"],
    },
)
Uncertain = TypedDict(
    "Uncertain", {"schema": Schema, "from": str, "to": str, "verdict": Literal["unknown"], "why": str, "reasons": list[Reason]}
)
