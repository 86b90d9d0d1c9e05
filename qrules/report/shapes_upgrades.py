"""The shapes of what is told of configs on another emulator version. See `qrules.report.shapes`."""

from typing import Annotated, Literal, NotRequired, TypedDict

from qrules.report.shapes import Reason, Schema
from qrules.report.shapes_proposals import Brought, Seen

Will = Literal["starts", "starts-changed", "does-not-start", "unknown", "did-not-start"]


class Gone(TypedDict):
    what: Annotated[str, "machine, device, property, option, ..."]
    successors: Annotated[list[str], "names that stand for it now, the likeliest first"]
    reason: Reason


class BeforeAfter(TypedDict):
    before: str
    after: str


class Default(TypedDict):
    device: Annotated[int | None, "null for what the machine brings"]
    type: str
    property: str
    before: str | None
    after: str | None


class DeprecatedMachine(TypedDict):
    machine: str
    since: Annotated[str | None, "the first version asked that says so"]
    gone: Annotated[str | None, "the first version asked that lacks it"]


UpgradedConfig = TypedDict(
    "UpgradedConfig",
    {
        "file": Annotated[str | None, "null for a command line that stands in no file"],
        "from": str,
        "to": str,
        "will": Will,
        "machine": BeforeAfter,
        "verdict": Annotated[BeforeAfter, "on the config as it is written"],
        "gone": list[Gone],
        "refused": Annotated[list[Reason], "what else the new version does not take"],
        "argv": Annotated[list[str], "the config for the new version, accepted as a whole; empty where none was found"],
        "changes": Annotated[list[str], "the lines of it that change, with - or + before each"],
        "guest": Annotated[list[Seen], "devices that the guest finds elsewhere"],
        "brought": Annotated[list[Brought], "what the machines bring by themselves"],
        "defaults": Annotated[list[Default], "defaults of properties that nobody wrote"],
        "notes": list[str],
        "defaults-not-known": Annotated[bool, "whether the two machines may differ in defaults that no catalogue tells"],
        "deprecated": list[DeprecatedMachine],
        "pinned": Annotated[list[str], "the same config with the machine that it had, where an alias means another one now"],
        "xml": NotRequired[Annotated[str | None, "a domain with what has to change; null where nothing has"]],
    },
)


class UnreadConfig(TypedDict):
    file: str | None
    will: Literal["unreadable"]
    problems: list[str]


class Upgrades(TypedDict):
    schema: Schema
    configs: list[UpgradedConfig | UnreadConfig]
    counts: Annotated[dict[str, int], "how many are what"]
