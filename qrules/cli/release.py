"""``release``: what a new QEMU changes, by cause, with the rules that it touches and drafts for what they lack."""

from __future__ import annotations

from qrules.cli import common, status
from qrules.cli.asking import asked, cannot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form
    from qrules.qemu.release import Sides

_EPILOG = """examples:
  qrules release /opt/old/qemu-system-x86_64 /opt/new/qemu-system-x86_64
  qrules release OLD NEW --machine "MACHINE-*" --no-types
  qrules release OLD NEW --rules rules/       # with catalogues of both versions in that folder"""


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.epilog = _EPILOG
    sub.add_argument("old", metavar="OLD-BINARY", help="the QEMU that the rules are known to be right about")
    sub.add_argument("new", metavar="NEW-BINARY", help="the newer one, of the same architecture")
    sub.add_argument(
        "--machine", action="append", default=[], metavar="PATTERN", help="start only these, such as MACHINE-* (repeatable)"
    )
    sub.add_argument("--type", action="append", default=[], metavar="PATTERN", help="try only these types besides the new ones")
    sub.add_argument("--no-types", action="store_true", help="try the new types alone: a tenth of the starts")
    sub.add_argument("--jobs", type=int, metavar="N", help="how many machines at once (as many as there are processors)")
    sub.add_argument("--timeout", type=float, default=20.0, metavar="SECONDS", help="for one start")
    sub.add_argument("--rules", metavar="FOLDER", help="other rules than the shipped ones, with catalogues of both versions")
    common.add_form(sub)
    status.add(sub)
    sub.set_defaults(run=_release)


def _release(args: Arguments) -> int:
    """Status 0 where the rules say all that the new binary does, 1 where they do not or lack a new machine."""
    from qrules.qemu import keeper
    from qrules.qemu.drafts import drafts
    from qrules.qemu.errors import QemuError
    from qrules.qemu.release import release
    from qrules.report import json
    from qrules.report import release as report

    jobs = common.at_once(args.jobs)
    keeper.adopt()
    try:
        old, new = (_side(args, binary) for binary in (args.old, args.new))
        types = () if args.no_types else tuple(args.type) or ("*",)
        found = release(old, new, tuple(args.machine), types, _progress, jobs, args.timeout)
    except QemuError as error:
        raise cannot(error, args.new) from error
    finally:
        common.done()
        keeper.sweep()
    drafted = drafts(found, new.board.knowledge)
    if args.json:
        common.show(json.dumps({"schema": json.SCHEMA, **report.as_json(found, drafted)}))
    else:
        common.show(report.text(found, drafted, common.style(args)))
    return status.ACCEPTED if found.verified else status.REJECTED


def _side(args: Arguments, binary: str) -> Sides:
    """A binary with what is known of it: a catalogue that stands among the rules, else one that is harvested once."""
    from qrules.configs.argv import architecture
    from qrules.diagnostics import Unusable
    from qrules.plugging.board import Board
    from qrules.qemu import process
    from qrules.qemu.at_hand import at_hand
    from qrules.qemu.release import Sides
    from qrules.rulesets.store import open_store

    version = asked(binary, lambda: process.version(binary))
    opened = open_store(args.rules, common.progress)
    try:
        return Sides(binary, Board(opened.knowledge(opened.resolve(version, architecture([binary])))))
    except Unusable:
        if args.rules:
            raise
    found = asked(binary, lambda: at_hand(binary))
    opened = open_store(str(found.folder), common.progress)
    return Sides(binary, Board(opened.knowledge(opened.resolve(found.version, found.arch))))


def _progress(machine: str, done: int, total: int) -> None:
    common.progress(f"{machine}: {done} of {total} starts compared")
