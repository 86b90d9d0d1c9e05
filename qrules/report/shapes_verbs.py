"""The shapes of answers about rule files and binaries, and which verb prints which: `TABLE`. See `qrules.report.shapes`."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from qrules.report import shapes
from qrules.report import shapes_differences as differences
from qrules.report import shapes_domains as domains
from qrules.report import shapes_fleet as fleet
from qrules.report import shapes_machines as machines
from qrules.report import shapes_proposals as proposals
from qrules.report import shapes_show as show
from qrules.report import shapes_upgrades as upgrades
from qrules.report.shapes import RuleLine, Schema


# ------------------------------------------------------------------------------------- binaries and rule files
class Failure(TypedDict):
    line: int
    expected: str
    came: str


class Tested(TypedDict):
    title: str
    file: str
    line: int
    target: NotRequired[Annotated[str, "the catalogue that it ran on"]]
    lines: NotRequired[int]
    passed_over: NotRequired[int]
    reason: NotRequired[Annotated[str, "why a binary was not asked"]]
    elsewhere: NotRequired[bool]
    failures: list[Failure]


class Unreached(TypedDict):
    rule: str
    what: Annotated[Literal["rule", "condition"], "a rule that never fires, or a condition of one that is not seen both ways"]
    file: str
    line: int
    why: str


class Coverage(TypedDict):
    """What tests reach: rules that fire, and conditions that once hold and once do not."""

    rules: int
    fired: int
    conditions: int
    seen: int
    unreached: list[Unreached]


class Tests(TypedDict):
    """`coverage` with ``--coverage``."""

    schema: Schema
    binary: NotRequired[str]
    coverage: NotRequired[Coverage]
    tests: list[Tested]


class CoverageLine(TypedDict):
    """What tests reach, in the last line."""

    schema: Schema
    coverage: Coverage


class TestLine(Tested):
    """A test in a line of its own."""

    schema: Schema
    binary: NotRequired[str]


class Loose(TypedDict):
    rule: str
    message: str
    file: str
    line: int


class IgnoredLoose(Loose):
    """A finding that a comment of its file ignores, with the reason that stands there."""

    ignored: str


class Findings(TypedDict):
    """`undecided`: how many conditions are too large for `rules lint` to tell whether they can hold; `mended` with ``--fix``."""

    schema: Schema
    findings: list[Loose]
    ignored: list[IgnoredLoose]
    undecided: int
    mended: NotRequired[list[Loose]]


class LooseLine(Loose):
    """A finding in a line of its own."""

    schema: Schema


class FolderLines(TypedDict):
    folder: str
    files: int
    rules: int
    tests: int
    comments: int


class Target(TypedDict):
    name: str
    compiling: float
    size: int
    machine: str
    loads: float
    loaded: int


class Statistics(TypedDict):
    schema: Schema
    lines: list[FolderLines]
    refusing: int
    with_reason: int
    with_source: int
    sources: int
    tests: int
    targets: list[Target]


class ChangedLine(TypedDict):
    version: Annotated[str, "the version that is asked for; with `after` the first one that was asked behind the change"]
    after: Annotated[str | None, "the last version before the change that was asked; null: the change is dated"]
    where: RuleLine
    line: str


class Changes(TypedDict):
    schema: Schema
    changes: list[ChangedLine]


class RuleFile(TypedDict):
    path: str
    about: str
    described: dict[str, list[str]]
    rules: int
    tests: int


class Index(TypedDict):
    schema: Schema
    files: list[RuleFile]


class Differs(TypedDict):
    what: str
    subject: str
    rules: str
    qemu: str
    where: RuleLine | None


class VerifyLine(TypedDict):
    schema: Schema
    trial: list[str]
    differences: list[Differs]


class VerifyCause(Differs):
    """A difference that several starts may have shown."""

    trial: list[str]
    starts: int
    machines: int


class VerifySummary(TypedDict):
    schema: Schema
    summary: dict[str, Any]
    causes: list[VerifyCause]


class NewsItem(TypedDict):
    what: Annotated[str, "machine, type, property, default, machine option, option, key, object, bus kind, ..."]
    how: Literal["new", "gone", "changed"]
    names: list[str]
    detail: str | None
    before: str | None
    after: str | None
    spoken: Annotated[bool, "whether a rule speaks of it"]


class ReleaseCause(TypedDict):
    how: Literal["start", "plug"]
    what: str
    rules: str
    qemu: str
    starts: int
    machines: list[str]
    types: list[str]
    argv: Annotated[list[str], "the first start that showed it"]
    where: list[RuleLine]
    older: Annotated[bool, "whether the older binary differs in the same way"]


class ReleaseDraft(TypedDict):
    about: str
    lines: list[str]


Release = TypedDict(
    "Release",
    {
        "schema": Schema,
        "from": str,
        "to": str,
        "arch": str,
        "verified": bool,
        "starts": int,
        "plugs": int,
        "news": list[NewsItem],
        "causes": list[ReleaseCause],
        "new-types": list[str],
        "no-rules": Annotated[list[str], "new machines that no rules describe"],
        "drafts": list[ReleaseDraft],
    },
)


class Unlike(TypedDict):
    """A point where a draft and the binary disagree."""

    what: str
    subject: str
    rules: str
    qemu: str


class Refused(TypedDict):
    words: str
    qemu: str


class Learnt(TypedDict):
    """`text` is the draft; `same` of the `compared` starts were the same by it and by the binary."""

    schema: Schema
    machine: str
    text: str
    starts: int
    same: int
    compared: int
    needs: list[str]
    differences: list[Unlike]
    problems: list[str]
    refused: list[Refused]


_PLACED = (proposals.Placed, proposals.Nowhere, proposals.Undecided)
TABLE: dict[str, tuple[Any, ...]] = {
    "why": (machines.Why, machines.Anywhere, domains.Domain, shapes.TooLarge),
    "check": (
        shapes.Verdict,
        shapes.CheckCommands,
        shapes.CheckCommand,
        shapes.CheckLine,
        domains.Domain,
        domains.DomainLine,
        shapes.TooLarge,
    ),
    "place": (
        proposals.Placed,
        proposals.Nowhere,
        proposals.Undecided,
        proposals.Elsewhere,
        proposals.Ways,
        machines.Topology,
        domains.DomainPlaced,
        shapes.TooLarge,
    ),
    "convert": (proposals.Converted, proposals.Impossible, proposals.Uncertain, domains.DomainConverted, shapes.TooLarge),
    "release": (Release,),
    "upgrade": (upgrades.Upgrades, shapes.TooLarge),
    "fleet": (fleet.Fleet, fleet.Checked, fleet.UpgradedRow),
    "spare": (
        proposals.SpareRoom,
        proposals.SpareRefused,
        proposals.Placed,
        proposals.Nowhere,
        proposals.Undecided,
        shapes.TooLarge,
    ),
    "hotplug": (machines.HotPlug, domains.Domain, shapes.TooLarge),
    "argv": (domains.DomainWords, shapes.TooLarge),
    "explain": (machines.Explained, machines.Code),
    "show": (show.Shown, show.RulesShown, shapes.TooLarge),
    "machines": (machines.Machines,),
    "types": (machines.Types,),
    "buses": (machines.Buses, machines.Topology, shapes.TooLarge),
    "slots": (machines.Slots, machines.Topology, shapes.TooLarge),
    "diff": (differences.Differences,),
    "query-machines": (machines.QueryMachines,),
    "learn": (Learnt,),
    "verify": (VerifyLine, VerifySummary),
    "rules": (Tests, TestLine, CoverageLine, Findings, LooseLine, Statistics, Changes, Index),
}
"""What each verb prints as JSON, one of these or `Errors`; ``--jsonl`` and ``--format jsonl`` print one a line."""
