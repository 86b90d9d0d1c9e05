"""Compiles a rule set, and writes the pieces: a target when it is first asked for, all of them when a wheel is built."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.knowledge import sources
from qrules.knowledge.compile import Reading, compile_target
from qrules.knowledge.makers import lay_makers
from qrules.knowledge.quiet import lay_reads
from qrules.knowledge.schema_compile import compile_schema
from qrules.language import tree
from qrules.machine.budget import NoQuestion
from qrules.rulesets import cache, keeping
from qrules.rulesets.boards import clashes
from qrules.rulesets.looking import Looking, digest_of_seen
from qrules.rulesets.stamp import compiler, digest_of
from qrules.rulesets.trees import Trees

_PREFERRED = "x86_64"  # the architecture meant where none is named; the first one where a rule set lacks it


class Compiled(NamedTuple):
    """The pieces of each target by name."""

    targets: dict[tuple[str, str], dict[str, Any]]


class Build:
    """A rule set that is compiled target by target, each when somebody asks for it; files are read once."""

    def __init__(
        self,
        root: Path,
        progress: Callable[[str], None] | None = None,
        rule_set: sources.RuleSet | None = None,
        read: Callable[[bytes, str], tuple[tree.Statement, ...]] | None = None,
    ) -> None:
        """`rule_set` is what stands in an editor instead of the files; `read` gives the statements of one, if not the cache."""
        self.rule_set = sources.read(root) if rule_set is None else rule_set
        self.digest = _digest(self.rule_set)
        self._trees = Trees(keeping.made_home())
        self._reading = Reading(self.rule_set, self._trees.read if read is None else read, self._trees.names)
        self._progress = progress
        self._names: dict[Path, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {}

    def manifest(self) -> dict[str, Any]:
        """What `store` asks first: which targets there are. Nothing is parsed for it."""
        arches = [target.arch for target in self.rule_set.catalogues]
        return {
            "targets": [list(target) for target in self.rule_set.catalogues],
            "preferred": _PREFERRED if _PREFERRED in arches else (arches or [""])[0],
            "schemas": self._schemas(),
        }

    def _partial(self, arch: str) -> dict[str, list[str]]:
        """The types that some versions lack, with those that have them."""
        catalogues = {target.version: path for target, path in self.rule_set.catalogues.items() if target.arch == arch}
        by_version = {version: self._declared(path)[0] for version, path in catalogues.items()}
        everywhere = frozenset.intersection(*by_version.values()) if by_version else frozenset()
        named = sorted(frozenset().union(*by_version.values()) - everywhere)
        return {name: [version for version, names in by_version.items() if name in names] for name in named}

    def homes(self) -> dict[str, Any]:
        """What takes a look at all catalogues, by pieces: a scan, nothing is parsed for it.

        ``homes``: where each type and machine is at home that some target lacks, numbers of targets in the order of the
        manifest. ``partial-ARCH``: the types of an architecture that some versions lack, with those that have them.
        """
        parts = {f"partial-{arch}": arch for arch in dict.fromkeys(target.arch for target in self.rule_set.catalogues)}
        texts = (self.rule_set.contents[path] for path in self.rule_set.catalogues.values())
        key = digest_of("homes", *(word for target in self.rule_set.catalogues for word in target), *texts)
        match self._trees.kept(key):
            case [dict(kept)] if kept.keys() == {"homes", *parts} and all(isinstance(of, dict) for of in kept.values()):
                return kept
        found = {"homes": self._homes(), **{name: self._partial(arch) for name, arch in parts.items()}}
        self._trees.keep(key, [found])  # in a list it is one text, which is read at once
        return found

    def _homes(self) -> dict[str, dict[str, list[int]]]:
        """Where each type and machine is at home that some target lacks."""
        homes: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
        for number, path in enumerate(self.rule_set.catalogues.values()):
            for at, names in zip(homes, self._declared(path)[1:], strict=True):
                for name in names:
                    at.setdefault(name, []).append(number)
        everywhere = len(self.rule_set.catalogues)
        return {
            what: {name: at for name, at in sorted(found.items()) if len(at) < everywhere}
            for what, found in zip(("types", "machines"), homes, strict=True)
        }

    def _declared(self, path: Path) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """The types of a catalogue, without and with other names, and its machines. It may serve many targets: read once."""
        if path not in self._names:
            text = self.rule_set.text(path)
            self._names[path] = (sources.types_declared(text), *sources.names_declared(text))
        return self._names[path]

    def pieces(self, version: str, arch: str) -> dict[str, Any]:
        """Compiles one target. Raises `Unusable` with every problem found."""
        self._tell(f"compiling the rules for {arch} {version} (once after each change of them)")
        try:
            pieces = compile_target(self._reading, sources.Target(version, arch))
            spoke, problems = self._boards(version, arch, pieces)
            lay_reads(pieces, spoke)
            lay_makers(pieces)
        except RecursionError:
            root = str(self.rule_set.root)
            problems = [Diagnostic("QR105", "kinds or terms are nested too deeply to be meant", Span(root, 0))]
        finally:
            self._tell("")
        if problems:
            raise Unusable(problems)
        return pieces

    def _boards(self, version: str, arch: str, pieces: dict[str, Any]) -> tuple[set[int], list[Diagnostic]]:
        """Builds all boards of a target, unless they were built when all was the same that they look at.

        Gives the notes of what is refused of machines as they come, and what can't stand.
        """
        name = digest_of("boards", str(self.rule_set.root), version, arch)
        kept = self._trees.kept(name)
        try:
            if kept is not None and kept["digest"] == digest_of_seen(pieces, kept["seen"]):
                return set(kept["spoke"]), []
        except (KeyError, TypeError):  # it is none of ours
            pass
        looking, spoke = Looking(pieces), set[int]()
        with NoQuestion():
            problems = list(clashes(version, arch, looking.load, spoke))
        if not problems:
            seen = looking.seen()
            self._trees.keep(name, {"digest": digest_of_seen(pieces, seen), "seen": seen, "spoke": sorted(spoke)})
        return spoke, problems

    def schema_pieces(self, schema: str) -> dict[str, Any]:
        """Compiles one schema file by its name in the manifest. Raises `Unusable` with every problem found."""
        return compile_schema(self._reading.file(self.rule_set.schemas[int(schema.rpartition("-")[2])].path))

    def _schemas(self) -> dict[str, list[str]]:
        """The names of the schema files of each target: those of the target alone before those that it shares."""
        files = sorted(enumerate(self.rule_set.schemas), key=lambda entry: len(entry[1].targets))
        return {
            str(target): [f"schema-{number}" for number, file in files if target in file.targets]
            for target in self.rule_set.catalogues
        }

    def _tell(self, text: str) -> None:
        if self._progress is not None:
            self._progress(text)


def compile_rule_set(root: Path, progress: Callable[[str], None] | None = None) -> Compiled:
    """Compiles every target of a rule set. Raises `Unusable` with every problem found in any target, each once."""
    build = Build(root, progress)
    targets: dict[tuple[str, str], dict[str, Any]] = {}
    problems: list[Diagnostic] = []
    for target in build.rule_set.catalogues:
        try:
            targets[(target.version, target.arch)] = build.pieces(*target)
        except Unusable as error:
            problems.extend(error.diagnostics)
    for number in range(len(build.rule_set.schemas)):
        try:
            build.schema_pieces(f"schema-{number}")
        except Unusable as error:
            problems.extend(error.diagnostics)
    if problems:
        raise Unusable(sorted(dict.fromkeys(problems), key=lambda d: (d.span.file, d.span.line, d.span.column)))
    return Compiled(targets)


def _digest(rule_set: sources.RuleSet) -> str:
    """What a rule set's compiled form is made from: what the rules say, how their files are named, and who compiles them."""
    texts: list[bytes | str] = [str(cache.FORMAT)]
    for path, content in rule_set.contents.items():
        texts += [rule_set.shown(path), content]
    for folder in compiler():
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.name.endswith((".py", ".lark")):
                    texts += [entry.name, Path(entry.path).read_bytes()]
    return digest_of(*texts)


def write_rule_set(root: Path, folder: Path, arches: Collection[str] | None = None) -> None:
    """Compiles a whole rule set into a folder that is not there yet: what a wheel brings. Raises `Unusable`, `OSError`.

    Of all that a wheel brings `arches` limits whose targets are compiled (None: all of them).
    """
    build = Build(root)
    folder.parent.mkdir(parents=True, exist_ok=True)
    manifest = build.manifest()
    left = [target for target in build.rule_set.catalogues if arches is not None and target.arch not in arches]
    manifest["later"] = [str(target) for target in left]
    keeping.write_manifest(manifest, folder, build.digest, private=False)
    keeping.write_pieces(build.homes(), folder, build.digest, cache.HOMES, private=False)
    for target in (target for target in build.rule_set.catalogues if str(target) not in manifest["later"]):
        keeping.write_pieces(build.pieces(*target), folder, build.digest, cache.target_name(*target), private=False)
    for schema in dict.fromkeys(name for names in manifest["schemas"].values() for name in names):
        keeping.write_pieces(build.schema_pieces(schema), folder, build.digest, cache.schema_name(schema), private=False)
