"""``schema``: the JSON Schema of what a verb prints with ``--json``."""

from __future__ import annotations

from qrules.cli import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form

VERBS = (
    *("why", "check", "place", "convert", "spare", "hotplug", "explain", "show", "machines", "types", "buses", "slots", "diff"),
    *("query-machines", "verify", "rules", "upgrade", "fleet", "release", "argv", "learn"),
)


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.add_argument("of", metavar="VERB", choices=VERBS, help=f"one of {', '.join(VERBS)}")
    sub.set_defaults(run=_schema)


def _schema(args: Arguments) -> int:
    from qrules.report import json, schema

    common.show(json.dumps(schema.schema(args.of)))
    return 0
