"""``machines`` and ``query-machines``: what machine types there are."""

from __future__ import annotations

from qrules.cli import common
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
    board = common.board(args)
    listed = _all(board.knowledge)
    if args.json:
        from qrules.report import json
        from qrules.report.machines import entry

        entries = [{**entry(f), "description": f.description or None, "rules": f.family is not None} for f in listed]
        common.show(
            json.dumps(
                {"schema": json.SCHEMA, "arch": board.knowledge.arch, "qemu": board.knowledge.version, "machines": entries}
            )
        )
        return 0
    from qrules.report.style import table

    style = common.style(args)
    common.show(style(f"QEMU {board.knowledge.version}, {board.knowledge.arch}", "bold"))
    rows = [(f.name, ", ".join(f.aliases), " ".join(_marks(f)), f.description) for f in listed]
    common.show(BREAK.join("  " + row for row in table(rows)))
    return 0


def _marks(facts: MachineFacts) -> list[str]:
    return [*facts.words, *([] if facts.family is not None else ["(no rules yet)"])]


def _query_machines(args: Arguments) -> int:
    from qrules.report import json
    from qrules.report.machines import queried

    entries = queried(common.board(args))
    as_the_rfc = all("opts-complete" not in entry for entry in entries)  # exactly its keys, and no more
    common.show(json.dumps({**({} if as_the_rfc else {"schema": json.SCHEMA}), "return": entries}))
    return 0
