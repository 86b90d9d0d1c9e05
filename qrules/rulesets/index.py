"""A page that leads to the rule files of a folder: what each is about, what it describes, how many rules it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from qrules.language import tree
from qrules.language.files import content, found
from qrules.language.reader import read_bytes
from qrules.paths import rules_folder
from qrules.rulesets.lint import refusing

_SENTENCE_END = re.compile(r"\.(?= [A-Z]|$)")
_CATALOGUE = re.compile(r"^catalogue ", re.MULTILINE)


class Entry(NamedTuple):
    """One rule file. `path` is relative to the folder, `about` the first sentence of its head comment.

    `described` are the names by sort, such as ``("devices", ("card", "disk"))``; `rules` counts whatever can refuse.
    """

    path: str
    about: str
    described: tuple[tuple[str, tuple[str, ...]], ...]
    rules: int
    tests: int


def entries(root: Path | None = None) -> list[Entry]:
    """All rule files of a folder (none: the shipped rules), by path; of catalogues no more than what they are about.

    Raises `Unusable` where a file can't be read.
    """
    folder = root or rules_folder()
    base = folder if folder.is_dir() else folder.parent
    return [_entry(path, str(path.relative_to(base))) for path in sorted(found(folder, apart=True))]


def _entry(path: Path, shown: str) -> Entry:
    raw = content(path, shown)
    text = raw.decode("utf-8", "replace")
    if _CATALOGUE.search(text):  # thousands of lines, which only list
        return Entry(shown, _about(text), (), 0, 0)
    said = list(read_bytes(raw, shown))
    described = tuple((sort, names) for sort, names in _described(said) if names)
    tests = sum(1 for s in said if isinstance(s, tree.Test))
    return Entry(shown, _about(text), described, sum(1 for _ in refusing(said)), tests)


def _about(text: str) -> str:
    """The first sentence of the comment that a file begins with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#").strip())
    comment = " ".join(lines)
    end = _SENTENCE_END.search(comment)
    return comment[: end.end()] if end else comment


def _described(said: list[tree.Statement]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the statements of a file speak of; for a group that stands in the same file, its members."""
    groups = {s.name.text: tuple(m.text for m in s.members) for s in said if isinstance(s, tree.Group)}
    for sort, what in (("machines", "machine"), ("buses", "bus"), ("devices", "device")):
        named = [n.text for s in said if isinstance(s, tree.Block) and s.what == what for n in s.names if n.text != what]
        if what == "device":
            named += [b.kind.text for s in said if isinstance(s, tree.Rule) for b in s.binders[:1]]
        yield sort, _sorted(member for name in named for member in groups.get(name, (name,)))
    yield "options", _sorted(option for s in said for option in _options(s))


def _options(statement: tree.Statement) -> Iterable[str]:
    match statement:
        case tree.Shorthand(option=option):
            return (option,)
        case tree.OptionList(options=options):
            return options
        case tree.Backend(options=named):
            return (option for option, *_ in named)
        case _:
            return ()


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=lambda n: (n.casefold(), n)))


# ------------------------------------------------------------------------------------- as a page
def page(found: list[Entry]) -> str:
    """The entries as Markdown, folder by folder."""
    return "\n".join(page_lines(found)) + "\n"


def page_lines(found: list[Entry]) -> list[str]:
    """The same line by line."""
    lines = [
        "# Rule files",
        "",
        "What each file is about, what it describes, and how many rules, claims, addresses and refusals it has.",
        "Search this page for a device, a bus, a machine or an option to find its rules. `qrules rules index` prints it.",
    ]
    folder = None
    for entry in found:
        parent = str(Path(entry.path).parent)
        if parent != folder:
            folder = parent
            lines += ["", f"## {folder}", ""]
        lines.append(f"- [{Path(entry.path).name}]({entry.path}){_counted(entry)}: {entry.about}".rstrip(": "))
        lines += [f"  - {sort}: {', '.join(f'`{n}`' for n in names)}" for sort, names in entry.described]
    return lines


def _counted(entry: Entry) -> str:
    counts = [f"{n} {word if n > 1 else word[:-1]}" for n, word in ((entry.rules, "rules"), (entry.tests, "tests")) if n]
    return f" ({', '.join(counts)})" if counts else ""
