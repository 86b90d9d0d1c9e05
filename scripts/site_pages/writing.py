"""Markdown in which nothing of a rule set means anything but itself: escaping, file names, links, tables, pages."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from qrules.visible import printable

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_WRITTEN = re.compile(r"[^A-Za-z0-9 ,]")
_LONG = 60  # characters of a name that a file has


def text(words: str) -> str:
    """Words as they are, whatever stands in them: all that is no letter, digit, blank or comma is written as a number."""
    return _WRITTEN.sub(lambda m: f"&#{ord(m[0])};", printable(words)).strip()


def code(words: str) -> str:
    """The same in the letters of programs."""
    return f"<code>{text(words)}</code>"


def block(words: str) -> str:
    """Lines as a program prints them."""
    lines = (html.escape(printable(line)) for line in words.split("\n"))
    return "<pre><code>" + "\n".join(lines) + "</code></pre>"


def file_name(name: str) -> str:
    """A file's name for any name, the same each time, and another one for another name on every file system."""
    if _PLAIN.fullmatch(name) and name not in ("index", "readme") and not name.endswith((".md", ".")):
        return name
    kept = re.sub(r"[^a-z0-9._-]+", "-", name.lower())[:_LONG].strip("-._") or "x"
    return f"{kept}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are Markdown already; nothing where there are no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return ["", f"| {' | '.join(head)} |", "|" + "---|" * len(head), *lines, ""] if lines else []


def listed(items: Iterable[str]) -> list[str]:
    """A list of Markdown."""
    lines = [f"- {item}" for item in items]
    return ["", *lines, ""] if lines else []


class Pages:
    """The pages of a site by path (``rules/floppy.md``). `known` are those that there will be: only these are linked."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.files: dict[str, str] = {}

    def expect(self, section: str, names: Iterable[str]) -> None:
        """There will be a page for each of the names."""
        self.known |= {path(section, name) for name in names}

    def link(self, of: str, section: str, name: str, shown: str = "") -> str:
        """A link from the page `of` to that of a name; the bare name where there will be none."""
        words, to = code(name) if not shown else text(shown), path(section, name)
        return f"[{words}]({relative(of, to)})" if to in self.known else words

    def links(self, of: str, section: str, names: Iterable[str]) -> str:
        """Several names with their pages."""
        return ", ".join(self.link(of, section, name) for name in names)

    def add(self, at: str, title: str, lines: Iterable[str]) -> None:
        """A page; its title is its heading, too."""
        # The theme writes a title into HTML as it stands, its search as text: no more of it is HTML than has to be.
        named = html.escape(printable(title).replace('"', "'"), quote=False)
        head = ["---", f"title: {json.dumps(named)}", "---", "", f"# {text(title)}", ""]
        self.files[at] = "\n".join([*head, *lines]) + "\n"
        self.known.add(at)

    def write(self, folder: Path) -> None:
        """Writes all of them below a folder."""
        for at, words in self.files.items():
            place = folder / at
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(words, encoding="utf-8")


def path(section: str, name: str) -> str:
    """Where the page of a name stands."""
    return f"{section}/{file_name(name)}.md"


def relative(of: str, to: str) -> str:
    """The way from one page to another."""
    here, there = of.split("/")[:-1], to.split("/")
    while here and len(there) > 1 and here[0] == there[0]:
        here, there = here[1:], there[1:]
    return "../" * len(here) + "/".join(there)
