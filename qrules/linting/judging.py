"""All that is doubtful in a rule set: loose ends, what compiling finds, and what each look of this room finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from qrules.knowledge import sources
from qrules.linting import names, overlays, versions
from qrules.linting.attributes import Attributes
from qrules.linting.ignoring import heard
from qrules.linting.kinds import Kinds
from qrules.linting.rules import Vacuous
from qrules.paths import rules_folder
from qrules.rulesets import keeping
from qrules.rulesets.lint import Finding, compiling, loose_ends, statements
from qrules.rulesets.trees import Trees

_ELSEWHERE = "rules/"


class Report(NamedTuple):
    """The findings, by file and line; what comments ignore, with their reasons; how many conditions were too large to decide."""

    findings: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, str], ...]
    undecided: int


def lint(root: Path | None = None, progress: Callable[[str], None] | None = None, every: bool = False) -> Report:
    """What is doubtful in a rule set (none: the shipped one), as `qrules.rulesets.lint` and this room find it.

    Of rules that build on the shipped ones only their own files are looked at here. Raises `Unusable` where a file can't be read.
    """
    rule_set = sources.read(root or rules_folder())
    read = Trees(keeping.made_home()).read
    found = [*loose_ends(rule_set, read), *compiling(root, progress, every)]
    said = list(statements(rule_set, read))
    kinds = Kinds(rule_set, said)
    own = [s for s in said if _is_own(s.span.file, rule_set)]
    vacuous = Vacuous(said, kinds)
    found += vacuous.findings(own)
    found += [*names.shadowed(own), *names.unmentioned(own), *versions.holes(own, kinds)]
    told = {(f.span.file, f.span.line) for f in found if f.code == "QR204"}  # that no device at all has it
    bare = Attributes(said, kinds, sources.processors_properties(rule_set)).findings(own)
    found += (f for f in bare if (f.span.file, f.span.line) not in told)
    found += overlays.loosened(said, kinds)
    left, ignored = heard(dict.fromkeys(found), {rule_set.shown(path): rule_set.text(path) for path in _own_files(rule_set)})
    return Report(tuple(sorted(left, key=_place)), ignored, vacuous.undecided)


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return finding.span.file, finding.span.line, finding.code, finding.message


def _is_own(file: str, rule_set: sources.RuleSet) -> bool:
    """Whether a file is one of the folder itself, and not a shipped one that it takes in."""
    return not file.startswith(_ELSEWHERE) or rule_set.root.resolve().is_relative_to(rules_folder().resolve())


def _own_files(rule_set: sources.RuleSet) -> list[Path]:
    paths = (*rule_set.rules, *dict.fromkeys(rule_set.catalogues.values()))
    return [path for path in paths if _is_own(rule_set.shown(path), rule_set)]


def own_paths(root: Path | None) -> dict[str, Path]:
    """The files of a rule set that are its own, by the names that findings have. Raises `Unusable`."""
    rule_set = sources.read(root or rules_folder())
    return {rule_set.shown(path): path for path in _own_files(rule_set)}
