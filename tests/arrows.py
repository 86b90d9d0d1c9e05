"""Who imports whom in a package: its files, its rooms, its circles, and how long its files and functions are.

A *room* is a folder of the package, or a file beside its folders; the package's own ``__init__`` is the front of `api`. An arrow
is drawn wherever a file imports another one: at its top, inside functions, and for types alone. Modules that are loaded by a name
put together at run time (the verbs of the command line) draw none.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

HEADING = "The order of the rooms"


class Arrow(NamedTuple):
    """One import: the file that says it, the line where it does, and what it names, both as dotted modules."""

    of: str
    line: int
    to: str

    def __str__(self) -> str:
        return f"{self.of} (line {self.line}) imports {self.to}"


class Function(NamedTuple):
    """A function or method. `public`: no underscore before its name nor its class's, and not inside another function."""

    file: Path
    name: str
    line: int
    lines: int
    public: bool
    told: bool


class House:
    """A package read from its folder. `modules` has each dotted name with its file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, folder.name
        files = sorted(path for path in folder.rglob("*.py") if "_data" not in path.parts)
        self.modules = {self._module(path): path for path in files}
        self.trees = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in self.modules.items()}
        self.arrows = list(dict.fromkeys(arrow for module in self.modules for arrow in self._arrows(module)))

    def _module(self, path: Path) -> str:
        parts = path.relative_to(self.folder.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def _arrows(self, module: str) -> Iterator[Arrow]:
        for node in ast.walk(self.trees[module]):
            for named in self._named(module, node):
                if named in self.modules and named != module:
                    yield Arrow(module, getattr(node, "lineno", 0), named)

    def _named(self, module: str, node: ast.AST) -> Iterator[str]:
        """The modules that a statement imports: of ``from a import b`` a.b where that is a module, else a."""
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module.split(".") if self.modules[module].name == "__init__.py" else module.split(".")[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])
            for alias in node.names:
                yield inner if (inner := f"{base}.{alias.name}") in self.modules else base

    def room(self, module: str) -> str:
        return module.split(".")[1] if "." in module else "api"

    @property
    def rooms(self) -> set[str]:
        return {self.room(module) for module in self.modules}

    def between_rooms(self) -> list[Arrow]:
        return [a for a in self.arrows if self.room(a.of) != self.room(a.to)]

    def upward(self, order: Iterable[str]) -> list[Arrow]:
        """The arrows from a room to one that stands below it in `order`. What the order does not name is passed over."""
        at = {room: number for number, room in enumerate(order)}
        return [
            a
            for a in self.between_rooms()
            if (of := at.get(self.room(a.of))) is not None and (to := at.get(self.room(a.to))) is not None and to > of
        ]

    def circles(self) -> list[list[str]]:
        """Files that import each other, over however many others; each circle with all of its files."""
        uses: dict[str, set[str]] = defaultdict(set)
        for arrow in self.arrows:
            uses[arrow.of].add(arrow.to)
        return [sorted(group) for group in knots(self.modules, uses) if len(group) > 1]

    def functions(self) -> list[Function]:
        return [f for module, path in self.modules.items() for f in _functions(self.trees[module], path, True, False)]

    def lines(self) -> dict[Path, int]:
        return {path: len(path.read_text(encoding="utf-8").splitlines()) for path in self.modules.values()}


def _functions(tree: ast.AST, file: Path, public: bool, inside: bool) -> Iterator[Function]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            open_ = public and not inside and not node.name.startswith("_")
            yield Function(file, node.name, node.lineno, length, open_, ast.get_docstring(node) is not None)
            yield from _functions(node, file, False, True)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, file, public and not node.name.startswith("_"), inside)
        else:
            yield from _functions(node, file, public, inside)


def knots(names: Iterable[str], uses: Mapping[str, set[str]]) -> list[set[str]]:
    """The strongly connected components: names that reach each other. Those that stand alone are there too."""
    reach = {name: _reached(name, uses) for name in names}
    left, found = dict.fromkeys(reach), []
    while left:
        name = next(iter(left))
        group = {name} | {other for other in reach[name] if name in reach.get(other, ())}
        found.append(group)
        for member in group:
            left.pop(member, None)
    return found


def _reached(name: str, uses: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = uses.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def order(architecture: str) -> list[str]:
    """The rooms of the table below the heading sentence, from the ground up; of those in one row the first is the lowest.

    Empty where the text has no such table.
    """
    _, found, rest = architecture.partition(HEADING)
    rows = iter(rest.splitlines() if found else ())
    table: list[str] = []
    for line in rows:
        if line.startswith("|"):
            table.append(line)
        elif table:
            break
    return [room for row in table for room in re.findall(r"`([\w.]+)`", row.split("|")[1])]


def best_order(house: House) -> list[str]:
    """An order of the rooms against which the fewest arrows run: found exactly, for each knot of rooms by itself."""
    weights: dict[tuple[str, str], int] = defaultdict(int)
    uses: dict[str, set[str]] = {room: set() for room in house.rooms}
    for arrow in house.between_rooms():
        weights[house.room(arrow.of), house.room(arrow.to)] += 1
        uses[house.room(arrow.of)].add(house.room(arrow.to))
    groups = [sorted(group) for group in knots(uses, uses)]
    of = {room: number for number, group in enumerate(groups) for room in group}
    above = {n: {of[to] for room in group for to in uses[room]} - {n} for n, group in enumerate(groups)}
    return [room for number in TopologicalSorter(above).static_order() for room in _least(groups[number], weights)]


def _least(group: list[str], weights: Mapping[tuple[str, str], int]) -> list[str]:
    """The cheapest order of a few rooms: for each set of them that may stand first, the cheapest last one."""
    full = (1 << len(group)) - 1
    cost: list[float] = [0] + [float("inf")] * full
    last = [-1] * (full + 1)
    pairs = [[weights.get((a, b), 0) for b in group] for a in group]
    for chosen in range(full):
        for room, row in enumerate(pairs):
            if not chosen >> room & 1:
                against = sum(w for other, w in enumerate(row) if w and other != room and not chosen >> other & 1)
                more = chosen | 1 << room
                if cost[chosen] + against < cost[more]:
                    cost[more], last[more] = cost[chosen] + against, room
    found: list[str] = []
    while full:
        found.append(group[last[full]])
        full &= ~(1 << last[full])
    return found[::-1]


def path_of(circle: list[str], house: House) -> str:
    """One way round a circle, with the lines that import: what to look at first."""
    arrows: dict[str, dict[str, Arrow]] = defaultdict(dict)
    for arrow in house.arrows:
        if arrow.of in circle and arrow.to in circle:
            arrows[arrow.of].setdefault(arrow.to, arrow)
    ways = [[circle[0]]]
    seen: set[str] = set()
    for way in ways:
        for to in sorted(arrows[way[-1]]):
            if to == circle[0]:
                return "; ".join(str(arrows[a][b]) for a, b in pairwise([*way, to]))
            if to not in seen:
                seen.add(to)
                ways.append([*way, to])
    return ", ".join(circle)
