"""The shapes of what ``show`` tells of a name. See `qrules.report.shapes`."""

from typing import Annotated, Any, TypedDict

from qrules.report.shapes import RuleLine, Schema, Source


class PropertyShown(TypedDict):
    name: str
    type: Annotated[str, "as the catalogue has it"]
    default: Any


class At(TypedDict):
    qemu: str
    arch: str


class RuleAbout(TypedDict):
    rule: str
    where: RuleLine | None


Shown = TypedDict(
    "Shown",
    {
        "schema": Schema,
        "what": Annotated[str, "type or machine"],
        "name": str,
        "description": str | None,
        "status": Annotated[str, "of a type user, internal or abstract; of a machine what its catalogue says"],
        "aliases": list[str],
        "goes-on": Annotated[str | None, "the kind of bus"],
        "kinds": Annotated[list[str], "all that it is, the nearest first"],
        "properties": list[PropertyShown],
        "at": Annotated[list[At], "the targets that have it"],
        "machines": Annotated[list[str], "those that have a bus for it"],
        "rules": Annotated[list[RuleAbout], "about it, the nearest first"],
    },
)


class TestShown(TypedDict):
    title: str
    file: str
    line: int


RuleShown = TypedDict(
    "RuleShown",
    {
        "rule": str,
        "profile": str,
        "because": list[str],
        "emulator-message": Annotated[str, "with the names of what fills it"],
        "instead": list[str],
        "where": RuleLine | None,
        "see": list[Source],
        "tests": list[TestShown],
    },
)


class RulesShown(TypedDict):
    """The rules of a name."""

    schema: Schema
    rules: list[RuleShown]
