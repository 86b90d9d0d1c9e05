"""How large the knowledge of a rule set is, how much of it says why and by which source, and what compiling and loading cost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from qrules.knowledge import sources
from qrules.language import tree
from qrules.paths import rules_folder
from qrules.rulesets.build import Build
from qrules.rulesets.lint import refusing, statements


class Lines(NamedTuple):
    """What the files of one folder hold: lines with rules on them, with tests, with comments alone. Empty ones don't count."""

    folder: str
    files: int
    rules: int
    tests: int
    comments: int


class Target(NamedTuple):
    """What one architecture and version costs: processor seconds of compiling, bytes of all pieces, and what one question loads.

    `loads` are milliseconds for the pieces behind a question about one machine: the machines, what all share, its family.
    """

    name: str
    compiling: float
    size: int
    machine: str
    loads: float
    loaded: int


class Statistics(NamedTuple):
    """`refusing` is whatever can refuse: rules, refusals, claims, address schemes, domains with words."""

    lines: tuple[Lines, ...]
    refusing: int
    with_reason: int
    with_source: int
    sources: int
    tests: int
    targets: tuple[Target, ...]


def statistics(root: Path | None = None) -> Statistics:
    """Measures a rule set (none: the shipped one). Compiles every target anew. Raises `Unusable` where it can't be read."""
    rule_set = sources.read(root or rules_folder())
    said = list(statements(rule_set))
    notes = [found for _, _, found in refusing(said)]
    return Statistics(
        tuple(_lines(rule_set)),
        len(notes),
        sum(1 for n in notes if n.because is not None),
        sum(1 for n in notes if n.see),
        len({source for n in notes for source in n.see}),
        sum(1 for s in said if isinstance(s, tree.Test)),
        tuple(_targets(rule_set)),
    )


def _lines(rule_set: sources.RuleSet) -> Iterator[Lines]:
    catalogues = {*rule_set.catalogues.values(), *(schema.path for schema in rule_set.schemas)}
    folders: dict[str, list[Path]] = {}
    for path in (*rule_set.rules, *sorted(catalogues)):
        folder = Path(rule_set.shown(path)).parent
        folders.setdefault("catalogues" if path in catalogues else str(folder), []).append(path)
    for name, files in sorted(folders.items(), key=lambda item: (item[0] == "catalogues", item[0])):
        kinds = [kind for path in files for kind in _kinds(rule_set.text(path).splitlines())]
        yield Lines(name, len(files), *(kinds.count(kind) for kind in ("rule", "test", "comment")))


def _kinds(lines: Iterable[str]) -> Iterator[str]:
    """What each line that is not empty belongs to."""
    kind = "rule"
    for line in filter(str.strip, lines):
        if not line[0].isspace():
            kind = "test" if line.startswith("test ") else "rule"
        yield "comment" if line.lstrip().startswith("#") else kind


def _targets(rule_set: sources.RuleSet) -> Iterator[Target]:
    for target in rule_set.catalogues:
        build = Build(rule_set.root)  # each on its own: nothing is read already
        start = time.process_time()
        pieces = build.pieces(target.version, target.arch)
        compiling = time.process_time() - start
        texts = {name: json.dumps(piece, separators=(",", ":")) for name, piece in pieces.items()}
        machine = _usual_machine(pieces["machines"])
        needed = (
            ("machines", "shared", f"family-{pieces['machines'][machine][0]}", "notes") if machine else ("machines", "shared")
        )
        start = time.process_time()
        for name in needed:
            json.loads(texts[name])
        loads = 1000 * (time.process_time() - start)
        size = sum(map(len, texts.values()))
        yield Target(str(target), compiling, size, machine, loads, sum(len(texts[name]) for name in needed))


def _usual_machine(machines: dict[str, Any]) -> str:
    """The machine that a catalogue's last alias with rules stands for, else any with rules; empty where there is none."""
    described = [name for name, (family, *_) in machines.items() if family is not None]
    return next((name for name in reversed(described) if machines[name][3]), described[-1] if described else "")
