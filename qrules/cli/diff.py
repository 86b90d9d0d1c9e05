"""``diff``: what became possible and impossible between machines, or between emulator versions."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.cli import common
from qrules.diagnostics import unusable
from qrules.explain.diff import Change, Difference, Side, diff
from qrules.explain.releases import releases
from qrules.plugging.board import Board
from qrules.report.differences import as_json, catalogue_lines, catalogues, default_lines
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form
    from qrules.report.style import Style


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules diff [options] MACHINE MACHINE | MACHINE --qemu A --qemu B | --qemu A --qemu B"
    sub.epilog = (
        "qrules diff pc-q35-7.2 pc-q35-10.0;  qrules diff q35 --qemu 7.2 --qemu 10.0;  qrules diff --qemu 7.2 --qemu 10.0"
    )
    common.complete(
        sub.add_argument("machines", metavar="MACHINE", nargs="*", help="one or two machines, as -machine takes them"), "machines"
    )
    sub.add_argument(
        "--qemu", metavar="VERSION", action="append", default=[], help="once: the version meant; twice: before and after"
    )
    sub.add_argument("--arch", metavar="ARCH", help="the architecture meant, such as x86_64")
    sub.add_argument("--rules", metavar="FOLDER", help="other rules than the shipped ones")
    sub.add_argument("--nodefaults", action="store_true", help="without the machines' default devices")
    common.add_form(sub)
    sub.set_defaults(run=_diff, mixes=True)


def _diff(args: Arguments) -> int:
    """Status 0, whatever the differences are."""
    if len(args.machines) > 2 or len(args.qemu) > 2:
        raise unusable("QR450", "more than two to compare", "diff", expected="one or two machines, and --qemu once or twice")
    if len(args.machines) < 2 and len(args.qemu) < 2:
        raise unusable("QR451", "nothing to compare with", "diff", expected="two machines, or --qemu twice")
    opened = common.store(args)
    versions = args.qemu if len(args.qemu) == 2 else [args.qemu[0] if args.qemu else None] * 2
    old, new = (Board(opened.knowledge(opened.resolve(v, args.arch))) for v in versions)
    found = [diff(*sides) for sides in _sides(args, old, new)]
    if args.json:
        from qrules.report import json

        own = {} if args.machines else {"catalogues": catalogues(releases(old.knowledge, new.knowledge))}
        common.show(json.dumps({"schema": json.SCHEMA, **own, "differences": [as_json(d) for d in found]}))
        return 0
    style = common.style(args)
    if not args.machines:
        common.show(BREAK.join(catalogue_lines(releases(old.knowledge, new.knowledge), style)))
    for difference in found:
        common.show(BREAK.join(_lines(difference, style)))
    return 0


def _sides(args: Arguments, old: Board, new: Board) -> Iterator[tuple[Side, Side]]:
    if not args.machines:
        for alias in _shared_aliases(old, new):
            yield _side(old, alias, args), _side(new, alias, args)
        return
    first, second = args.machines[0], args.machines[-1]
    yield _side(old, first, args), _side(new, second, args)


def _side(board: Board, machine: str, args: Arguments) -> Side:
    wanted = common.request(board.knowledge, machine, [], args.nodefaults)
    common.checked_state(board, wanted)
    return Side(board, wanted)


def _shared_aliases(old: Board, new: Board) -> list[str]:
    """The aliases that both versions have rules for: each stands for the newest machine of a family."""
    both = []
    for name in new.knowledge.machine_names():
        facts = new.knowledge.machine(name)
        for alias in facts.aliases if facts is not None and facts.family is not None else ():
            before = old.knowledge.machine(alias)
            if before is not None and before.family is not None:
                both.append(alias)
    return both


def _lines(found: Difference, style: Style) -> Iterator[str]:
    yield style(f"{found.old} -> {found.new}", "bold")
    if found.empty:
        yield "  no difference: the same device types plug, and buses, parts and options are the same"
    for title, colour, changes in (
        ("became possible", "green", found.possible),
        ("has a bus now, but wants more than the bare device", "yellow", found.conditional),
        ("became impossible", "red", found.impossible),
    ):
        if changes:
            yield f"  {style(title, colour)}"
            yield from _grouped(changes)
    for title, gone, new in (
        ("buses", found.buses_gone, found.buses_new),
        ("what the machine brings", found.defaults_gone, found.defaults_new),
        ("options", found.options_gone, found.options_new),
    ):
        if gone or new:
            yield f"  {title}"
            yield from (f"    - {each}" for each in gone)
            yield from (f"    + {each}" for each in new)
    yield from default_lines("defaults that the machine's version fixes for its guests", found.fixed or ())
    yield ""


def _grouped(changes: tuple[Change, ...]) -> Iterator[str]:
    """The types with one reason together, by the bus that they go to."""
    from qrules.report.style import wrapped

    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for change in changes:
        buses = groups.setdefault((change.why, str(change.line or "")), {})
        buses.setdefault(f"on {change.bus}" if change.bus else "on no bus", []).append(change.name)
    for (why, line), buses in groups.items():
        yield from (wrapped(", ".join(names), "      ", f"    {bus}: ") for bus, names in buses.items())
        yield wrapped(why, "              ", "      because ")
        if line:
            yield f"      rule    {line}"
