"""Rule files to compiled pieces: plain JSON, one piece a machine family and what they share.

``compile_target`` is the whole of it: read, gather names, resolve, check, and lay out. All problems of all files come
out in one `Unusable`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qrules.diagnostics import Diagnostic, Unusable, unusable
from qrules.knowledge.attributes import attributes_by_sort
from qrules.knowledge.clauses import ClauseCompiler
from qrules.knowledge.compilation import Compilation, Profiles, blocks
from qrules.knowledge.compile_blocks import compile_statement
from qrules.knowledge.forms import Json
from qrules.knowledge.layout import lay_out
from qrules.knowledge.notes import NoteBook
from qrules.knowledge.phrases import attribute_texts
from qrules.knowledge.resolve import Resolver
from qrules.knowledge.rules import RuleCompiler
from qrules.knowledge.sources import RuleSet, Target, about, attributes_given, mentioned, scanned, shipped
from qrules.knowledge.words import check_words, declared_pools, declared_roles, rules_left_out
from qrules.knowledge.world import World
from qrules.language import files, tree, tree_documents
from qrules.language.reader import read_bytes
from qrules.paths import rules_folder


class Reading:
    """Statements of rule files, each file read once, whatever the number of targets compiled from it."""

    def __init__(
        self,
        rule_set: RuleSet,
        read: Callable[[bytes, str], tuple[tree.Statement, ...]] = read_bytes,
        names: Callable[[RuleSet], tuple[frozenset[str], frozenset[str]]] = scanned,
    ) -> None:
        """`read` gives the statements of a file from its bytes and name, `names` what all catalogues have."""
        self.rule_set, self._read = rule_set, read
        self._files: dict[Any, tuple[tree.Statement, ...]] = {}
        self.mentioned = names(rule_set)
        self.shipped = _shipped(rule_set)

    def statements(self, target: Target) -> list[tree.Statement]:
        """All that holds for a target: its catalogue and all rule files. Raises `Unusable` with every syntax error."""
        problems: list[Diagnostic] = []
        out: list[tree.Statement] = []
        catalogue = self.rule_set.catalogues.get(target)
        rules = (path for path in self.rule_set.rules if about(self.rule_set.text(path), target.arch))
        paths = [*([catalogue] if catalogue else []), *rules]
        if sum(len(self.rule_set.contents[path]) for path in paths) > files.MAX_BYTES:
            limit = f"{files.MAX_BYTES // 1024 // 1024} MiB at the most"
            raise unusable("QR505", f"the rules for {target} are too large", str(self.rule_set.root), expected=limit)
        for path in paths:
            try:
                out.extend(self.file(path))
            except Unusable as error:
                problems.extend(error.diagnostics)
        if problems:
            raise Unusable(problems)
        return out

    def file(self, path: Path) -> tuple[tree.Statement, ...]:
        """The statements of one file. Raises `Unusable`."""
        if path not in self._files:
            self._files[path] = self._read(self.rule_set.contents[path], self.rule_set.shown(path))
        return self._files[path]


def _shipped(rule_set: RuleSet) -> frozenset[str]:
    """What shipped catalogues have, where a folder of its own takes in shipped rules without all of their catalogues."""
    ours = rules_folder()
    if rule_set.root == ours or not any(path.is_relative_to(ours) for path in rule_set.rules):
        return frozenset()
    names, properties = mentioned(whole := shipped())
    return names | properties | attributes_given(whole)


def compile_target(reading: Reading, target: Target) -> dict[str, Json]:
    """The pieces of a target by name: ``machines``, ``shared``, ``properties``, ``notes`` and one per family."""
    statements = reading.statements(target)
    names, properties = reading.mentioned
    listed = blocks(statements)
    world = World(target, names, properties, reading.shipped, without=frozenset(n.text for n in rules_left_out(listed)))
    world.add(statements)
    world.settle()
    sorts = attributes_by_sort(statements)
    resolver = Resolver(world, set().union(*sorts.values()), sorts, declared_roles(listed), declared_pools(listed))
    notes = NoteBook(resolver, texts=attribute_texts(statements))
    dimensions = frozenset(d.name for b in listed for c in b.clauses if isinstance(c, tree.Addressed) for d in c.dimensions)
    profiles = Profiles(statements)
    clauses = ClauseCompiler(resolver, notes, dimensions)
    steps = tuple(s.name.text for s in statements if isinstance(s, tree_documents.DocumentStep))
    rules = RuleCompiler(resolver, notes, dimensions, profiles.judging, steps)
    made = Compilation(world, resolver, notes, clauses, rules, profiles)
    made.part_lists = {b.names[0].text: b for b in listed if b.what == "parts"}
    made.schemes = {
        name.text: frozenset(d.name for d in clause.dimensions)
        for block in listed
        for clause in block.clauses
        if isinstance(clause, tree.Addressed)
        for name in block.names
    }
    for statement in statements:
        compile_statement(made, statement)
    check_words(made, statements)
    if world.problems:
        raise Unusable(dict.fromkeys(world.problems))
    return lay_out(made, statements)
