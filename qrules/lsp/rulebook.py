"""The rule set that an edited file belongs to: what its files say now, what they declare, and what compiling it finds."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qrules.diagnostics import Diagnostic, Unusable
from qrules.knowledge import sources
from qrules.knowledge.sources import RuleSet, Target
from qrules.language import files, tree
from qrules.language.pieces import Pieces
from qrules.lsp.symbols import KIND, Mention, Symbol, declared, mentions
from qrules.paths import rules_folder
from qrules.rulesets import keeping
from qrules.rulesets.trees import Trees

_MOST_FOUND = 5_000
_PREFERRED = "x86_64"


class Found(NamedTuple):
    """A name in a file of the rule set."""

    path: Path
    symbol: Symbol


class Used(NamedTuple):
    """A mention of a name in a file of the rule set."""

    path: Path
    mention: Mention


def root_of(path: Path, limit: Path | None = None) -> Path:
    """The folder whose files are one rule set with a file: the shipped rules, or the highest one that has rule files beside it.

    It is never above `limit`, the folder that the editor has open.
    """
    shipped = rules_folder()
    if path.is_relative_to(shipped):
        parts = path.relative_to(shipped).parts
        return shipped / parts[0] / parts[1] if parts[0] == files.APART and len(parts) > 2 else shipped
    root = path.parent
    while root != limit and root.name != "rules" and root.parent != root and _has_rules(root.parent, root):
        root = root.parent
    return root


def _has_rules(folder: Path, but: Path) -> bool:
    try:
        return any(
            entry.suffix == ".qr" or (entry != but and entry.is_dir() and any(entry.glob("*.qr"))) for entry in folder.iterdir()
        )
    except OSError:
        return False


class Rulebook:
    """A rule set with the texts that an editor holds in place of those on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.edited: dict[Path, str] = {}
        self._trees = Trees(keeping.made_home())
        self._pieces: dict[Path, Pieces] = {}
        self._trials: dict[Path, Pieces] = {}
        self._read: dict[tuple[bytes, str], tuple[tree.Statement, ...]] = {}
        self._symbols: dict[Path, tuple[bytes, list[Symbol]]] = {}
        self._set: RuleSet | None = None
        self._by_name: dict[str, list[Found]] | None = None
        self._lock = threading.RLock()

    # ------------------------------------------------------------------------- texts
    def shown(self, path: Path) -> str:
        """What diagnostics call a file."""
        shipped = rules_folder()
        return str(Path("rules") / path.relative_to(shipped)) if path.is_relative_to(shipped) else str(path)

    def pieces(self, path: Path, text: str) -> Pieces:
        """The statements of an edited file, for the thread that reads keys; of one whose tree is kept none needs to be read."""
        if path not in self._pieces:
            made = self._pieces[path] = Pieces(self.shown(path))
            if self._trees.kept_of(text.encode()) is not None:
                made.sound(text)
        return self._pieces[path]

    def edit(self, path: Path, text: str | None) -> None:
        """What the editor has of a file from now on; None: what the disk has."""
        with self._lock:
            self._by_name = None
            if text is None:
                self.edited.pop(path, None)
                self._pieces.pop(path, None)
            else:
                self.edited[path] = text

    def stale(self) -> None:
        """Files may have changed on the disk."""
        with self._lock:
            self._set, self._by_name = None, None

    def rule_set(self) -> RuleSet:
        """The files of the set with their texts as edited. Raises `Unusable` where they are none."""
        with self._lock:
            if self._set is None:
                self._set = sources.read(self.root)
            known = {path: text.encode() for path, text in self.edited.items() if path in self._set.contents}
            return self._set._replace(contents={**self._set.contents, **known})

    def text(self, path: Path) -> str:
        """What a file says now."""
        return self.edited[path] if path in self.edited else self.rule_set().text(path)

    # ------------------------------------------------------------------------- names
    def by_name(self) -> dict[str, list[Found]]:
        """All that the files declare, by name."""
        with self._lock:
            if self._by_name is None:
                rule_set, made = self.rule_set(), defaultdict(list)
                for path, raw in rule_set.contents.items():
                    known = self._symbols.get(path)
                    if known is None or known[0] != raw:
                        known = self._symbols[path] = (raw, declared(rule_set.text(path)))
                    for symbol in known[1]:
                        made[symbol.name].append(Found(path, symbol))
                self._by_name = dict(made)
            return self._by_name

    def declarations(self, name: str, sort: str) -> list[Found]:
        """Where a name is declared as one sort, those that only say more of it last; an unknown sort is the likeliest one."""
        found = self.by_name().get(name, [])
        sorts = {f.symbol.sort for f in found}
        order = (sort, *(("attribute", "property") if sort in ("attribute", "property") else ()))
        wanted = next((s for s in (*order, *(() if sort else _LIKELY)) if s in sorts), None)
        chosen = [f for f in found if f.symbol.sort == wanted]
        if wanted is None and sort:  # the line may say less than it seems to
            chosen = [f for f in found if f.symbol.sort not in ("attribute", "property")]
        return sorted(chosen, key=lambda f: f.symbol.about)

    def uses(self, name: str, sort: str) -> Iterator[Used]:
        """All mentions of a name that are, or may be, of a sort."""
        rule_set = self.rule_set()
        encoded, count = name.encode(), 0
        for path, raw in rule_set.contents.items():
            if encoded not in raw:
                continue
            for mention in mentions(rule_set.text(path), name):
                if mention.sort in ("", sort):
                    yield Used(path, mention)
                    count += 1
                if count >= _MOST_FOUND:
                    return

    # ------------------------------------------------------------------------- compiling
    def targets_of(self, paths: list[Path], rule_set: RuleSet) -> list[Target]:
        """A target for each architecture that edited files are about, the newest version of it; one for all where that serves."""
        found: list[Target] = []
        for path in paths:
            own = [t for t, catalogue in rule_set.catalogues.items() if catalogue == path]
            about = [t for t in rule_set.catalogues if path in rule_set.contents and sources.about(rule_set.text(path), t.arch)]
            candidates = own or about or list(rule_set.catalogues)
            preferred = [t for t in candidates if t.arch == _PREFERRED] or candidates
            if preferred and not any(t in found for t in (own or preferred)):
                found.append(preferred[-1])
        return found

    def trial(self, path: Path) -> Pieces:
        """The statements of a file's text, or of one that may come in its place, for the thread that compiles."""
        return self._trials.setdefault(path, Pieces(self.shown(path)))

    def problems(self, paths: list[Path], texts: dict[Path, str] | None = None) -> list[Diagnostic]:
        """What compiling the rule set for the targets of some files finds, in all files; `texts` stand in place of theirs."""
        from qrules.rulesets.build import Build

        try:
            rule_set = self.rule_set()
            if texts is not None:
                own = {path: text.encode() for path, text in texts.items() if path in rule_set.contents}
                rule_set = rule_set._replace(contents={**rule_set.contents, **own})
            build = Build(self.root, None, rule_set, self.read)
        except Unusable as error:
            return list(error.diagnostics)
        found: list[Diagnostic] = []
        for target in self.targets_of(paths, rule_set):
            try:
                build.pieces(target.version, target.arch)
            except Unusable as error:
                found += error.diagnostics
        return list(dict.fromkeys(found))

    def loose_ends(self) -> list[Diagnostic]:
        """What lint finds in the files of the set. Raises `Unusable` where one can't be read."""
        from qrules.rulesets.lint import loose_ends

        return [Diagnostic(f.code, f.message, f.span) for f in loose_ends(self.rule_set(), self.read)]

    def read(self, raw: bytes, name: str) -> tuple[tree.Statement, ...]:
        """The statements of a file: of an edited one what changed is read, of others the kept tree. Raises `Unusable`."""
        for path in list(self.edited):
            if self.shown(path) == name:
                return self.trial(path).statements(raw.decode())
        if (raw, name) not in self._read:
            same = [key for key in self._read if key[1] == name]
            for key in same[: len(same) - 1]:  # what stands, and what is tried in its place
                self._read.pop(key, None)
            self._read[(raw, name)] = self._trees.read(raw, name)
        return self._read[(raw, name)]

    def path_of(self, name: str) -> Path | None:
        """The file that diagnostics call so."""
        return next((path for path in self.rule_set().contents if self.shown(path) == name), None)


_LIKELY = (KIND, "wish", "term", "rule", "parts", "domain", "backend", "profile", "role", "pool", "shape", "step", "stage",
           "refusal", "message", "attribute", "property")  # fmt: skip
