"""The house stands: rooms in the order of docs/architecture.md, no circles, nothing too long, and tests where the rooms are."""

from __future__ import annotations

from pathlib import Path

import pytest

import qrules
from tests import arrows
from tests.arrows import House

HOME = Path(qrules.__file__).parent
TESTS = Path(__file__).parent
ARCHITECTURE = TESTS.parent / "docs" / "architecture.md"
LONGEST_FILE, LONGEST_FUNCTION = 320, 45  # lines
OF_NO_ROOM = {"conformance", "docs", "fuzz", "golden", "packaging", "site"}  # tests of binaries, documents or the whole


@pytest.fixture(scope="module")
def house() -> House:
    return House(HOME)


@pytest.fixture(scope="module")
def order() -> list[str]:
    return arrows.order(ARCHITECTURE.read_text(encoding="utf-8"))


def listed(found: list[str], advice: str) -> str:
    """The message of a failed test: what to do, and then each place."""
    return "\n  ".join([advice, *found])


def test_a_room_imports_only_what_stands_above_it(house: House, order: list[str]) -> None:
    found = [f"{arrow}: {house.room(arrow.of)} stands above {house.room(arrow.to)}" for arrow in house.upward(order)]
    advice = (
        "These imports run against the table in docs/architecture.md. Move what is imported to the room that needs it or to one"
        " above, or hand it over as an argument; the table changes only where its order is wrong."
    )
    assert found == [], listed(found, advice)


def test_no_circles_among_files(house: House) -> None:
    found = [f"{len(circle)} files: {arrows.path_of(circle, house)}" for circle in house.circles()]
    advice = (
        "Files import each other, be it late or for types alone. Put what both need into a file of its own that imports neither."
    )
    assert found == [], listed(found, advice)


def test_every_room_stands_in_the_table(house: House, order: list[str]) -> None:
    missing, gone = sorted(house.rooms - set(order)), sorted(set(order) - house.rooms)
    assert len(order) == len(set(order)), "A room stands in the table of docs/architecture.md twice: say it once."
    assert missing == [], listed(missing, "These rooms of qrules/ lack a row in the table of docs/architecture.md: write one.")
    assert gone == [], listed(
        gone, "These rooms of the table in docs/architecture.md are not there in qrules/: take the rows out."
    )


def test_no_file_is_too_long(house: House) -> None:
    found = [f"{path.relative_to(HOME)}: {lines}" for path, lines in house.lines().items() if lines > LONGEST_FILE]
    assert found == [], listed(
        found, f"Files of more than {LONGEST_FILE} lines: find the second noun in each, and give it a file."
    )


def test_no_function_is_too_long(house: House) -> None:
    long = [f for f in house.functions() if f.lines > LONGEST_FUNCTION]
    found = [f"{f.file.relative_to(HOME)}:{f.line} {f.name}: {f.lines}" for f in long]
    assert found == [], listed(found, f"Functions of more than {LONGEST_FUNCTION} lines: name the steps, and call them.")


def test_tests_mirror_the_rooms(house: House) -> None:
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    found = sorted(folders - house.rooms - OF_NO_ROOM)
    assert found == [], listed(
        found, "These folders of tests/ are no rooms of qrules/: move each test to the room of what it tests."
    )


# ------------------------------------------------------------------------------ the drawing itself
FILES = {
    "__init__.py": "",
    "api.py": "from house import attic\n",
    "ground/__init__.py": "",
    "ground/floor.py": "def lay() -> None:\n    from house.attic import roof\n",
    "ground/stone.py": "from . import floor\n",
    "attic/__init__.py": "",
    "attic/roof.py": "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from house.ground import stone\n",
    "attic/beam.py": "import house.ground.floor\n",
}


@pytest.fixture
def made_up(tmp_path: Path) -> House:
    for name, text in FILES.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return House(tmp_path / "house")


def test_every_form_of_import_is_an_arrow(made_up: House) -> None:
    assert {(a.of.removeprefix("house."), a.line, a.to.removeprefix("house.")) for a in made_up.arrows} == {
        ("api", 1, "attic"),
        ("ground.floor", 2, "attic.roof"),
        ("ground.stone", 1, "ground.floor"),
        ("attic.roof", 3, "ground.stone"),
        ("attic.beam", 1, "ground.floor"),
    }


def test_circles_and_arrows_up_are_found(made_up: House) -> None:
    assert made_up.circles() == [["house.attic.roof", "house.ground.floor", "house.ground.stone"]]
    assert [a.of for a in made_up.upward(["ground", "attic", "api"])] == ["house.ground.floor"]
    assert {a.of for a in made_up.upward(["attic", "ground", "api"])} == {"house.attic.roof", "house.attic.beam"}
    assert arrows.best_order(made_up) == ["ground", "attic", "api"]


def test_the_table_is_read_in_its_order() -> None:
    text = f"| `no` |\n\n{arrows.HEADING}:\n\n| room | noun |\n|---|---|\n| `a`, `b` | `x` |\n| `c` | |\n\n| `d` |\n"
    assert arrows.order(text) == ["a", "b", "c"]
