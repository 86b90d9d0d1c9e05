"""A topology as a tree for the terminal: lines of boxes where the stream can show them, plain ASCII where it can't."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.explain.picture import BusNode, DeviceNode, Topology, bus_runs, device_runs, span, split
from qrules.records import NamedTuple
from qrules.report.style import Style, width, wrapped
from qrules.visible import BREAK, printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

FREE = 5  # ranges of free places that are listed of one bus


class Glyphs(NamedTuple):
    """What the lines are made of, and the marks of the user's devices and of added ones."""

    branch: str
    last: str
    through: str
    blank: str
    times: str
    yours: str
    added: str


BOXES = Glyphs("├─ ", "└─ ", "│  ", "   ", "×", "●", "✚")
PLAIN = Glyphs("|- ", "`- ", "|  ", "   ", "x", "*", "+")


def glyphs(stream: TextIO) -> Glyphs:
    """Boxes where the stream's encoding has them."""
    try:
        "".join(BOXES).encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return BOXES


def tree(drawn: Topology, style: Style, signs: Glyphs = BOXES) -> str:
    """The machine at the top, buses and devices in turn below it; at the end what the marks mean."""
    drawer = _Tree(style, signs)
    head = f"{style(printable(drawn.machine), 'bold')}  {style(printable(f'{drawn.arch}, QEMU {drawn.qemu}'), 'dim')}"
    lines = [head, *drawer.below([drawer.buses(run) for run in bus_runs(drawn.roots)], "")]
    if drawn.busless:
        rows = [drawer.device(run, 0) for run in device_runs(drawn.busless)]
        lines += [style("on no bus", "bold"), *drawer.below(rows, "")]
    return BREAK.join([*lines, *drawer.legend()])


DEEPEST = 64  # levels that are drawn further in
_Row = tuple["str | list[str]", "list[_Row]"]  # a line, or names to be listed in one, and what is below it


class _Tree:
    def __init__(self, style: Style, signs: Glyphs) -> None:
        self.style, self.signs = style, signs
        self.used: set[str] = set()

    def below(self, rows: list[_Row], indent: str) -> Iterator[str]:
        """The lines of branches. A stack of our own: bridges can stand behind bridges as deep as bus numbers go.

        Beyond `DEEPEST` levels a line says its level instead of going further in: output is linear in what is drawn.
        """
        stack = [(row, indent, at == len(rows) - 1, 1) for at, row in reversed(list(enumerate(rows)))]
        while stack:
            (line, under), before, last, level = stack.pop()
            deeper = before + (self.signs.blank if last else self.signs.through) if level < DEEPEST else before
            first, *more = self._fitted(line, len(deeper))
            sign = (self.signs.last if last else self.signs.branch) + (f"({level}) " if level > DEEPEST else "")
            yield self.style(before + sign, "dim") + first
            yield from (self.style(deeper, "dim") + part for part in more)
            stack += [(row, deeper, at == len(under) - 1, level + 1) for at, row in reversed(list(enumerate(under)))]

    def _fitted(self, line: str | list[str], indent: int) -> list[str]:
        """The line itself; a list of names in as many lines as it takes."""
        if isinstance(line, str):
            return [line]
        joined = wrapped(", ".join(name.replace(" ", "\0") for name in line), columns=max(40, width() - indent))
        return [self.style(part, "dim") for part in joined.replace("\0", " ").split(BREAK)]

    def _counted(self, name: str, count: int) -> str:
        return printable(name) if count == 1 else f"{printable(name)} {self.signs.times} {count}"

    def buses(self, run: tuple[BusNode, ...]) -> _Row:
        """A bus, or several that are alike and empty."""
        bus = run[0]
        name = self.style(span(printable(bus.id), printable(run[-1].id)), "bold", "cyan")
        facts = [bus.type, *(["hot-plug"] if bus.hotpluggable else [])]
        line = f"{name}  {self.style(printable(', '.join(facts)), 'dim')}"
        if bus.slots is not None:
            room = f"{'each ' if len(run) > 1 else ''}{bus.slots.free} of {bus.slots.total} free"
            where = printable(", ".join(bus.free[:FREE])) + (", ..." if len(bus.free) > FREE else "") if len(run) == 1 else ""
            line += "  " + self.style(room + (f": {where}" if where else ""), "green" if bus.slots.free else "red")
        small, runs = split(bus)
        wide = max((len(_address(r)) for r in runs), default=0)
        rows = [self.device(r, wide) for r in runs]
        return line, [([self._counted(name, n) for name, n in small], []), *rows] if small else rows

    def device(self, run: tuple[DeviceNode, ...], wide: int) -> _Row:
        """A device, or neighbours that are alike."""
        device = run[0]
        mark = {"config": self.signs.yours, "added": self.signs.added}.get(device.by, "")
        self.used.add(device.by)
        paint = {"config": ("bold",), "added": ("bold", "green")}.get(device.by, ())
        name = self.style(self._counted(device.type, len(run)), *paint)
        if device.id is not None:
            name += " " + self.style(span(f"'{printable(device.id)}'", f"'{printable(run[-1].id or '')}'"), *paint)
        line = f"{mark} {name}" if mark else name
        if wide:
            line = self.style(_address(run).ljust(wide), "yellow") + "  " + line
        if len(run) == 1:
            return line, [self.buses(r) for r in bus_runs(device.buses)]
        return line, [self.buses((first, last)) for first, last in zip(device.buses, run[-1].buses, strict=True)]

    def legend(self) -> list[str]:
        """What the marks mean, those that occur."""
        told = [f"{self.signs.yours} of your config"] if "config" in self.used else []
        told += [f"{self.signs.added} added"] if "added" in self.used else []
        return ["", self.style("   ".join(told), "dim")] if told else []


def _address(run: tuple[DeviceNode, ...]) -> str:
    return span(printable(run[0].address), printable(run[-1].address)) if run[0].address else ""
