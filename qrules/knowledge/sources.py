"""Which rule files make up a rule set, and which of them are catalogues of which emulator version and architecture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qrules.diagnostics import Diagnostic, Span, Unusable, unusable
from qrules.language import files, names
from qrules.paths import rules_folder

MAX_TARGETS = 256  # versions by architectures: QEMU has some thirty of these
_CATALOGUE = re.compile(r'^catalogue\s+"([^"\n]+)"\s+for\s+([^\n#]+)', re.MULTILINE)
_SCHEMA = re.compile(r'^schema\s+"([^"\n]+)"\s+for\s+([^\n#]+)', re.MULTILINE)
_SCHEMATIC = re.compile(r"^(?:option|record|list|enum|object|accelerator|processor|features|links|form) ", re.MULTILINE)
_NAMED = re.compile(
    r'^(?:(?:abstract|internal) +)?(type|interface|alias|bus-type|machine-type) +(?:"([^"\n]+)"|([\w-]+))', re.MULTILINE
)
_PROPERTY = re.compile(r"^ +property +([^:\n]+):", re.MULTILINE)
_FEATURES = re.compile(r"^features [^\n]*\n(?: [^\n]*\n|\n)*", re.MULTILINE)
_ALSO = re.compile(r"^ +alias +([^\n]+)$", re.MULTILINE)  # of a machine
_GIVEN = re.compile(r"^ +(?:([\w-]+) = |default (?:\"[^\n\"]*\"|[\w-]+) as ([\w-]+))", re.MULTILINE)
_ABOUT = re.compile(r"^architectures\s+([^\n#]+)", re.MULTILINE)
_USES = re.compile(r'^uses\s+"([^"\n]+)"', re.MULTILINE)


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

    `contents` are the bytes of each, read once: what is compiled is what was looked at. A catalogue may have a schema's
    statements, too; it stands among `schemas` then.
    """

    root: Path
    rules: tuple[Path, ...]
    catalogues: dict[Target, Path]
    contents: dict[Path, bytes]
    schemas: tuple[SchemaFile, ...] = ()

    def shown(self, path: Path) -> str:
        """How diagnostics and answers name a file: ``rules/x86/pc-q35.qr`` for shipped rules."""
        shipped = rules_folder()
        if path.is_relative_to(shipped):
            return str(Path("rules") / path.relative_to(shipped))
        return str(path)

    def text(self, path: Path) -> str:
        """What a file says, with marks for what is no text."""
        return _text(self.contents[path])


def shipped() -> RuleSet:
    """The rules that come with the package."""
    return read(rules_folder())


def read(root: Path) -> RuleSet:
    """The rule set of a folder (or of a single file). Raises `Unusable` where there is none that can be taken as it is."""
    listed = files.found(root)
    if not listed:
        raise unusable("QR503", "there are no .qr files in this folder", str(root), expected="at least one rule file")
    rules: list[Path] = []
    catalogues: dict[Target, Path] = {}
    schemas: list[SchemaFile] = []
    contents = dict.fromkeys(listed, b"")
    total = 0
    used: set[str] = set()
    queue, own = list(listed), frozenset(listed)
    for path in queue:  # grows by what is used
        contents[path] = files.content(path)
        total += len(contents[path])
        if len(contents) > files.MAX_FILES or total > files.MAX_TOTAL:
            limit = f"{files.MAX_FILES:,} files and {files.MAX_TOTAL // 1024 // 1024} MiB"
            raise unusable("QR505", "the rule set is too large", str(root), expected=f"{limit} at the most")
        text = _text(contents[path])
        targets = _targets(path, text, _CATALOGUE)
        described = _described(path, text, targets)
        for target in targets:
            if path not in own and catalogues.get(target) in own:
                continue  # a folder's own catalogue comes before one that it uses
            if catalogues.setdefault(target, path) != path:
                message = f"a second catalogue of {target.version} for {target.arch}: the first is {catalogues[target]}"
                raise unusable("QR507", message, str(path), expected="one catalogue for each version and architecture")
        if described:
            schemas.append(SchemaFile(path, tuple(described)))
        elif not targets:
            rules.append(path)
        for file in _used(path, text, used):
            if file not in contents:
                contents[file] = b""
                queue.append(file)
    if len(catalogues) > MAX_TARGETS:
        raise unusable("QR505", f"catalogues for {len(catalogues):,} targets", str(root), expected=f"{MAX_TARGETS} at the most")
    by_name = dict(sorted(catalogues.items(), key=lambda item: (item[0].arch, version_key(item[0].version))))
    return RuleSet(root, tuple(rules), by_name, contents, tuple(schemas))


def _described(path: Path, text: str, targets: list[Target]) -> list[Target]:
    """The targets of a file that is a schema, or a catalogue of `targets` that has statements of a schema, too."""
    if targets:
        return targets if _SCHEMATIC.search(text) else []
    return _targets(path, text, _SCHEMA)


