"""Which rule files make up a rule set, and which of them are catalogues of which emulator version and architecture."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qrules.diagnostics import Diagnostic, Span, Unusable, unusable
from qrules.paths import rules_folder

MAX_FILES = 2_000
_CATALOGUE = re.compile(r'^catalogue\s+"([^"\n]+)"\s+for\s+([^\n#]+)', re.MULTILINE)
_SCHEMA = re.compile(r'^schema\s+"([^"\n]+)"\s+for\s+([^\n#]+)', re.MULTILINE)
_SCHEMATIC = re.compile(r"^(?:option|record|list|enum|object|accelerator|processor|features|links|form) ", re.MULTILINE)
_NAMED = re.compile(
    r'^(?:(?:abstract|internal) +)?(type|interface|alias|bus-type|machine-type) +(?:"([^"\n]+)"|([\w-]+))', re.MULTILINE
)
_PROPERTY = re.compile(r"^ +property +([^:\n]+):", re.MULTILINE)
_USES = re.compile(r'^uses\s+"([^"\n]+)"', re.MULTILINE)
_APART = "rule-sets"  # a folder of the shipped rules whose sub-folders are rule sets of their own


class Target(NamedTuple):
    """What knowledge is compiled for: an emulator version (``10.0.2``) and an architecture (``x86_64``)."""

    version: str
    arch: str

    def __str__(self) -> str:
        return f"{self.arch}-{self.version}"


class SchemaFile(NamedTuple):
    """A file that says what can be written to the emulators of some targets."""

    path: Path
    targets: tuple[Target, ...]


class RuleSet(NamedTuple):
    """The files of a rule set. `catalogues` maps a target to its file; `rules` are all that are neither catalogue nor schema.

    A catalogue may have a schema's statements, too; it stands among `schemas` then.
    """

    root: Path
    rules: tuple[Path, ...]
    catalogues: dict[Target, Path]
    schemas: tuple[SchemaFile, ...] = ()

    def shown(self, path: Path) -> str:
        """How diagnostics and answers name a file: ``rules/x86/pc-q35.qr`` for shipped rules."""
        shipped = rules_folder()
        if path.is_relative_to(shipped):
            return str(Path("rules") / path.relative_to(shipped))
        return str(path)


def shipped() -> RuleSet:
    """The rules that come with the package."""
    return read(rules_folder())


def apart(name: str) -> Path | None:
    """The folder of a shipped rule set that stands apart, such as ``rfc-2.8``; None where there is none of that name."""
    folder = rules_folder() / _APART / name
    return folder if re.fullmatch(r"[\w.-]+", name) and folder.is_dir() else None


def read(root: Path) -> RuleSet:
    """The rule set of a folder (or of a single file). Raises `Unusable` when there is none."""
    if not root.exists():
        raise unusable("QR502", "there is no such rule folder", str(root), expected="a folder with .qr files")
    files = [root] if root.is_file() else list(_files(root))
    if not files:
        raise unusable("QR503", "there are no .qr files in this folder", str(root), expected="at least one rule file")
    rules: list[Path] = []
    catalogues: dict[Target, Path] = {}
    schemas: list[SchemaFile] = []
    queue, seen = list(files), set(files)
    while queue:
        path = queue.pop(0)
        text = _text(path)
        head, schema = _CATALOGUE.search(text), _SCHEMA.search(text)
        if head:
            for target in _targets(head):
                if catalogues.setdefault(target, path) != path:
                    message = f"a second catalogue of {target.version} for {target.arch}: the first is {catalogues[target]}"
                    raise unusable("QR507", message, str(path), expected="one catalogue for each version and architecture")
            if _SCHEMATIC.search(text):
                schemas.append(SchemaFile(path, _targets(head)))
        elif schema:
            schemas.append(SchemaFile(path, _targets(schema)))
        else:
            rules.append(path)
        for used in _used(path, text):
            if used not in seen:
                seen.add(used)
                queue.append(used)
    known = dict(sorted(catalogues.items(), key=lambda item: (item[0].arch, version_key(item[0].version))))
    return RuleSet(root, tuple(rules), known, tuple(schemas))


def _targets(head: re.Match[str]) -> tuple[Target, ...]:
    """The targets that the head of a catalogue or schema names."""
    return tuple(Target(head[1], arch.strip('"')) for arch in head[2].replace(",", " ").split())


def _used(path: Path, text: str) -> Iterator[Path]:
    for match in _USES.finditer(text):
        target = rules_folder() / match[1]
        inside = target.resolve().is_relative_to(rules_folder().resolve())
        if not (inside and target.exists()):
            line = text.count("\n", 0, match.start()) + 1
            raise Unusable(
                [
                    Diagnostic(
                        "QR504",
                        f"there is no shipped rule file '{match[1]}'",
                        Span(str(path), line),
                        'a path such as "common/pci.qr"',
                    )
                ]
            )
        yield from _files(target) if target.is_dir() else [target]


def rule_files(root: Path) -> list[Path]:
    """All rule files of a folder, rule sets that stand apart included; or the one file. Raises `Unusable` for none."""
    if not root.exists():
        raise unusable("QR502", "there is no such rule folder", str(root), expected="a folder with .qr files")
    return [root] if root.is_file() else sorted(root.rglob("*.qr"))


def _files(root: Path) -> Iterator[Path]:
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f != _APART and not f.startswith("."))
        for name in sorted(names):
            if name.endswith(".qr") and (Path(folder) / name).is_file():
                count += 1
                if count > MAX_FILES:
                    raise unusable("QR505", f"more than {MAX_FILES:,} rule files", str(root), expected="a folder of rules")
                yield Path(folder) / name


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise unusable("QR501", f"can't read the rule file: {error.strerror or error}", str(path)) from error


def mentioned(rule_set: RuleSet) -> tuple[frozenset[str], frozenset[str]]:
    """All names that any catalogue of the set has, and all property names: a cheap scan, without parsing.

    Rules serve several versions: a name is a mistake only where no catalogue knows it.
    """
    names: set[str] = set()
    properties: set[str] = set()
    for path in dict.fromkeys(rule_set.catalogues.values()):
        text = _text(path)
        names.update(m[2] or m[3] for m in _NAMED.finditer(text))
        for match in _PROPERTY.finditer(text):
            properties.update(p.strip().strip('"') for p in match[1].split(","))
    return frozenset(names), frozenset(properties)


def types_declared(path: Path) -> frozenset[str]:
    """The device types that a catalogue has: a cheap scan, without parsing."""
    return frozenset(m[2] or m[3] for m in _NAMED.finditer(_text(path)) if m[1] == "type")


def version_key(version: str) -> tuple[int, ...]:
    """Versions in the order of versions: 4.0.1 after 4.0 and before 4.1, 10.0 after 9.2."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
