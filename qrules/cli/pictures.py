"""Options that draw a topology: a tree, Graphviz's language, or an SVG file."""

from __future__ import annotations

import sys

from qrules.cli import common
from qrules.cli.writing import write_whole
from qrules.visible import BREAK, clean, seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Group
    from qrules.explain.picture import Topology


def add(group: Group) -> None:
    """The options, one of which may be given."""
    group.add_argument("--tree", action="store_true", help="draw buses, devices and what is free as a tree")
    group.add_argument("--dot", action="store_true", help="the same picture in Graphviz's language")
    group.add_argument("--svg", metavar="FILE", help="the same picture as an SVG file (- for the output); Graphviz lays it out")


def wanted(args: Arguments) -> bool:
    """Whether a picture is asked for."""
    return bool(args.tree or args.dot or args.svg is not None)


def draw(args: Arguments, drawn: Topology) -> str:
    """The picture that is asked for, or a line about the file that it went to.

    Raises `Unusable` (QR511) where Graphviz is wanted and not there, `OSError` where the file can't be written.
    """
    if args.json:
        from qrules.report import json

        return json.dumps(json.topology(drawn))
    if args.tree:
        from qrules.report.tree import glyphs, tree

        return tree(drawn, common.style(args), glyphs(sys.stdout))
    from qrules.report import dot

    if args.dot:
        return dot.dot(drawn).replace("\n", BREAK)
    picture = dot.svg(drawn)
    if args.svg == "-":
        return BREAK.join(_in_xml(line) for line in picture.rstrip("\n").split("\n"))
    write_whole(args.svg, picture)
    return f"{args.svg}: {drawn.machine} as a picture"


def _in_xml(line: str) -> str:
    """A line of XML in which everything shows."""
    return line if clean(line) else "".join(c if seen(c) else f"&#{ord(c)};" for c in line).replace("##", "&#35;#")