def _targets(path: Path, text: str, begins: re.Pattern[str]) -> list[Target]:
    """The targets of a file that begins as a catalogue or schema. Raises `Unusable` (QR115, QR116) for names that are none."""
    head = begins.search(text)
    if head is None:
        return []
    span = Span(str(path), text.count("\n", 0, head.start()) + 1)
    arches = [arch.strip('"') for arch in head[2].replace(",", " ").split()]
    wrong = [names.wrong_version(head[1], span), *(names.wrong_arch(arch, span) for arch in arches)]
    problems = list(dict.fromkeys(d for d in wrong if d is not None))
    if problems:
        raise Unusable(problems[:10])
    return [Target(head[1], arch) for arch in arches]


def about(text: str, arch: str) -> bool:
    """Whether a file has something to say of an architecture: all of them, where it does not begin with `architectures`."""
    head = _ABOUT.search(text)
    return head is None or arch in head[1].replace('"', " ").replace(",", " ").split()


def _used(path: Path, text: str, known: set[str]) -> Iterator[Path]:
    """The shipped files that a text uses, but for those that are `known`, which grows. Raises `Unusable` (QR504)."""
    for match in _USES.finditer(text):
        if match[1] in known:
            continue
        known.add(match[1])
        target = rules_folder() / match[1]
        inside = target.resolve().is_relative_to(rules_folder().resolve()) if "\0" not in match[1] else False
        if not (inside and target.exists()):
            span = Span(str(path), text.count("\n", 0, match.start()) + 1)
            message = f"there is no shipped rule file '{match[1]}'"
            raise Unusable([Diagnostic("QR504", message, span, 'a path such as "common/pci.qr"')])
        yield from files.found(target)


def _text(raw: bytes) -> str:
    """The text of a file as a scan wants it, lines ended alike."""
    return raw.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")


def mentioned(rule_set: RuleSet) -> tuple[frozenset[str], frozenset[str]]:
    """All names that any catalogue of the set has, and all property names: a cheap scan, without parsing.

    Rules serve several versions: a name is a mistake only where no catalogue knows it.
    """
    declared: set[str] = set()
    properties: set[str] = set()
    for path in dict.fromkeys(rule_set.catalogues.values()):
        text = rule_set.text(path)
        declared.update(m[2] or m[3] for m in _NAMED.finditer(text))
        properties.update(_properties(text))
    return frozenset(declared), frozenset(properties)


def scanned(rule_set: RuleSet) -> tuple[frozenset[str], frozenset[str]]:
    """The names that any catalogue of the set has, and all property names, those of processors in schemas among them."""
    names, properties = mentioned(rule_set)
    return names, properties | processors_properties(rule_set)


def attributes_given(rule_set: RuleSet) -> frozenset[str]:
    """The names of attributes that the files of a set give, and of roles: a cheap scan, without parsing."""
    files = (*rule_set.rules, *dict.fromkeys(rule_set.catalogues.values()))
    return frozenset(m[1] or m[2] for path in files for m in _GIVEN.finditer(rule_set.text(path)))


def processors_properties(rule_set: RuleSet) -> frozenset[str]:
    """The names of all properties that the schemas of the set have of processors: a cheap scan, without parsing."""
    blocks = (match[0] for schema in rule_set.schemas for match in _FEATURES.finditer(rule_set.text(schema.path)))
    return frozenset(name for block in blocks for name in _properties(block))


def _properties(text: str) -> Iterator[str]:
    for match in _PROPERTY.finditer(text):
        yield from (name.strip().strip('"') for name in match[1].split(","))


def types_declared(text: str) -> frozenset[str]:
    """The device types that the text of a catalogue has: a cheap scan, without parsing."""
    return frozenset(m[2] or m[3] for m in _NAMED.finditer(text) if m[1] == "type")


def names_declared(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The device types and the machines that the text of a catalogue has, by all their names: a cheap scan, without parsing."""
    types = {m[2] or m[3] for m in _NAMED.finditer(text) if m[1] in ("type", "alias")}
    machines = {m[2] or m[3] for m in _NAMED.finditer(text) if m[1] == "machine-type"}
    machines.update(name.strip().strip('"') for match in _ALSO.finditer(text) for name in match[1].split(","))
    return frozenset(types), frozenset(machines)


def after(version: str) -> tuple[int, ...]:
    """What all versions behind one, its own later releases aside, are not less than: 10.1 for 10.0."""
    *first, last = version_key(version)
    return (*first, last + 1)


def version_key(version: str) -> tuple[int, ...]:
    """Versions in the order of versions: 4.0.1 after 4.0 and before 4.1, 10.0 after 9.2."""
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 10 else 0 for part in version.split("."))
