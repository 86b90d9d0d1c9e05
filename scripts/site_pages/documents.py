"""The documents as pages: README as the first one, docs/ as they are; links to what the site does not have become words."""

from __future__ import annotations

import posixpath
import re
import shutil
from pathlib import Path

_FENCE = re.compile(r"^(```.*?^```$|(?: {4}|\t).*$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[(?P<words>[^\]\n]+)\]\((?P<to>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)")
_MORE = """
## On this site

- guides: [my VM does not start](docs/guides/my-vm-does-not-start.md), [libvirt](docs/guides/libvirt.md),
  [a fleet](docs/guides/a-fleet.md), [your first board in 15 minutes](docs/guides/your-first-board.md),
  [a site's policy](docs/guides/a-sites-policy.md)
- made from the rules: [architectures and machines](arches/index.md), [bus kinds](buses/index.md), [device types](types/index.md),
  [rules](rules/index.md), [messages of QEMU and libvirt](messages/index.md)
"""


def sources(root: Path) -> dict[str, Path]:
    """The documents by where they stand on the site."""
    found = {"index.md": root / "README.md"}
    found |= {name: root / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md") if (root / name).exists()}
    found |= {path.relative_to(root).as_posix(): path for path in sorted((root / "docs").rglob("*.md"))}
    return found


def copy(root: Path, folder: Path, playground: str) -> None:
    """Writes them, and the pictures that they show, below a folder; the playground is linked to where it stands there."""
    known = sources(root)
    shown = (path for path in sorted((root / "docs").rglob("*")) if path.suffix in (".svg", ".png"))
    pictures = {path.relative_to(root).as_posix(): path for path in shown}
    more = [playground] if (folder / playground).exists() else []
    for at, path in {**known, **pictures}.items():
        place = folder / at
        place.parent.mkdir(parents=True, exist_ok=True)
        if at in pictures:
            shutil.copyfile(path, place)
            continue
        words = linked(path.read_text(encoding="utf-8"), at, {*known, *pictures})
        place.write_text(_with_more(words, more) if at == "index.md" else words, encoding="utf-8")


def linked(words: str, at: str, known: set[str]) -> str:
    """A document whose links lead to pages of the site; those that lead elsewhere in the repository are words."""
    return "".join(
        part if number % 2 else _LINK.sub(lambda m: _link(m, at, known), part) for number, part in enumerate(_FENCE.split(words))
    )


def _link(match: re.Match[str], at: str, known: set[str]) -> str:
    to, anchor = match["to"], match["anchor"] or ""
    if not to or ":" in to:
        return match[0]
    target = posixpath.normpath(posixpath.join(posixpath.dirname(at), to))
    target = "index.md" if target == "README.md" else target
    if target not in known:
        return match["words"]
    return f"[{match['words']}]({posixpath.relpath(target, posixpath.dirname(at) or '.')}{anchor})"


def _with_more(words: str, more: list[str]) -> str:
    """The first page with the ways into the site before its first heading of the second order."""
    head, mark, rest = words.partition("\n## ")
    played = [f"- [a machine in your browser]({at}): paste a config, see it, and what is wrong with it\n" for at in more]
    return head + "\n" + _MORE.lstrip("\n") + "".join(played) + mark + rest
