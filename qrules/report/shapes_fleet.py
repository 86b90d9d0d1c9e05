"""The shapes of what is told of many configs at once. See `qrules.report.shapes`."""

from typing import Annotated, Literal, NotRequired, TypedDict

from qrules.report.shapes import Schema
from qrules.report.shapes_upgrades import Will

Row = Annotated[int, "the line, row or file of the input, from 1"]
Id = Annotated[str | None, "that of the input; of a file its name in the folder"]


class Checked(TypedDict):
    row: NotRequired[Row]
    id: Id
    verdict: Literal["accept", "warn", "reject", "unknown", "unreadable"]
    machine: str | None
    arch: str | None
    qemu: Annotated[str | None, "the version that was asked"]
    rule: Annotated[str | None, "the rule that decides, or a code of a diagnostic"]
    rules: Annotated[list[str], "all that say something"]
    message: str | None
    emulator: Annotated[str | None, "the emulator's own message"]


class UpgradedRow(TypedDict):
    row: NotRequired[Row]
    id: Id
    verdict: Will | Literal["unreadable"]
    machine: str | None
    becomes: Annotated[str | None, "the machine on the new version"]
    arch: str | None
    qemu: Annotated[str | None, "the old version"]
    to: Annotated[str | None, "the new one"]
    rule: str | None
    rules: list[str]
    message: str | None
    guest: Annotated[list[str], "what the guest would find otherwise; empty: nothing is known to change"]
    changes: Annotated[list[str], "lines of the config that change, with - or + before each"]


class FleetRule(TypedDict):
    rule: str
    configs: Annotated[int, "how many it speaks of"]
    examples: Annotated[list[str], "ids of some of them, or rows"]
    message: Annotated[str | None, "what it says of the first"]


class Fleet(TypedDict):
    schema: Schema
    table: str
    configs: int
    verdicts: Annotated[dict[str, int], "how many are what"]
    changed: NotRequired[Annotated[int, "with --from: guests that would find something otherwise"]]
    rules: Annotated[list[FleetRule], "the commonest first"]
    seconds: Annotated[float, "of the last run"]
    resumed: Annotated[int, "configs that an earlier run had answered"]
