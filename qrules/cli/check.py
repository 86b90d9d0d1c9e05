"""``check``: the verdict on a whole config, with every reason."""

from __future__ import annotations

from qrules.cli import common, judging, reading, status
from qrules.configs.files import Files
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.cli.form import Arguments, Form
    from qrules.configs.commands import Command
    from qrules.configs.pasted import Pasted


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules check [options] [FILE|FOLDER... | - | -- qemu-system-ARCH ARGS... | --jsonl FILE]"
    sub.add_argument(
        "paths",
        metavar="FILE",
        nargs="*",
        help="a file with command lines as a shell takes them, or a domain of libvirt as XML; - for standard input; of a folder"
        " all files that have some",
    )
    common.add_profile(sub)
    status.add(sub, strict=True)
    sub.add_argument("--repairs", action="store_true", help="for a rejected config: what would make it start, each tried")
    sub.add_argument("--fix", action="store_true", help="write the first repair into the file; a copy of what it was is kept")
    sub.add_argument("--diff", action="store_true", help="show the first repair as a difference of the file")
    sub.add_argument("--baseline", metavar="FILE", help="what this file has is ignored: the findings of old configs")
    sub.add_argument("--write-baseline", metavar="FILE", help="write all that is found into such a file; with --reason")
    sub.add_argument("--reason", metavar="TEXT", help="with --write-baseline: why these are left as they are")
    sub.add_argument("--jsonl", metavar="FILE", help="many questions, one JSON object a line (- for standard input)")
    sub.add_argument("--files", action="store_true", help="with --jsonl: open the files that configs name (-readconfig)")
    sub.add_argument("--summary", action="store_true", help="with --jsonl: at the end, on standard error, how many were what")
    sub.add_argument("--jobs", type=int, default=1, metavar="N", help="with --jsonl: how many processes (1)")
    common.add_libvirt(sub)
    common.add_choice(sub)
    common.add_formats(sub)
    sub.set_defaults(run=_check, rest=None)


def _check(args: Arguments) -> int:
    """The status of the verdict; where there are several, of the worst."""
    if args.jsonl is not None:
        from qrules.cli import bulk

        return bulk.run(args)
    args.file = args.paths[0] if args.paths else None
    if args.write_baseline or (args.baseline and args.rest is None):
        from qrules.cli import baselines

        if args.write_baseline:
            return baselines.write(args)
        args.rest = baselines.alone(args.baseline)
    if args.fix or args.diff:
        from qrules.cli import fixing

        return fixing.run(args)
    if common.form(args) not in ("text", "json") or reading.several(args):
        from qrules.cli import checking

        return checking.run(args)
    args.json = common.form(args) == "json"
    document = reading.domain(args)
    if document is not None:
        from qrules.cli import domains

        return domains.check(args, document)
    found = reading.pasted(args)
    if found is None:
        return _one(args, list(args.raw), None, reading.files_of(args, None))
    if len(found.commands) == 1:
        return _one(args, found.commands[0].argv, found.commands[0], reading.files_of(args, found))
    return _several(args, found)


def _several(args: Arguments, found: Pasted) -> int:
    """Each command line below where it stands; one array of JSON."""
    answers: list[dict[str, Any]] = []
    statuses = [status.ACCEPTED]
    for number, command in enumerate(found.commands):
        line, column = command.line_and_column
        if args.json:
            answer, verdict = judging.as_json(args, command.argv, command, Files())
            answers.append({"file": _file(args), "span": {"line": line, "column": column}, **answer})
            statuses.append(_status(args, verdict))
        else:
            style = common.style(args)
            common.show(("" if number == 0 else BREAK) + style(f"{reading.name_of(args)}:{line}:{column}", "bold"))
            statuses.append(_one(args, command.argv, command, Files()))
    if args.json:
        from qrules.report import json

        common.show(json.dumps({"schema": json.SCHEMA, "commands": answers, "passed-over": []}))
    return status.worst(statuses)


def _file(args: Arguments) -> str | None:
    return reading.name_of(args) if args.raw is None and args.file != "-" else None


def _one(args: Arguments, words: list[str], pasted: Command | None, files: Files) -> int:
    if "help" in " ".join(words):
        from qrules.cli import helping

        wanted = helping.wanted(words)
        told = helping.answer(judging.board_of(args, words), *wanted) if wanted is not None and not args.json else None
        if told is not None:
            common.show(told)
            return status.ACCEPTED
    if not args.json:
        return _status(args, judging.told(args, words, pasted, files))
    from qrules.report import json

    answer, verdict = judging.as_json(args, words, pasted, files)
    common.show(json.dumps(answer))
    return _status(args, verdict)


def _status(args: Arguments, verdict: str) -> int:
    status.tell_strict(args, verdict)
    return status.of_verdict(verdict, args.strict)
