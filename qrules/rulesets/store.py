"""Compiled rule sets: those that a package brings, or those compiled here on first use and kept in the cache.

`cache` says what stands there and what is believed. A piece that is missing or damaged is compiled again without a word; where
nothing can be kept the compiled form lives for the process. Many threads may ask at once.
"""

from __future__ import annotations

import os
from _thread import RLock  # threading's own, without the rest of it

from qrules import paths
from qrules.diagnostics import Diagnostic, Unusable, did_you_mean, unusable
from qrules.knowledge.model import Knowledge
from qrules.records import NamedTuple
from qrules.rulesets import cache, laid_out, tables
from qrules.rulesets.cache import ARCHIVE, MANIFEST
from qrules.rulesets.stamp import stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from qrules.rulesets.build import Build


_SUCH = {"arch": '"x86_64"', "qemu": '"10.0"'}


class Entry(NamedTuple):
    """A target that a rule set has knowledge of."""

    version: str
    arch: str


class Store:
    """The compiled form of one rule set. A target is compiled when it is first asked for."""

    def __init__(
        self, root: Path | str | None = None, progress: Callable[[str], None] | None = None, packed: str | None = None
    ) -> None:
        """`root` is a folder of rules (None: the shipped ones), `packed` where a package may have them compiled."""
        self.root = None if root is None else str(root)
        self._progress = progress
        self._build: Build | None = None
        self._lock = RLock()  # of all that is made once: the parser and the cache serve one thread at a time
        self._memory: dict[str, dict[str, Any]] = {}  # what was made, by target or schema
        self._as_read: dict[tuple[str, str], Any] = {}  # pieces of it, as they are read where they were kept
        self._listed: dict[str, Any] | None = None
        if root is None:
            packed = paths.compiled()
        self._packed = packed is not None and os.path.exists(cache.piece_path(packed, "", MANIFEST))
        self._folder: str | None = packed if self._packed else None  # None: nothing is kept, or it is not known yet
        self._digest = cache.packed_digest(str(packed)) if self._packed else ""
        archive = os.path.join(str(packed), ARCHIVE)
        self._archive = archive if self._packed and os.path.exists(archive) else ""  # of a wheel; else its pieces are files
        self._knowledge: dict[Entry, Knowledge] = {}
        self._text: Store | None = None
        if not self._packed:
            self._find()

    # ------------------------------------------------------------------------------ which targets
    def targets(self) -> list[Entry]:
        """All targets, by architecture and version."""
        return [Entry(version, arch) for version, arch in self._manifest()["targets"]]

    def compiled_targets(self) -> list[Entry]:
        """Those that came compiled with a package; all of them where the rules did not come so."""
        later = self._manifest().get("later", ()) if self._packed else ()
        return [target for target in self.targets() if f"{target.arch}-{target.version}" not in later]

    @property
    def digest(self) -> str:
        """What tells these rules from others, as far as it is known without reading all of them; else empty."""
        self._manifest()
        return self._digest or ""

    def resolve(self, version: str | None, arch: str | None) -> Entry:
        """The target meant by a version prefix (``10.0``) and an architecture; the newest where none is given.

        Raises `Unusable` where no target of the rule set fits, and `TypeError` for what is no text.
        """
        for name, given in (("arch", arch), ("qemu", version)):
            if given is not None and not isinstance(given, str):
                raise TypeError(f"{name} is a text, such as {_SUCH[name]}, not {type(given).__name__}")
        targets = self.targets()
        arches = list(dict.fromkeys(t.arch for t in targets))
        if arch is not None and arch not in arches:
            listed = "one of " + ", ".join(arches)
            message = f"there are no rules for the architecture '{arch}'"
            raise unusable("QR420", message, "--arch", expected=listed, hint=self._arch_meant(arch, arches))
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

    def _arch_meant(self, arch: str, arches: list[str]) -> str:
        """The architecture that another name is said to mean (``formerly``), or one that is near."""
        known = self.knowledge(self.resolve(None, None)).shared["formerly"].get(arch, ()) if arches else ()
        return did_you_mean(next((name for name in known if name in arches), arch), arches)

    def _preferred(self, arches: list[str]) -> str:
        preferred: str | None = self._manifest().get("preferred")
        return preferred if preferred in arches else arches[0]

    def versions_with(self, arch: str, name: str) -> tuple[str, ...]:
        """The versions of an architecture whose catalogues have a type that at least one of them has."""
        versions = tuple(t.version for t in self.targets() if t.arch == arch)
        if len(versions) < 2:
            return versions
        partial: dict[str, list[str]] = self._made(cache.HOMES, f"partial-{arch}", lambda: self._compiler().homes())
        return tuple(partial.get(name, versions))

    def older(self, entry: Entry) -> Iterator[Knowledge]:
        """The knowledge of the versions before a target's, of the same architecture, the oldest first.

        None is read before its turn.
        """
        before = [t for t in self.targets() if t.arch == entry.arch]
        yield from (self.knowledge(t) for t in before[: before.index(entry)])

    def knowledge(self, entry: Entry) -> Knowledge:
        """The knowledge of a target; its pieces are read or compiled when first asked for, which may raise `Unusable`."""
        with self._lock:
            if entry not in self._knowledge:
                self._knowledge[entry] = Knowledge(entry.version, entry.arch, lambda name: self._piece(entry, name))
            return self._knowledge[entry]

    def compiled(self, entry: Entry) -> None:
        """Sees to it that a target is compiled, with its schemas. Raises `Unusable` with every problem found."""
        problems: list[Diagnostic] = []
        for name in ("shared", *(f"{schema}/index" for schema in self._piece(entry, "schema"))):
            try:
                self._piece(entry, name)
            except Unusable as error:
                problems += error.diagnostics
        if problems:
            raise Unusable(problems)

    # ------------------------------------------------------------------------------ files
    def _find(self) -> None:
        """Looks where the compiled form of the rules as they are now stands, if it does."""
        home = cache.usable()
        now = stamp(self._source()) if home is not None else None
        digest = cache.seen(home, now.digest) if home is not None and now is not None else None
        if home is not None and digest is not None:
            self._digest, self._folder = digest, os.path.join(home, digest)

    def _manifest(self) -> dict[str, Any]:
        if self._listed is None:
            with self._lock:
                if self._listed is None:
                    kept = self._kept("", MANIFEST)
                    self._listed = kept if kept is not None else self._list()
        return self._listed

    def _kept(self, target: str, name: str) -> Any:
        """A piece that was kept; None where there is none. Raises `Unusable` (QR506) where a package lacks it."""
        found = self._read(target, name)
        if found is None and self._packed:
            path = cache.piece_path(str(self._folder), target, name)
            raise unusable("QR506", "the compiled rules can't be read", path, hint="install qrules again")
        if found is None and self._build is None:
            self._compiler()
            found = self._read(target, name)
        return found

    def _read(self, target: str, name: str) -> Any:
        if self._archive and target:
            return laid_out.read(self._archive, self._digest, target, name)
        return cache.read(self._folder, self._digest, target, name, self._packed) if self._folder is not None else None

    def _list(self) -> dict[str, Any]:
        manifest = self._compiler().manifest()
        self._keep(lambda folder: keeping().write_manifest(manifest, folder, self._digest))
        return manifest

    def _piece(self, entry: Entry, name: str) -> Any:
        """A piece of a target; ``schema`` lists the target's schema files, whose pieces are asked for as SCHEMA/NAME.

        ``homes`` tells of types and machines which targets have them: the same for all.
        """
        if name == "schema":
            return self._manifest()["schemas"].get(f"{entry.arch}-{entry.version}", [])
        if name == "homes":
            found: dict[str, dict[str, list[int]]] = self._made(cache.HOMES, "homes", lambda: self._compiler().homes())
            return {**found, "targets": self.targets()}
        if self._packed and f"{entry.arch}-{entry.version}" in self._manifest().get("later", ()):
            return self._unpacked()._piece(entry, name)
        schema, _, own = name.rpartition("/")
        if schema:
            return self._made(cache.schema_name(schema), own, lambda: self._compiler().schema_pieces(schema))
        return self._made(cache.target_name(*entry), own, lambda: self._compiler().pieces(entry.version, entry.arch))

    def _unpacked(self) -> Store:
        """The same rules as text: for targets that the package does not bring compiled, which the user's cache keeps then."""
        if self._text is None:
            from pathlib import Path

            self._text = Store(Path(self._source()), self._progress)
        return self._text

    def _made(self, target: str, name: str, make: Callable[[], dict[str, Any]]) -> Any:
        """A piece of a target or schema, all of whose pieces are made when one is missing."""
        with self._lock:
            if target not in self._memory:
                found = self._kept(target, name)
                if found is not None:
                    return found
                self._compile(target, make())
            if (target, name) not in self._as_read:
                self._as_read[target, name] = tables.read(tables.written(self._memory[target][name]))
            return self._as_read[target, name]

    def _compile(self, target: str, pieces: dict[str, Any]) -> None:
        self._keep(lambda folder: keeping().write_pieces(pieces, folder, self._digest, target))
        self._memory[target] = pieces

    def _keep(self, act: Callable[[Path], None]) -> None:
        """Keeps something of the compiled form; where that can't be done it lives for the process."""
        import contextlib
        from pathlib import Path

        if self._folder is not None:
            with contextlib.suppress(OSError):
                act(Path(self._folder))

    def _compiler(self) -> Build:
        """Reads the rules. From here on it is their digest that says where the compiled form stands. Raises `Unusable`."""
        if self._build is None:
            import time
            from pathlib import Path

            try:
                from qrules.rulesets.build import Build
            except ImportError as error:  # of a package without what its rules are compiled with
                raise unusable(
                    "QR512",
                    "these rules are not compiled here, and what compiles them is not there",
                    self._source(),
                    hint="install qrules on a machine of your own, and ask that",
                ) from error

            began, before = time.time_ns(), stamp(self._source())
            build = Build(Path(self._source()), self._progress)
            if self._digest not in ("", build.digest):
                raise unusable("QR506", "the rules were changed since they were first read", self._source(), hint="ask again")
            home = keeping().made_home()
            self._build, self._digest = build, build.digest
            self._folder = os.path.join(home, build.digest) if home is not None else None
            if home is not None and before is not None and before == stamp(self._source()):
                keeping().note(home, before, began, build.digest)
        return self._build

    def _source(self) -> str:
        return paths.data("rules") if self.root is None else str(self.root)


def keeping() -> Any:
    """What writes; nobody who only asks loads it."""
    from qrules.rulesets import keeping

    return keeping


_FOLDERS = 4  # of one's own whose rules stay open
_stores: dict[str | None, Store] = {}
_opening = RLock()


def open_store(rules: str | None = None, progress: Callable[[str], None] | None = None) -> Store:
    """The store of the shipped rules, of a shipped rule set that stands apart, or of a folder. Raises `Unusable`."""
    with _opening:
        if rules not in _stores:
            if len(_stores) > _FOLDERS:
                del _stores[next(name for name in _stores if name is not None)]
            _stores[rules] = Store(None, progress) if rules is None else _of_folder(rules, progress)
        return _stores[rules]


def _of_folder(rules: str, progress: Callable[[str], None] | None) -> Store:
    """The store of a folder, or of a shipped rule set that stands apart. Raises `Unusable` where there is none."""
    own = None if os.path.exists(rules) else paths.apart(rules)
    if own is None and not os.path.exists(rules):
        from pathlib import Path

        from qrules.knowledge import sources

        sources.read(Path(rules))  # tells that
    return Store(os.path.realpath(own or rules), progress, paths.compiled(rules) if own is not None else None)
