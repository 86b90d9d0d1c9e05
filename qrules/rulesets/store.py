"""Compiled pieces on disk: those packed into the wheel, or those compiled here on first use.

A piece is a JSON file in a folder named by target, in a folder named by the stamp of everything that it was made
from. Files appear whole or not at all; where nothing can be written the compiled form lives for the process.
"""

from __future__ import annotations

import json
import os
from _thread import allocate_lock  # threading's own, without the rest of it
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

    from qrules.rulesets.build import Build

MANIFEST = "manifest.json"


class Entry(NamedTuple):
    """A target that a rule set has knowledge of."""

    version: str
    arch: str


class Store:
    """The compiled form of one rule set. A target is compiled when it is first asked for."""

    def __init__(self, root: Path | None = None, progress: Callable[[str], None] | None = None) -> None:
        self.root = root
        self._progress = progress
        self._build: Build | None = None
        self._compiling = allocate_lock()
        self._memory: dict[str, dict[str, Any]] = {}  # what could not be written, by folder
        self._listed: dict[str, Any] | None = None
        packed = paths.compiled()
        self._packed = root is None and os.path.exists(os.path.join(packed, MANIFEST))
        self._folder = packed if self._packed else os.path.join(paths.cache(), stamp(self._source()))
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
            path = os.path.join(self._folder, MANIFEST)
            self._listed = _read(path) if self._packed or os.path.exists(path) else self._list()
        return self._listed

    def _list(self) -> dict[str, Any]:
        import contextlib
        from pathlib import Path

        from qrules.rulesets import build

        manifest = self._compiler().manifest()
        with contextlib.suppress(OSError):  # where nothing can be written it lives for the process
            build.write_manifest(manifest, self._compiler().schemas(), Path(self._folder))
        return manifest

    def _piece(self, entry: Entry, name: str) -> Any:
        """A piece of a target; ``schema`` lists the folders of its schemas, whose pieces are asked for as FOLDER/NAME."""
        if name == "schema":
            return self._schemas(entry)
        folder, _, own = name.rpartition("/")
        if folder:
            return self._stored(folder, own, lambda build: build.schema_pieces(folder))
        return self._stored(f"{entry.arch}-{entry.version}", own, lambda build: build.pieces(entry.version, entry.arch))

    def _stored(self, folder: str, name: str, make: Callable[[Build], dict[str, Any]]) -> Any:
        """A piece of a folder, all of whose pieces are made when the first is asked for."""
        path = os.path.join(self._folder, folder, f"{name}.json")
        if folder not in self._memory and not self._packed and not os.path.exists(path):
            with self._compiling:  # threads that ask at once: the parser serves one at a time
                if folder not in self._memory and not os.path.exists(path):
                    self._compile(folder, make)
        return self._memory[folder][name] if folder in self._memory else _read(path)

    def _compile(self, folder: str, make: Callable[[Build], dict[str, Any]]) -> None:
        from pathlib import Path

        from qrules.rulesets import build

        pieces = make(self._compiler())
        try:
            build.write_pieces(pieces, Path(self._folder) / folder)
        except OSError:
            self._memory[folder] = pieces

    def _schemas(self, entry: Entry) -> list[str]:
        path = os.path.join(self._folder, "schema.json")
        listed: dict[str, list[str]] = _read(path) if os.path.exists(path) else self._compiler().schemas()
        return listed.get(f"{entry.arch}-{entry.version}", [])

    def _compiler(self) -> Build:
        if self._build is None:
            from pathlib import Path

            from qrules.rulesets.build import Build

            self._build = Build(Path(self._source()), self._progress)
        return self._build

    def _source(self) -> str:
        return paths.data("rules") if self.root is None else str(self.root)


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
