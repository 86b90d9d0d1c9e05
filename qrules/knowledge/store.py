"""Compiled pieces on disk: those packed into the wheel, or those compiled here on first use.

A piece is a JSON file in a folder named by target, in a folder named by the stamp of everything that it was made
from. Files appear whole or not at all; where nothing can be written the compiled form lives for the process.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable

from qrules import paths
from qrules.diagnostics import unusable
from qrules.knowledge.model import Knowledge
from qrules.knowledge.sources_stat import stamp
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

MANIFEST = "manifest.json"


class Entry(NamedTuple):
    """A target that a rule set has knowledge of."""

    version: str
    arch: str


class Store:
    """The compiled form of one rule set."""

    def __init__(self, root: Path | None = None, progress: Callable[[str], None] | None = None) -> None:
        self.root = root
        self._progress = progress
        self._memory: dict[tuple[Entry, str], Any] = {}
        self._listed: dict[str, Any] | None = None
        self._folder = self._ready_folder()
        self._knowledge: dict[Entry, Knowledge] = {}

    # ------------------------------------------------------------------------------ which targets
    def targets(self) -> list[Entry]:
        """All targets, by architecture and version."""
        return [Entry(version, arch) for version, arch in self._manifest()["targets"]]

    def resolve(self, version: str | None, arch: str | None) -> Entry:
        """The target meant by a version prefix (``10.0``) and an architecture; the newest where none is given."""
        targets = self.targets()
        arches = list(dict.fromkeys(t.arch for t in targets))
        if arch is not None and arch not in arches:
            raise unusable(
                "QR420", f"there are no rules for the architecture '{arch}'", "--arch", expected="one of " + ", ".join(arches)
            )
        chosen = [t for t in targets if arch is None or t.arch == arch]
        if arch is None and arches:
            chosen = [t for t in targets if t.arch == self._preferred(arches)]
        if version is not None:
            matching = [t for t in chosen if t.version == version or t.version.startswith(version + ".")]
            if not matching:
                shipped = ", ".join(dict.fromkeys(t.version for t in chosen))
                raise unusable(
                    "QR421",
                    f"there is no catalogue of QEMU {version}",
                    "--qemu",
                    expected="one of " + shipped,
                    hint="`qrules harvest BINARY` makes one",
                )
            chosen = matching
        if not chosen:
            raise unusable(
                "QR422",
                "this rule set has no catalogue",
                str(self.root or "rules"),
                expected='a statement such as: catalogue "1.0" for x86_64',
            )
        return chosen[-1]

    def _preferred(self, arches: list[str]) -> str:
        preferred: str | None = self._manifest().get("preferred")
        return preferred if preferred in arches else arches[0]

    def versions_with(self, arch: str, name: str) -> tuple[str, ...]:
        """The versions of an architecture whose catalogues have a type that at least one of them has."""
        partial: dict[str, list[str]] = self._manifest()["partial"].get(arch, {})
        return tuple(partial.get(name) or (t.version for t in self.targets() if t.arch == arch))

    def knowledge(self, entry: Entry) -> Knowledge:
        """The knowledge of a target."""
        if entry not in self._knowledge:
            self._knowledge[entry] = Knowledge(entry.version, entry.arch, lambda name: self._piece(entry, name))
        return self._knowledge[entry]

    # ------------------------------------------------------------------------------ files
    def _manifest(self) -> dict[str, Any]:
        if self._listed is None:
            assert self._folder is not None
            self._listed = _read(os.path.join(self._folder, MANIFEST))
        return self._listed

    def _piece(self, entry: Entry, name: str) -> Any:
        if self._folder is None:
            return self._memory[(entry, name)]
        return _read(os.path.join(self._folder, f"{entry.arch}-{entry.version}", f"{name}.json"))

    def _ready_folder(self) -> str | None:
        packed = paths.compiled()
        if self.root is None and os.path.exists(os.path.join(packed, MANIFEST)):
            return packed
        folder = os.path.join(paths.cache(), stamp(self._source()))
        if os.path.exists(os.path.join(folder, MANIFEST)):
            return folder
        return self._compile_into(folder)

    def _source(self) -> str:
        return paths.data("rules") if self.root is None else str(self.root)

    def _compile_into(self, folder: str) -> str | None:
        from pathlib import Path

        from qrules.knowledge import build

        if self._progress is not None:
            self._progress("compiling the rules (once after each change of them)")
        pieces = build.compile_rule_set(Path(self._source()), self._progress)
        try:
            build.write(pieces, Path(folder))
        except OSError:
            self._memory = {(Entry(*key), name): piece for key, named in pieces.targets.items() for name, piece in named.items()}
            self._listed = build.manifest(pieces)
            return None
        return folder


def _read(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            return json.loads(file.read())
    except (OSError, ValueError) as error:
        folder = os.path.dirname(os.path.dirname(path))
        raise unusable("QR506", "the compiled rules can't be read", path, hint=f"delete {folder} and ask again") from error


_stores: dict[str | None, Store] = {}


def open_store(rules: str | None = None, progress: Callable[[str], None] | None = None) -> Store:
    """The store of the shipped rules, of a shipped rule set that stands apart, or of a folder. Raises `Unusable`."""
    if rules not in _stores:
        _stores[rules] = Store(_root(rules) if rules is not None else None, progress)
    return _stores[rules]


def _root(rules: str) -> Path:
    """The folder of a rule set. Raises `Unusable` where there is none."""
    from pathlib import Path

    from qrules.knowledge import sources

    folder = Path(rules)
    if not folder.exists():
        folder = sources.apart(rules) or folder
    sources.read(folder)
    return folder.resolve()
