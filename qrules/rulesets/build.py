"""Compiles a rule set, and writes the pieces: a target when it is first asked for, all of them when a wheel is built."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from qrules.diagnostics import Diagnostic, Span, Unusable
from qrules.knowledge import sources
from qrules.knowledge.compile import Reading, compile_target
from qrules.knowledge.schema_compile import compile_schema
from qrules.rulesets.boards import clashes

SCHEMA = "schema"
"""What the names of the folders of schema files begin with, and the file that says which target has which."""
_PREFERRED = "x86_64"  # the architecture meant where none is named; the first one where a rule set lacks it
_KEPT = 8  # compiled forms in the cache; the oldest go


class Compiled(NamedTuple):
    """The pieces of each target by name."""

    targets: dict[tuple[str, str], dict[str, Any]]


class Build:
    """A rule set that is compiled target by target, each when somebody asks for it; files are read once."""

    def __init__(self, root: Path, progress: Callable[[str], None] | None = None) -> None:
        self.rule_set = sources.read(root)
        self._reading = Reading(self.rule_set)
        self._progress = progress

    def manifest(self) -> dict[str, Any]:
        """What `store` asks first: which targets there are, and which types only some versions of an architecture have.

        A scan of the catalogues: nothing is parsed for it.
        """
        arches = [target.arch for target in self.rule_set.catalogues]
        return {
            "targets": [list(target) for target in self.rule_set.catalogues],
            "preferred": _PREFERRED if _PREFERRED in arches else (arches or [""])[0],
            "partial": {arch: self._partial(arch) for arch in dict.fromkeys(arches)},
        }

    def _partial(self, arch: str) -> dict[str, list[str]]:
        """The types that some versions lack, with those that have them."""
        catalogues = {target.version: path for target, path in self.rule_set.catalogues.items() if target.arch == arch}
        by_version = {version: sources.types_declared(path) for version, path in catalogues.items()}
        everywhere = frozenset.intersection(*by_version.values()) if by_version else frozenset()
        named = sorted(frozenset().union(*by_version.values()) - everywhere)
        return {name: [version for version, names in by_version.items() if name in names] for name in named}

    def pieces(self, version: str, arch: str) -> dict[str, Any]:
        """Compiles one target. Raises `Unusable` with every problem found."""
        self._tell(f"compiling the rules for {arch} {version} (once after each change of them)")
        try:
            pieces = compile_target(self._reading, sources.Target(version, arch))
            problems = list(clashes(version, arch, pieces))
        except RecursionError:
            root = str(self.rule_set.root)
            problems = [Diagnostic("QR105", "kinds or terms are nested too deeply to be meant", Span(root, 0))]
        finally:
            self._tell("")
        if problems:
            raise Unusable(problems)
        return pieces

    def schemas(self) -> dict[str, list[str]]:
        """The folders of the schema files of each target by its name: those of the target alone before those that it shares."""
        files = sorted(enumerate(self.rule_set.schemas), key=lambda entry: len(entry[1].targets))
        return {
            str(target): [f"{SCHEMA}-{number}" for number, file in files if target in file.targets]
            for target in self.rule_set.catalogues
        }

    def schema_pieces(self, folder: str) -> dict[str, Any]:
        """Compiles one schema file by the name of its folder. Raises `Unusable` with every problem found."""
        return compile_schema(self._reading.file(self.rule_set.schemas[int(folder.rpartition("-")[2])].path))

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
            build.schema_pieces(f"{SCHEMA}-{number}")
        except Unusable as error:
            problems.extend(error.diagnostics)
    if problems:
        raise Unusable(sorted(dict.fromkeys(problems), key=lambda d: (d.span.file, d.span.line, d.span.column)))
    return Compiled(targets)


def write_rule_set(root: Path, folder: Path) -> None:
    """Compiles a whole rule set into a folder that is not there yet: what a wheel brings. Raises `Unusable`, `OSError`."""
    build = Build(root)
    write_manifest(build.manifest(), build.schemas(), folder)
    for target in build.rule_set.catalogues:
        write_pieces(build.pieces(*target), folder / str(target))
    for schema in dict.fromkeys(name for names in build.schemas().values() for name in names):
        write_pieces(build.schema_pieces(schema), folder / schema)


def write_manifest(manifest: dict[str, Any], schemas: dict[str, list[str]], folder: Path) -> None:
    """Makes the folder of a rule set's compiled form. Raises `OSError` where that can't be done."""
    _whole(folder, {"manifest.json": manifest, f"{SCHEMA}.json": schemas})
    _forget_old(folder)


def write_pieces(pieces: dict[str, Any], folder: Path) -> None:
    """Writes the pieces of a target or of a schema beside their place and moves them there in one step. Raises `OSError`."""
    _whole(folder, {f"{name}.json": piece for name, piece in pieces.items()})


def _whole(folder: Path, files: dict[str, Any]) -> None:
    """A folder that appears with all its files or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        for name, content in files.items():
            (scratch / name).write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
        os.chmod(scratch, 0o755)
        try:
            os.rename(scratch, folder)
        except OSError:
            if not all((folder / name).exists() for name in files):  # else somebody else was quicker, with the same pieces
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _forget_old(folder: Path) -> None:
    others = sorted((p for p in folder.parent.iterdir() if p.is_dir() and p != folder), key=lambda p: p.stat().st_mtime)
    for old in others[: max(0, len(others) - _KEPT + 1)]:
        shutil.rmtree(old, ignore_errors=True)
