"""``check``: the verdict on a whole config, with every reason."""

from __future__ import annotations

import argparse

from qrules.cli import common
from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.configs.shell import Command
    from qrules.machine.request import Request, Where
    from qrules.place.shown import Repair
    from qrules.plugging.board import Board

_MAX_BYTES = 4 * 1024 * 1024


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
    sub.add_argument("--jobs", type=int, default=1, metavar="N", help="with --jsonl: how many processes (1)")
    common.add_choice(sub)
    sub.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    """Status 0 for accepted and warned (not with --strict), 1 for rejected and unknown; of a stream, that of `bulk.run`."""
    if args.jsonl is not None:
        from qrules.cli import bulk

        return bulk.run(args)
    from qrules.configs import argv
    from qrules.configs.files import Files
    from qrules.explain.verdicts import judge

    pasted = _pasted(args)
    words = pasted.argv if pasted is not None else list(args.raw)
    board = common.board(args, argv.architecture(words))
    argv.known_profiles(args.profile, board.knowledge)
    request = argv.read(words, board.knowledge, Files())
    verdict = judge(board, request, tuple(args.profile))
    if args.json:
        from qrules.report import json

        answer = json.verdict(verdict)
        if args.repairs:
            from qrules.report import placing

            answer["repairs"] = [placing.repair_json(r) for r in _repairs(board, request, args, words)]
        if pasted is not None:
            _locate([r.span for r in verdict.assumed], answer["notes"], pasted)
            _locate([r.span for r in verdict.reasons], answer["reasons"], pasted)
        common.show(json.dumps(answer))
    else:
        from qrules.report import text as texts

        common.show(texts.verdict(verdict, common.style(args), words))
        if args.repairs and verdict.verdict == "reject":
            from qrules.report import placing

            common.show(placing.repairs_text(_repairs(board, request, args, words), common.style(args)))
    return _status(verdict.verdict, args.strict)


def _repairs(board: Board, request: Request, args: argparse.Namespace, words: list[str]) -> list[Repair]:
    from qrules.configs import argv
    from qrules.configs.converting import written_out
    from qrules.configs.files import Files
    from qrules.place.repairs import repairs

    inline = written_out(words, Files())  # what a file says can be changed only once it stands in the command line
    if inline != words:
        request = argv.read(inline, board.knowledge, Files())
    return repairs(board, request, tuple(args.profile), argv=inline)


def _status(verdict: str, strict: bool) -> int:
    return 1 if verdict in ("reject", "unknown") or (strict and verdict == "warn") else 0


def words_of(args: argparse.Namespace) -> list[str]:
    """The command line that is meant: that of a file, or what stands behind the two dashes.

    Raises `Unusable`: QR430 for both at once, QR431 for neither, QR432 to QR436 for a file that can't be read.
    """
    pasted = _pasted(args)
    return pasted.argv if pasted is not None else list(args.raw)


def _locate(spans: list[Where] | list[Where | None], told: list[dict[str, Any]], pasted: Command) -> None:
    """Adds line and column in the user's own text to spans."""
    for where, entry in zip(spans, told, strict=True):
        if where is not None:
            entry["span"]["line"], entry["span"]["column"] = pasted.position(where)


def _pasted(args: argparse.Namespace) -> Command | None:
    """The command line as a shell takes it, from a file or in one word; None where the words stand alone."""
    from qrules.configs import shell

    if args.raw is not None:
        if args.file is not None:
            raise unusable("QR430", "a file and a command line at once", args.file, expected="one of them")
        one = args.raw[0] if len(args.raw) == 1 else ""
        return shell.command(one, "the command line") if any(c.isspace() for c in one) else None
    if args.file is None:
        raise unusable(
            "QR431", "nothing to check", "check", expected="qrules check FILE, or qrules check -- qemu-system-x86_64 ARGS..."
        )
    return shell.command(_text(args.file), args.file)


def _text(file: str) -> str:
    try:
        if file == "-":
            raw = common.standard_input().read(_MAX_BYTES + 1)
        else:
            with open(file, "rb") as handle:
                raw = handle.read(_MAX_BYTES + 1)
    except OSError as error:
        raise unusable(
            "QR432", f"can't read it: {error.strerror or error}", file, expected="a file with a QEMU command line"
        ) from error
    if len(raw) > _MAX_BYTES:
        raise unusable("QR433", f"more than {_MAX_BYTES // 1024 // 1024} MiB", file, expected="a QEMU command line")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise unusable("QR434", f"byte {error.start} is not UTF-8 text", file, expected="a QEMU command line") from error
