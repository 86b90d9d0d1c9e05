"""Rule text for what a release changes, to start from: words and ranges, never a verdict on why.

A person says what the emulator's source says: reasons, conditions and sources. A draft has a hole for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qrules.knowledge.model import Knowledge
from qrules.qemu.release import Group, Release

_HOLE = "..."
_ACCEPTED = ("accept", "taken")


class Draft(NamedTuple):
    """Lines of rule text, and what they are about."""

    about: str
    lines: tuple[str, ...]


def drafts(found: Release, new: Knowledge) -> list[Draft]:
    """A draft for each group that is new, and one for each new type that needs none but is as another one."""
    fresh = set(found.fresh)
    result = []
    for group in found.groups:
        if not group.older:
            result.append(Draft(_about(group), tuple(_lines(group, found, fresh, new))))
    return result


def _about(group: Group) -> str:
    on = ", ".join(group.types[:3]) or ", ".join(group.machines[:3])
    return f"{group.what or group.how} of {on}: {group.binary or 'nothing'}"


def _lines(group: Group, found: Release, fresh: set[str], new: Knowledge) -> Iterator[str]:
    between = f"machine.qemu since {_series(found.old)} .. {_series(found.new)}"
    words, own = _words(group.binary), _words(group.rules)
    if group.types and set(group.types) <= fresh:
        yield from _of_new_types(group, words, new)
    elif group.what == "message" or (group.how == "plug" and group.rules not in _ACCEPTED and group.binary not in _ACCEPTED):
        at = f"  # {group.where[0]}" if group.where else ""
        yield f"says ({_text(words)} when {between}{at}"
        yield f"      else {_text(own)})"
    elif group.what == "verdict" or group.how == "plug":
        refused = not group.binary.startswith(_ACCEPTED)
        yield f"# {'refused' if refused else 'taken'} by {found.new}, and by the rules {group.rules or 'nothing'}"
        if refused:
            yield from _stub(
                f"device {', '.join(_name(t) for t in group.types)}" if group.types else "machine " + _HOLE, words, between
            )
        else:
            yield f"  when {_HOLE} and not ({between})" + (f"  # {group.where[0]}" if group.where else "")
    else:
        yield f"has {_HOLE} when {between}  # {group.binary or 'gone'}"


def _of_new_types(group: Group, words: str, new: Knowledge) -> Iterator[str]:
    like = _siblings(group.types, new)
    for name, others in like.items():
        if others:
            yield f"# {name} may be as {', '.join(others[:3])}"
    if group.binary.startswith(_ACCEPTED):
        yield f"# taken, where the rules say: {group.rules}"
        return
    yield from _stub(f"device {', '.join(_name(t) for t in group.types)}", words, "")


def _stub(head: str, words: str, between: str) -> Iterator[str]:
    yield head
    yield f"  rule {_HOLE}"
    yield from ((f"    when {between}",) if between else ())
    yield f"    require {_HOLE}"
    yield f'    because "{_HOLE}"'
    yield f"    says {_text(words)}"
    yield f"    see qemu:{_HOLE}"


def _siblings(names: tuple[str, ...], new: Knowledge) -> dict[str, list[str]]:
    """Types that rules describe, and that have the same parent or begin alike: the nearest first."""
    types, kinds = new.shared["types"], new.shared["kinds"]
    found = {}
    for name in names:
        line = types[name][2] if name in types else []
        alike = [
            o for o, facts in types.items() if o != name and facts[0] == "user" and facts[2][1:2] == line[1:2] and o in kinds
        ]
        stem = name.rsplit("-", 2)[0]
        found[name] = sorted(alike, key=lambda o: (not o.startswith(stem), o))[:3]
    return found


def _words(said: str) -> str:
    """What was said behind a verdict."""
    for word in ("reject ", "accept "):
        said = said.removeprefix(word)
    return said


def _text(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("{", "{{").replace("}", "}}") + '"'


def _name(word: str) -> str:
    import re

    return word if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*", word) else f'"{word}"'


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])
