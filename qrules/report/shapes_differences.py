"""The shapes of what differs between machines, or between versions. See `qrules.report.shapes`."""

from typing import Annotated, NotRequired, TypedDict

from qrules.report.shapes import RuleLine, Schema


class Change(TypedDict):
    type: str
    bus: str | None
    why: str
    where: RuleLine | None


class ChangedDefault(TypedDict):
    property: str
    types: list[str]
    before: Annotated[str | None, "null where it is not told"]
    after: str | None


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
        "fixed": Annotated[
            list[ChangedDefault] | None,
            "defaults that the machines fix otherwise for their guests; null where QEMU tells them not of both",
        ],
    },
)


class TypesProperty(TypedDict):
    property: str
    types: list[str]


class Renamed(TypedDict):
    name: str
    before: Annotated[str | None, "the machine that it means"]
    after: str | None


Catalogues = TypedDict(
    "Catalogues",
    {
        "from": str,
        "to": str,
        "arch": str,
        "types-gone": list[str],
        "types-new": list[str],
        "machines-gone": list[str],
        "machines-new": list[str],
        "machines-deprecated": Annotated[list[str], "those that were not before"],
        "aliases": Annotated[list[Renamed], "names that mean another machine"],
        "properties-gone": Annotated[list[TypesProperty], "of types that both versions have"],
        "properties-new": list[TypesProperty],
        "property-defaults": list[ChangedDefault],
    },
)


class Differences(TypedDict):
    schema: Schema
    catalogues: NotRequired[Annotated[Catalogues, "where two versions are compared, and no machines are named"]]
    differences: list[Difference]
