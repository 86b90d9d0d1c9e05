"""``machines`` and ``query-machines``: what machine types there are."""

from __future__ import annotations

from qrules.cli import arches, common
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


def configure(name: str, sub: Form) -> None:
    """Adds a verb's arguments."""
    common.add_choice(sub)
    sub.set_defaults(run=_machines if name == "machines" else _query_machines)


def _all(knowledge: Knowledge) -> list[MachineFacts]:
    return [found for name in knowledge.machine_names() if (found := knowledge.machine(name)) is not None]


def _machines(args: Arguments) -> int:
    known = arches.each_arch(args)
    if args.json:
        from qrules.report import json
        from qrules.report.machines import entry

        entries = [
            {**entry(f), **_arch_of(args, k), "description": f.description or None, "rules": f.family is not None}
            for k in known
            for f in _all(k)
        ]
        arch = args.arch if args.arch == "all" else known[0].arch
        common.show(json.dumps({"schema": json.SCHEMA, "arch": arch, "qemu": known[0].version, "machines": entries}))
        return 0
    from qrules.report.style import table

    style = common.style(args)
    for number, knowledge in enumerate(known):
        default = " (the default; --arch names another one, or all)" if args.arch is None and args.at_hand is None else ""
        common.show(("" if not number else BREAK) + style(f"QEMU {knowledge.version}, {knowledge.arch}{default}", "bold"))
        rows = [(f.name, ", ".join(f.aliases), " ".join(_marks(f)), f.description) for f in _all(knowledge)]
        common.show(BREAK.join("  " + row for row in table(rows)))
    return 0


def _arch_of(args: Arguments, knowledge: Knowledge) -> dict[str, str]:
    """The architecture of an entry, where several are listed."""
    return {"arch": knowledge.arch} if args.arch == "all" else {}


def _marks(facts: MachineFacts) -> list[str]:
    return [*facts.words, *([] if facts.family is not None else ["(no rules yet)"])]


def _query_machines(args: Arguments) -> int:
    from qrules.plugging.board import Board
    from qrules.report import json
    from qrules.report.machines import queried

    entries = [{**entry, **_arch_of(args, k)} for k in arches.each_arch(args) for entry in queried(Board(k))]
    as_the_rfc = all("opts-complete" not in entry for entry in entries)  # exactly its keys, and no more
    common.show(json.dumps({**({} if as_the_rfc else {"schema": json.SCHEMA}), "return": entries}))
    return 0
