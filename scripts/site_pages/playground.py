"""The playground: the page of `qrules open` with its engine beside it, the same package in Python compiled to WebAssembly.

`npm ci` brings Pyodide and Graphviz by the lock file in scripts/playground. All that the page loads is copied.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from qrules.domains.whole import RULES as DOMAINS
from qrules.page.assets import files
from qrules.rulesets import build

_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_GRAPHVIZ = Path("@hpcc-js", "wasm-graphviz")
_SOLVER = "constraint"  # the one package that an answer of the page may need; it is Python, compiled or not
_PACKED = "engine.tar.xz"


class Lacking(Exception):
    """npm is not there, or did not bring what its lock file names: the message says which."""


def write(root: Path, folder: Path, arches: Collection[str] | None = None) -> None:
    """Writes the whole page below a folder. `arches` limits whose rules it has (None: all that a wheel has compiled).

    Raises `Lacking` where npm can't bring what it is made of, and `Unusable` where the rules don't compile.
    """
    modules = fetched(root / "scripts" / "playground")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (content, _) in files().items():
        (folder / (name or "index.html")).write_bytes(content)
    begin = {"engine": "pyodide", "text": "", "name": "", "arch": None, "qemu": None, "libvirt": None}
    (folder / "begin.json").write_text(json.dumps(begin), encoding="utf-8")
    (folder / "graphviz").mkdir(exist_ok=True)
    shutil.copyfile(modules / _GRAPHVIZ / "dist" / "index.js", folder / "graphviz" / "index.js")
    shutil.copyfile(modules / _GRAPHVIZ / "LICENSE", folder / "graphviz" / "LICENSE")
    engine = folder / "engine"
    engine.mkdir(exist_ok=True)
    for name in _PYODIDE:
        shutil.copyfile(modules / "pyodide" / name, engine / name)
    _pack(root, engine / _PACKED, arches)
    sizes = {name: (engine / name).stat().st_size for name in (*_PYODIDE, _PACKED)}
    (engine / "sizes.json").write_text(json.dumps(sizes), encoding="utf-8")


def fetched(home: Path) -> Path:
    """The folder of the packages that the lock file names. Raises `Lacking`."""
    modules = home / "node_modules"
    if _versions(modules / ".package-lock.json") == _versions(home / "package-lock.json"):
        return modules
    npm = shutil.which("npm")
    if npm is None:
        raise Lacking("there is no npm, which brings Pyodide and Graphviz")
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Lacking(f"npm brought nothing: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
    return modules


def _versions(lock: Path) -> dict[str, str]:
    """The packages of a lock file, or of that which npm leaves beside what it brought; none where there is no such file."""
    if not lock.exists():
        return {}
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {name: package["version"] for name, package in packages.items() if name}


# ------------------------------------------------------------------------------------- the engine
def _pack(root: Path, to: Path, arches: Collection[str] | None) -> None:
    """The package as a wheel has it, and the solver's: files that are nearly alike take a twentieth in one archive."""
    with tempfile.TemporaryDirectory(prefix="qrules-playground-") as scratch, tarfile.open(to, "w:xz", preset=9) as archive:
        for name, path in sorted(_contents(root, Path(scratch), arches)):
            archive.add(path, name, recursive=False, filter=_plain)


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry that tells nothing of the machine that packed it."""
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname, entry.mode = 0, 0, 0, "", "", 0o644
    return entry


def _contents(root: Path, scratch: Path, arches: Collection[str] | None) -> Iterator[tuple[str, Path]]:
    """Names in the archive, and the files that they stand for."""
    data = Path("qrules", "_data")
    rules = root / "rules"
    own = rules / "rule-sets" / DOMAINS
    build.write_rule_set(rules, scratch / "compiled", arches)
    build.write_rule_set(own, scratch / f"compiled-{DOMAINS}")
    for folder in ("compiled", f"compiled-{DOMAINS}"):
        yield from _below(scratch / folder, data / folder, "*.json")
    readme = scratch / "README"
    readme.write_text("The rules of this folder came compiled.\n", encoding="utf-8")
    yield str(data / "rules" / "rule-sets" / DOMAINS / "README"), readme
    yield from _below(root / "qrules", Path("qrules"), "*.py")
    found = importlib.util.find_spec(_SOLVER)
    assert found is not None
    assert found.origin is not None
    yield from _below(Path(found.origin).parent, Path(_SOLVER), "*.py")


def _below(folder: Path, name: Path, pattern: str) -> Iterator[tuple[str, Path]]:
    yield from ((str(name / path.relative_to(folder)), path) for path in folder.rglob(pattern) if "_data" not in path.parts)
