"""``fleet``: a folder, JSON lines or Parquet of configs to a table of answers, and how many say what."""

from __future__ import annotations

from time import monotonic

from qrules.cli import common, status
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.cli.form import Arguments, Form
    from qrules.fleet.running import Done, Progress

_EPILOG = """examples:
  qrules fleet vms.jsonl --output answers.parquet
  qrules fleet vms/ --from 10.0 --output upgrade.csv"""
_RULES = 20  # that are told as a text
_SHORT = 160  # characters of a message there
_TOLD = {
    "accept": "accepted", "warn": "accepted with a warning", "reject": "rejected", "starts": "start as they are written",
    "starts-changed": "start with changes", "does-not-start": "do not start", "did-not-start": "did not start before",
    "unknown": "unknown", "unreadable": "unreadable",
}  # fmt: skip
_STATUSES = {"starts": 0, "starts-changed": 1, "does-not-start": 1, "did-not-start": 1}


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules fleet [options] FOLDER|FILE.jsonl|FILE.parquet --output TABLE"
    sub.epilog = _EPILOG
    sub.add_argument(
        "source", metavar="SOURCE", help="a folder, JSON lines as check --jsonl takes them, or Parquet (docs/fleet.md)"
    )
    sub.add_argument("--output", required=True, metavar="TABLE", help="the table: a name that ends in .parquet, .jsonl or .csv")
    sub.add_argument(
        "--from", dest="old", metavar="VERSION", help="what becomes of configs for this QEMU version on the one of --qemu"
    )
    sub.add_argument("--jobs", type=int, metavar="N", help="how many processes (as there are processors)")
    sub.add_argument("--restart", action="store_true", help="begin anew, whatever an earlier run has left; write over the table")
    sub.add_argument("--plain", action="store_true", help="judge each config by itself, those that are alike, too")
    common.add_profile(sub)
    common.add_libvirt(sub)
    status.add(sub)
    common.add_choice(sub, at_hand=False)
    sub.set_defaults(run=_fleet, strict=False)


def _fleet(args: Arguments) -> int:
    """The status of the worst answer."""
    from qrules.fleet.asking import Asked
    from qrules.fleet.running import run

    asked = Asked(args.rules, args.arch, args.qemu, tuple(args.profile), args.libvirt, args.old, args.plain)
    done = run(args.source, args.output, asked, common.at_once(args.jobs), args.restart, _Line())
    common.done()
    if args.json:
        from qrules.report import json

        common.show(json.dumps(_as_json(args, done)))
    else:
        common.show(_text(args, done))
    return status.worst(_STATUSES[v] if v in _STATUSES else status.of_verdict(v) for v in done.counted["verdicts"])


class _Line:
    """Tells on a terminal how far a run is, and how long it will take."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, now: Progress) -> None:
        if monotonic() - self._told < 0.5:
            return
        self._told = monotonic()
        left = now.seconds * (1 - now.share) / now.own_share if now.own_share else 0
        common.progress(f"{now.configs:,} configs, {100 * now.share:.0f}%, {_time(left)} left")


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if seconds < 100 else f"{minutes} min" if minutes < 100 else f"{seconds / 3600:.1f} h"


def _as_json(args: Arguments, done: Done) -> dict[str, Any]:
    from qrules.report.json import SCHEMA

    counted = done.counted
    return {
        "schema": SCHEMA,
        "table": args.output,
        "configs": counted["configs"],
        "verdicts": counted["verdicts"],
        **({"changed": counted["changed"]} if args.old is not None else {}),
        "rules": [
            {"rule": rule, "configs": number, "examples": examples, "message": message}
            for rule, (number, examples, message) in _ranked(counted)
        ],
        "seconds": round(done.seconds, 1),
        "resumed": done.resumed,
    }


def _ranked(counted: dict[str, Any]) -> list[tuple[str, Any]]:
    """The rules, the commonest first."""
    return sorted(counted["rules"].items(), key=lambda told: (-told[1][0], told[0]))


def _text(args: Arguments, done: Done) -> str:
    from qrules.visible import shortened

    counted = done.counted
    verdicts = ", ".join(f"{counted['verdicts'][word]:,} {told}" for word, told in _TOLD.items() if word in counted["verdicts"])
    earlier = f", {done.resumed:,} of them by an earlier run" if done.resumed else ""
    lines = [
        f"{counted['configs']:,} configs: {verdicts or 'none'}",
        f"in {_time(done.seconds)}{earlier}; the table is {args.output}",
    ]
    if args.old is not None:
        lines.insert(1, f"{counted['changed']:,} whose guest would find something otherwise")
    ranked = _ranked(counted)
    if ranked:
        lines.append("")
    for rule, (number, examples, message) in ranked[:_RULES]:
        such = ", ".join(shortened(one, 60) for one in examples)
        lines.append(f"{number:>9,}  {rule}  (such as {such})")
        if message:
            lines.append(f"           {shortened(message, _SHORT)}")
    if len(ranked) > _RULES:
        lines.append(f"{'':9}  and {len(ranked) - _RULES} rules more; --json has all")
    return BREAK.join(lines)
