"""``show``: all that there is to know of a device type, a machine or a rule."""

from __future__ import annotations

from qrules.cli import common, status
from qrules.diagnostics import did_you_mean, unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    shown = sub.add_argument("name", metavar="NAME", help="a device type, a machine type, or a rule's name")
    common.complete(shown, "names")
    status.add(sub)
    common.add_choice(sub)
    sub.set_defaults(run=_show)


def _show(args: Arguments) -> int:
    """Status 0. Raises `Unusable` (QR413) for a name that nothing has."""
    from qrules.explain.describing import described, rules_named
    from qrules.explain.messages import Phrases
    from qrules.report import describing, json

    opened = common.store(args)
    board = common.board(args)
    found = described(board, args.name, [(t.version, t.arch) for t in opened.targets()])
    rules = rules_named(Phrases(board.knowledge), args.name) if found is None else []
    if found is None and not rules:
        names = [*common.NAMES["names"](board.knowledge)]
        raise unusable(
            "QR413",
            f"QEMU {board.knowledge.version} for {board.knowledge.arch} has no '{args.name}', and no rule is called so",
            args.name,
            expected="a device type, a machine, or a rule",
            hint=did_you_mean(args.name, names),
        )
    style = common.style(args)
    if args.json:
        common.show(json.dumps(describing.as_json(found) if found is not None else describing.rules_json(rules)))
    else:
        common.show(describing.text(found, style) if found is not None else describing.rules_text(rules, style))
    return 0
