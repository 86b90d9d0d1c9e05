"""Boards are built again where something has changed that they look at, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qrules.diagnostics import Unusable
from qrules.rulesets import build, keeping
from qrules.rulesets.looking import Looking, Looks, digest_of_seen
from tests.rulesets.test_budgets import BOARD, MACHINE

RULES = (
    BOARD.replace("type card ", "type tape is device on wide\ntype card ", 1)
    + 'device card\n  rule odd\n    forbid width = 3\n    because "it is odd"\n'
    + "device tape\n  room = 1\n"
    + MACHINE
    + "  has card on wide.0\n"
)


def pieces() -> dict[str, Any]:
    return {
        "shared": {"kinds": {"a": [1], "b": [2]}, "types": {"t": ["user"]}, "watched": []},
        "notes": {"files": ["f"], "entries": {"0": [0, 7, "name", "p", "because"], "1": [0, 9, "other", "p", "because"]}},
        "machines": {"m": [1]},
        "family-0": {"x": 1},
        "phrases": {"y": 1},
    }


def looked_at() -> dict[str, Any]:
    looking = Looking(pieces())
    assert looking.load("shared")["kinds"]["a"] == [1]
    assert "c" not in looking.load("shared")["kinds"]
    looking.load("machines")
    assert looking.load("notes")["entries"]["0"][2] == "name"
    return looking.seen()


def changed(*path: str, value: Any) -> dict[str, Any]:
    made = pieces()
    at: Any = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return made


@pytest.mark.parametrize(
    ("made", "same"),
    [
        (pieces(), True),
        (changed("shared", "kinds", "b", value=[3]), True),
        (changed("shared", "types", "t", value=["internal"]), True),
        (changed("family-0", value={}), True),
        (changed("phrases", value={}), True),
        (changed("notes", "entries", "1", value=[0, 9, "another", "p", ""]), True),
        (changed("notes", "entries", "0", value=[0, 8, "name", "p", "because"]), True),  # it has moved
        (changed("notes", "entries", "0", value=[0, 7, "names", "p", "because"]), False),
        (changed("shared", "kinds", "a", value=[2]), False),
        (changed("shared", "kinds", "c", value=[]), False),
        (changed("shared", "watched", value=["a"]), False),
        (changed("machines", value={}), False),
    ],
)
def test_what_was_looked_at_decides(made: dict[str, Any], same: bool) -> None:
    seen = looked_at()
    assert (digest_of_seen(made, seen) == digest_of_seen(pieces(), seen)) is same


def test_a_table_that_is_walked_through_is_looked_at_as_a_whole() -> None:
    for walk in (list, len, lambda table: dict(table.items())):
        table = Looks({"a": 1})
        walk(table)
        assert table.whole
    table = Looks({"a": 1})
    assert (table.get("a"), table.get("b"), table.whole, table.names) == (1, None, False, {"a", "b"})


def test_boards_are_built_again_only_where_something_of_them_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert keeping.made_home() is not None
    built: list[str] = []
    real = build.clashes
    monkeypatch.setattr(build, "clashes", lambda *args: built.append("") or real(*args))
    rules = tmp_path / "rules.qr"

    def compiled(text: str) -> dict[str, Any]:
        rules.write_text(text)
        return build.Build(rules).pieces("1.0", "toy")

    first = compiled(RULES)
    assert len(built) == 1
    assert compiled(RULES) == first
    compiled(RULES.replace("it is odd", "it is very odd"))
    compiled("# a line more\n" + RULES)
    compiled(RULES.replace("room = 1", "room = 2"))
    assert len(built) == 1
    compiled(RULES.replace("has card", "has tape"))
    compiled(RULES.replace("width = 3", "width = 4"))
    assert len(built) == 3
    clash = RULES.replace("0 .. 3", "0 .. 0").replace("has card on wide.0", "has card on wide.0\n  has card on wide.0")
    for _ in range(2):  # what can't stand is told each time
        with pytest.raises(Unusable):
            compiled(clash)
    assert len(built) == 5
