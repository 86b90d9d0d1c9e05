"""Compiles a whole rule set, and writes the pieces: used on first use of a rule folder and when a wheel is built."""

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
from qrules.knowledge.boards import clashes
from qrules.knowledge.compile import Reading, compile_target

_PREFERRED = "x86_64"  # the architecture meant where none is named; the first one where a rule set lacks it
_KEPT = 8  # compiled forms in the cache; the oldest go


class Compiled(NamedTuple):
    """The pieces of each target by name."""

    targets: dict[tuple[str, str], dict[str, Any]]


def compile_rule_set(root: Path, progress: Callable[[str], None] | None = None) -> Compiled:
    """Compiles every target of a rule set. Raises `Unusable` with every problem found in any target, each once."""
    rule_set = sources.read(root)
    reading = Reading(rule_set)
    targets: dict[tuple[str, str], dict[str, Any]] = {}
    problems: list[Diagnostic] = []
    for target in rule_set.catalogues:
        if progress is not None:
            progress(f"compiling the rules for {target.arch} {target.version}")
        try:
            pieces = targets[(target.version, target.arch)] = compile_target(reading, target)
            problems.extend(clashes(target.version, target.arch, pieces))
        except RecursionError:
            problems.append(Diagnostic("QR105", "kinds or terms are nested too deeply to be meant", Span(str(root), 0)))
        except Unusable as error:
            problems.extend(error.diagnostics)
    if problems:
        raise Unusable(sorted(dict.fromkeys(problems), key=lambda d: (d.span.file, d.span.line, d.span.column)))
    return Compiled(targets)


def manifest(compiled: Compiled) -> dict[str, Any]:
    """What `store` asks first: which targets there are, and which types only some versions of an architecture have."""
    arches = [arch for _, arch in compiled.targets]
    return {
        "targets": [list(t) for t in compiled.targets],
        "preferred": _PREFERRED if _PREFERRED in arches else (arches or [""])[0],
        "partial": {arch: _partial(compiled, arch) for arch in dict.fromkeys(arches)},
    }


def _partial(compiled: Compiled, arch: str) -> dict[str, list[str]]:
    """The types that some versions lack, with those that have them."""
    by_version = {version: set(p["shared"]["types"]) for (version, a), p in compiled.targets.items() if a == arch}
    everywhere = set.intersection(*by_version.values()) if by_version else set()
    named = sorted(set().union(*by_version.values()) - everywhere)
    return {name: [version for version, names in by_version.items() if name in names] for name in named}


def write(compiled: Compiled, folder: Path) -> None:
    """Writes all pieces beside the place and moves them there in one step. Raises `OSError` where that can't be done."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        for (version, arch), pieces in compiled.targets.items():
            place = scratch / f"{arch}-{version}"
            place.mkdir()
            for name, piece in pieces.items():
                (place / f"{name}.json").write_text(json.dumps(piece, separators=(",", ":")), encoding="utf-8")
        (scratch / "manifest.json").write_text(json.dumps(manifest(compiled)), encoding="utf-8")
        os.chmod(scratch, 0o755)
        try:
            os.rename(scratch, folder)
        except OSError:
            if not (folder / "manifest.json").exists():  # else somebody else was quicker, with the same pieces
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _forget_old(folder)


def _forget_old(folder: Path) -> None:
    others = sorted((p for p in folder.parent.iterdir() if p.is_dir() and p != folder), key=lambda p: p.stat().st_mtime)
    for old in others[: max(0, len(others) - _KEPT + 1)]:
        shutil.rmtree(old, ignore_errors=True)
