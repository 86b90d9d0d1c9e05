"""``check``: the verdict on a whole config, with every reason."""

from __future__ import annotations

import argparse

from qrules.cli import common, reading
from qrules.configs import argv
from qrules.configs.files import Files
from qrules.explain.verdicts import judge
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.configs.commands import Command
    from qrules.configs.pasted import Pasted
    from qrules.explain.verdicts import Verdict
    from qrules.machine.request import Request, Where
    from qrules.place.shown import Repair
    from qrules.plugging.board import Board


def configure(name: str, sub: argparse.ArgumentParser) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules check [options] [FILE | - | -- qemu-system-ARCH ARGS... | --jsonl FILE]"
    sub.add_argument(
        "file", metavar="FILE", nargs="?", help="a file with a command line as a shell takes it; - for standard input"
    )
    common.add_profile(sub)
    sub.add_argument("--strict", action="store_true", help="exit with 1 on warnings too")
    sub.add_argument("--repairs", action="store_true", help="for a rejected config: what would make it start, each tried")
    sub.add_argument("--jsonl", metavar="FILE", help="many questions, one JSON object a line (- for standard input)")
    sub.add_argument("--files", action="store_true", help="with --jsonl: open the files that configs name (-readconfig)")
    sub.add_argument("--summary", action="store_true", help="with --jsonl: at the end, on standard error, how many were what")
    sub.add_argument("--jobs", type=int, default=1, metavar="N", help="with --jsonl: how many processes (1)")
    common.add_choice(sub)
    sub.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    """Status 0 for accepted and warned (not with --strict), 1 for rejected and unknown; of a stream, that of `bulk.run`.

    Where a file has several command lines, each is answered, and the worst decides.
    """
    if args.jsonl is not None:
        from qrules.cli import bulk

        return bulk.run(args)
    found = reading.pasted(args)
    if found is None:
        return _one(args, list(args.raw), None, reading.files_of(args, None))
    if len(found.commands) == 1:
        return _one(args, found.commands[0].argv, found.commands[0], reading.files_of(args, found))
    return _several(args, found)


def _several(args: argparse.Namespace, found: Pasted) -> int:
    """Each command line below where it stands; one array of JSON."""
    answers: list[dict[str, Any]] = []
    status = 0
    for number, command in enumerate(found.commands):
        line, column = command.line_and_column
        if args.json:
            answer, verdict = _as_json(args, command.argv, command, Files())
            answers.append({"span": {"line": line, "column": column}, **answer})
            status = max(status, _status(verdict, args.strict))
        else:
            style = common.style(args)
            common.show(("" if number == 0 else BREAK) + style(f"{reading.name_of(args)}:{line}:{column}", "bold"))
            status = max(status, _one(args, command.argv, command, Files()))
    if args.json:
        from qrules.report import json

        common.show(json.dumps({"schema": json.SCHEMA, "commands": answers}))
    return status


def _one(args: argparse.Namespace, words: list[str], pasted: Command | None, files: Files) -> int:
    if args.json:
        from qrules.report import json

        answer, told = _as_json(args, words, pasted, files)
        common.show(json.dumps(answer))
        return _status(told, args.strict)
    from qrules.report import text as texts
    from qrules.report.excerpts import Excerpts

    board, request, verdict = _judged(args, words, pasted, files)
    excerpts = Excerpts(words, pasted, reading.name_of(args))
    common.show(texts.verdict(verdict, common.style(args), words, excerpts))
    if args.repairs and verdict.verdict == "reject":
        from qrules.report import placing

        common.show(placing.repairs_text(_repairs(board, request, args, words), common.style(args)))
    return _status(verdict.verdict, args.strict)


def _as_json(args: argparse.Namespace, words: list[str], pasted: Command | None, files: Files) -> tuple[dict[str, Any], str]:
    from qrules.report import json

    board, request, verdict = _judged(args, words, pasted, files)
    answer = json.verdict(verdict)
    if args.repairs:
        from qrules.report import placing

        answer["repairs"] = [placing.repair_json(r) for r in _repairs(board, request, args, words)]
    if pasted is not None:
        _locate([r.span for r in (*verdict.remarks, *verdict.assumed)], answer["notes"], pasted)
        _locate([u.span for u in verdict.unchecked], answer["unchecked"], pasted)
        _locate([r.span for r in verdict.reasons], answer["reasons"], pasted)
    return answer, verdict.verdict


def _judged(args: argparse.Namespace, words: list[str], pasted: Command | None, files: Files) -> tuple[Board, Request, Verdict]:
    board = _board(args, words)
    argv.known_profiles(args.profile, board.knowledge)
    request = argv.read(words, board.knowledge, files)
    if pasted is not None and pasted.unread:
        request = request._replace(not_known=tuple(reading.not_known(pasted, reading.name_of(args))))
    return board, request, judge(board, request, tuple(args.profile))


def _board(args: argparse.Namespace, words: list[str]) -> Board:
    """One for all command lines of an architecture, or of a program where that is asked itself."""
    boards: dict[str | None, Board] = args.__dict__.setdefault("boards", {})
    arch, asked = argv.architecture(words), args
    if args.at_hand == "auto":
        asked = argparse.Namespace(**{**vars(args), "at_hand": reading.program_of(words)})
        arch = str(asked.at_hand)
    if arch not in boards:
        boards[arch] = common.board(asked, arch)
    return boards[arch]


def _repairs(board: Board, request: Request, args: argparse.Namespace, words: list[str]) -> list[Repair]:
    from qrules.configs.converting import written_out
    from qrules.place.repairs import repairs

    files = reading.files_of(args, reading.pasted(args))
    inline = written_out(words, files)  # what a file says can be changed only once it stands in the command line
    if inline != words:
        request = argv.read(inline, board.knowledge, Files())
    return repairs(board, request, tuple(args.profile), argv=inline)


def _status(verdict: str, strict: bool) -> int:
    return 1 if verdict in ("reject", "unknown") or (strict and verdict == "warn") else 0


def _locate(spans: list[Where] | list[Where | None], told: list[dict[str, Any]], pasted: Command) -> None:
    """Adds line and column in the user's own text to spans."""
    for where, entry in zip(spans, told, strict=True):
        if where is not None:
            entry["span"]["line"], entry["span"]["column"] = pasted.position(where)
