"""A topology in Graphviz's language: a card a bus, a row a device or what is free, a line from a device to each bus of it.

The text is written here, since it is a few tables; the layout is Graphviz's (`svg`). Same topology, same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qrules.diagnostics import unusable
from qrules.explain.picture import BusNode, DeviceNode, Topology, bus_runs, device_runs, span, split
from qrules.records import NamedTuple
from qrules.visible import printable

_LONG = 40  # characters of a name that are drawn
_LONGEST = 100  # of a text between tags: Graphviz takes no more than 16 KiB of it
_WIDE = 44  # characters of a line of names
_FREE = 4  # ranges of free places that are drawn of one bus
_SMALL = 2  # places up to which the buses of one device share a card
_SEVERAL = 3  # so many ports in a row share a card
_SECONDS = 120  # that Graphviz gets

_FIXED = "Courier,monospace"
_INK, _FAINT, _LINE = "#0f172a", "#64748b", "#94a3b8"
_HEAD = "#1e3a5f"
_PAPER = {"machine": "#f1f5f9", "config": "#dbeafe", "added": "#dcfce7", "free": "#ffffff"}
_LEGEND = {"machine": "the machine's own", "config": "of the config", "added": "added", "free": "free"}


def dot(drawn: Topology) -> str:
    """The whole graph."""
    writer = _Writer()
    for run in _cards(drawn.roots):
        writer.cards(_Card((), run))
    if drawn.busless:
        writer.loose(drawn.busless)
    lines = [
        "digraph topology {",
        '  graph [rankdir=LR, nodesep=0.2, ranksep=0.7, pad=0.3, fontname="Helvetica,Arial,sans-serif", bgcolor=white,',
        f"         labelloc=t, labeljust=l, label=<{_title(drawn, writer.used)}>]",
        f'  node [shape=plain, fontname="Helvetica,Arial,sans-serif", fontsize=11, fontcolor="{_INK}"]',
        f'  edge [color="{_LINE}", penwidth=1.3, arrowhead=none]',
        *("  " + line for line in writer.nodes),
        *("  " + line for line in writer.edges),
        "}",
    ]
    return "\n".join(lines)


def svg(drawn: Topology) -> str:
    """The graph as Graphviz draws it. Raises `Unusable` where its program ``dot`` is not there or fails."""
    import shutil
    import subprocess

    program = shutil.which("dot")
    if program is None:
        raise unusable(
            "QR511",
            "an SVG picture is laid out by Graphviz, and there is no program 'dot' on the PATH",
            "--svg",
            hint="install Graphviz (Debian and Fedora: package graphviz; macOS: brew install graphviz), or take --dot or --tree",
        )
    try:
        done = subprocess.run([program, "-Tsvg"], input=dot(drawn).encode(), capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        hint = "take --tree, or --dot and another of Graphviz's layouts"
        raise unusable("QR511", f"Graphviz took longer than {_SECONDS} seconds", "--svg", hint=hint) from error
    if done.returncode != 0 or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().split("\n")[0] or f"it ended with {done.returncode}"
        raise unusable("QR511", f"Graphviz did not draw it: {printable(said)}", program, hint="take --tree or --dot")
    return done.stdout.decode()


# ------------------------------------------------------------------------------------- cards
def _cards(buses: Sequence[BusNode]) -> list[tuple[BusNode, ...]]:
    """Buses that share a card: neighbours of one type with a place or two each; of others each has its own."""
    cards: list[list[BusNode]] = []
    for bus in buses:
        before = cards[-1][-1] if cards else None
        if before is not None and _small(before) and _small(bus) and before[1:3] == bus[1:3]:
            cards[-1].append(bus)
        else:
            cards.append([bus])
    return [tuple(card) for card in cards]


def _small(bus: BusNode) -> bool:
    return bus.slots is not None and bus.slots.total <= _SMALL


def _side_by_side(hanging: list[_Card]) -> list[_Card]:
    """Cards that hang on neighbours, put together where they are alike and hold a device at most: a row for each port."""
    groups: list[list[_Card]] = []
    for card in hanging:
        before = groups[-1][-1] if groups else None
        if before is not None and _slim(before) and _slim(card) and before.buses[0][1:3] == card.buses[0][1:3]:
            groups[-1].append(card)
        else:
            groups.append([card])
    found: list[_Card] = []
    for group in groups:
        joined = _Card(tuple(c.begins[0] for c in group), tuple(c.buses[0] for c in group))
        found += [joined] if len(group) >= _SEVERAL else group
    return found


def _slim(card: _Card) -> bool:
    return len(card.buses) == 1 and len(card.buses[0].devices) <= 1


class _Card(NamedTuple):
    """Buses on one card, and where the lines to it begin: one for all of them, or one for each."""

    begins: tuple[str, ...]
    buses: tuple[BusNode, ...]


class _Row(NamedTuple):
    """A row of a card; `by` is whose it is, or free."""

    port: str
    address: str
    text: str
    by: str


class _Writer:
    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.edges: list[str] = []
        self.used: set[str] = set()
        self.hanging: list[_Card] = []  # on the rows of the card that is written

    def cards(self, first: _Card) -> None:
        """A card and, in turn, all cards that hang on it."""
        waiting = [first]
        for card in waiting:  # grows while it is read
            name, self.hanging = f"bus{len(self.nodes)}", []
            rows = self._ports(name, card.buses) if len(card.begins) > 1 else self._rows(name, card.buses)
            self._node(name, _head(card.buses), rows, _tooltip(card.buses))
            waiting += _side_by_side(self.hanging)
            ends = [row.port for row in rows] if len(card.begins) > 1 else ["head"]
            self.edges += [f"{begin}:e -> {name}:{end}:w" for begin, end in zip(card.begins, ends, strict=False)]

    def loose(self, devices: tuple[DeviceNode, ...]) -> None:
        """Devices that stand on no bus."""
        name = f"bus{len(self.nodes)}"
        rows = [self._device(name, f"d{at}", run, "") for at, run in enumerate(device_runs(devices))]
        self._node(name, _cell("on no bus", bold=True, colour="white"), rows, "devices that need no bus")

    def _node(self, name: str, head: str, rows: list[_Row], tooltip: str) -> None:
        wide = max((len(row.address) for row in rows), default=0)
        self.used.update(row.by for row in rows)
        self.nodes.append(_table(name, head, [_cells(row, wide) for row in rows], tooltip))

    def _ports(self, name: str, buses: tuple[BusNode, ...]) -> list[_Row]:
        """A row a bus: the device on it, or that it is free."""
        rows: list[_Row] = []
        for bus in buses:
            port = f"d{len(rows)}"
            if bus.devices:
                rows.append(self._device(name, port, (bus.devices[0],), bus.id))
            else:
                rows.append(_Row(port, _cut(bus.id), _cell("free", colour=_FAINT), "free"))
        return rows

    def _rows(self, name: str, buses: tuple[BusNode, ...]) -> list[_Row]:
        rows: list[_Row] = []
        for run in bus_runs(buses) if len(buses) > 1 else [buses]:
            shared = span(_cut(run[0].id), _cut(run[-1].id)) if len(buses) > 1 else ""
            small, runs = split(run[0])
            if small:
                rows.append(_Row("", "", _lines([n if count == 1 else f"{n} × {count}" for n, count in small]), "machine"))
            several = run[0].slots is None or run[0].slots.total > 1 or not shared
            for devices in runs:
                rows.append(self._device(name, f"d{len(rows)}", devices, shared, several))
            rows += self._free(run, shared)
        return rows

    def _device(self, name: str, port: str, run: tuple[DeviceNode, ...], bus: str, addressed: bool = True) -> _Row:
        device, last = run[0], run[-1]
        text = _cell(device.type + (f" × {len(run)}" if len(run) > 1 else ""), bold=device.by != "machine")
        if device.id is not None:
            text += " " + _cell(span(_cut(device.id), _cut(last.id or "")), colour=_FAINT)
        if len(run) == 1:
            self.hanging += [_Card((f"{name}:{port}",), card) for card in _cards(device.buses)]
        elif device.buses:
            self.hanging.append(_Card((f"{name}:{port}",), tuple(b for d in run for b in d.buses)))
        return _Row(port, _where(bus, span(device.address, last.address) if addressed else ""), text, device.by)

    def _free(self, run: tuple[BusNode, ...], bus: str) -> Iterator[_Row]:
        slots = run[0].slots
        if slots is None or not slots.free:
            return
        ranges = [*run[0].free[:_FREE], *(["..."] if len(run[0].free) > _FREE else [])]
        if len(run) > 1:
            yield _Row("", bus, _cell(f"each {slots.free} of {slots.total} free", colour=_FAINT), "free")
        elif bus:
            yield _Row("", _where(bus, ", ".join(ranges) if slots.total > 1 else ""), _cell("free", colour=_FAINT), "free")
        else:
            yield _Row("", "", _lines(ranges, "free: ") if ranges else _cell(f"{slots.free} free", colour=_FAINT), "free")


def _cells(row: _Row, wide: int) -> str:
    """A row is one cell: Graphviz gives a column of its own more room than it needs. Addresses are padded instead."""
    mark = f' PORT="{row.port}"' if row.port else ""
    padded = _escaped(row.address) + "&#160;" * (wide - len(row.address) + 1)
    where = f'<FONT FACE="{_FIXED}" POINT-SIZE="10" COLOR="{_FAINT}">{padded}</FONT>' if row.address else ""
    return f'<TR><TD ALIGN="LEFT" BALIGN="LEFT" BGCOLOR="{_PAPER[row.by]}"{mark}>{where}{row.text}</TD></TR>'


def _where(bus: str, address: str) -> str:
    return _cut(f"{bus}: {address}" if bus and address else bus or address, _LONGEST)


# ------------------------------------------------------------------------------------- pieces of text
def _table(name: str, head: str, rows: Sequence[str], tooltip: str) -> str:
    top = f'<TR><TD ALIGN="LEFT" BGCOLOR="{_HEAD}" PORT="head">{head}</TD></TR>'
    table = f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" COLOR="{_LINE}" BGCOLOR="white">'
    return f'{name} [tooltip="{_quoted(tooltip)}", label=<{table}{top}{"".join(rows)}</TABLE>>]'


def _head(buses: tuple[BusNode, ...]) -> str:
    bus = buses[0]
    facts = [bus.type, *(["hot-plug"] if bus.hotpluggable else [])]
    if bus.slots is not None:
        total, free = (sum(n) for n in zip(*(b.slots for b in buses if b.slots is not None), strict=True))
        facts.append(f"{free} of {total} free")
    name = _cell(span(_cut(bus.id), _cut(buses[-1].id)), bold=True, colour="white")
    return f'{name}  <FONT POINT-SIZE="10" COLOR="#cbd5e1">  {_escaped(", ".join(facts))}</FONT>'


def _tooltip(buses: tuple[BusNode, ...]) -> str:
    bus = buses[0]
    where = f", {bus.line}" if bus.line is not None else ""
    return f"{span(bus.id, buses[-1].id)}: {bus.type}{where}"


def _title(drawn: Topology, used: set[str]) -> str:
    told = f"{drawn.arch}, QEMU {drawn.qemu}"
    if drawn.refused:
        told += f", without {len(drawn.refused)} device{'s' if len(drawn.refused) > 1 else ''} that it refuses"
    name = f'<FONT POINT-SIZE="16" COLOR="{_INK}"><B>{_escaped(drawn.machine)}</B></FONT>'
    swatches = "".join(_swatch(by, words) for by, words in _LEGEND.items() if by in used)
    return (
        '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="4" CELLPADDING="2"><TR>'
        f'<TD ALIGN="LEFT">{name}  {_cell(told, colour=_FAINT)}</TD><TD WIDTH="20"></TD>{swatches}</TR></TABLE>'
    )


def _swatch(by: str, words: str) -> str:
    box = f'<TD BGCOLOR="{_PAPER[by]}" BORDER="1" COLOR="{_LINE}" WIDTH="14"></TD>'
    return f'{box}<TD>{_cell(words, colour=_FAINT)}</TD><TD WIDTH="12"></TD>'


def _lines(names: Sequence[str], before: str = "") -> str:
    """Names in lines that are not too wide."""
    lines, line = [], before
    for at, name in enumerate(names):
        piece = name + ("," if at < len(names) - 1 else "")
        if line and len(line) + len(piece) > _WIDE and line != before:
            lines.append(line)
            line = ""
        line += (" " if line and line != before else "") + piece
    return '<BR ALIGN="LEFT"/>'.join(_cell(text + " ", colour=_FAINT) for text in [*lines, line]) + '<BR ALIGN="LEFT"/>'


def _cell(text: str, bold: bool = False, colour: str = _INK) -> str:
    inner = f"<B>{_escaped(text)}</B>" if bold else _escaped(text)
    return f'<FONT COLOR="{colour}">{inner}</FONT>'


def _cut(name: str, long: int = _LONG) -> str:
    """A name that is no longer than what is drawn: its middle is left out."""
    return name if len(name) <= long else f"{name[: long // 2]}…{name[-long // 2 + 1 :]}"


def _escaped(text: str) -> str:
    """Text between the tags of a label. A backslash stands apart, or Graphviz puts the name of the node for ``\\N``."""
    return _entities(text).replace("\\", "<FONT>&#92;</FONT>")


def _quoted(text: str) -> str:
    """Text between the quotation marks of a tooltip, whose escapes Graphviz reads twice."""
    return _entities(text).replace("\\", "\\" * 4)


def _entities(text: str) -> str:
    plain = printable(_cut(text, _LONGEST)) or " "
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
