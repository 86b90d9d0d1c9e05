"""The verdict on one command line, and its answer as a text or as JSON."""

from __future__ import annotations

import os

from qrules.cli import common, reading
from qrules.cli.form import Arguments
from qrules.configs import argv
from qrules.configs.files import Files
from qrules.explain.verdicts import judge
from qrules.report.style import wrapped
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.configs.commands import Command
    from qrules.explain.ignoring import Ignored
    from qrules.explain.verdicts import Verdict
    from qrules.machine.request import Request, Where
    from qrules.place.shown import Repair
    from qrules.plugging.board import Board


def told(args: Arguments, words: list[str], pasted: Command | None, files: Files) -> str:
    """Prints the answer as a text, and gives the verdict."""
    from qrules.report import text as texts
    from qrules.report.excerpts import Excerpts

    board, request, verdict = judged(args, words, pasted, files)
    excerpts = Excerpts(words, pasted, reading.name_of(args))
    common.show(texts.verdict(verdict, common.style(args), words, excerpts))
    left = ignored(args, verdict, pasted)
    if left is not None and (left.why or left.unused):
        from qrules.report import ignoring

        common.show(ignoring.text(verdict, left, common.style(args)))
    if args.repairs and verdict.verdict == "reject":
        from qrules.report import placing

        common.show(placing.repairs_text(repairs(board, request, args, words, files), common.style(args)))
    elif verdict.verdict == "reject" and (left is None or left.counted == "reject"):
        common.show(BREAK + wrapped(_way_on(args)))
    return verdict.verdict if left is None else left.counted


def ignored(args: Arguments, verdict: Verdict, pasted: Command | None) -> Ignored | None:
    """What of a verdict does not count, since a comment, `qrules.toml` or a baseline says so; None where nobody says anything.

    Raises `Unusable` (QR457) for a comment that has no reason.
    """
    commented = pasted is not None and "qrules:" in pasted.text
    if args.rest is None and not commented:
        return None
    from qrules.explain import ignoring

    comments: list[ignoring.Ignore] = []
    name = reading.name_of(args)
    if commented and pasted is not None:
        kept = args.__dict__.setdefault("comments", {})
        if kept.get("text") is not pasted.text:
            kept.update(text=pasted.text, said=ignoring.Comments(pasted.text, name))
        last = pasted.line_and_column_at(max(word.end for word in pasted.words))[0]
        comments = kept["said"].about(pasted.line_and_column[0], last)
    return ignoring.ignored(verdict, comments, args.rest, _relative(args))


def _relative(args: Arguments) -> str:
    """The file as `qrules.toml` names files; empty where there is none."""
    if args.raw is not None or args.file in (None, "-"):
        return ""
    return os.path.relpath(args.file, args.rest.folder) if args.rest is not None else str(args.file)


def _way_on(args: Arguments) -> str:
    """How a refusal goes on: what shows its repairs, and what writes the first one."""
    if args.raw is not None or args.file in (None, "-"):
        return "`qrules check --repairs` shows what would make it start"
    return "`qrules check --repairs` shows what would make it start, `--diff` the first of it in this file; `--fix` writes it"


def as_json(args: Arguments, words: list[str], pasted: Command | None, files: Files) -> tuple[dict[str, Any], str]:
    """The answer as JSON has it, and the verdict."""
    from qrules.report import json

    board, request, verdict = judged(args, words, pasted, files)
    answer: dict[str, Any] = dict(json.verdict(verdict))
    if args.repairs:
        from qrules.report import placing

        answer["repairs"] = [placing.repair_json(r) for r in repairs(board, request, args, words, files)]
    if pasted is not None:
        _locate([r.span for r in (*verdict.remarks, *verdict.assumed)], answer["notes"], pasted)
        _locate([u.span for u in verdict.unchecked], answer["unchecked"], pasted)
        _locate([r.span for r in verdict.reasons], answer["reasons"], pasted)
    left = ignored(args, verdict, pasted)
    if left is None:
        return answer, verdict.verdict
    for number, why in left.why.items():
        answer["reasons"][number]["ignored"] = why
    return {**answer, "counted": left.counted}, left.counted


def judged(args: Arguments, words: list[str], pasted: Command | None, files: Files) -> tuple[Board, Request, Verdict]:
    """The verdict on a command line, with the machines and the request that it was found with. Raises `Unusable`."""
    board = board_of(args, words)
    argv.known_profiles(args.profile, board.knowledge)
    request = argv.read(words, board.knowledge, files)
    if pasted is not None and pasted.unread:
        request = request._replace(not_known=tuple(reading.not_known(pasted, reading.name_of(args))))
    return board, request, judge(board, request, tuple(args.profile))


def board_of(args: Arguments, words: list[str]) -> Board:
    """One for all command lines of an architecture, or of a program where that is asked itself."""
    boards: dict[str | None, Board] = args.__dict__.setdefault("boards", {})
    arch, asked = argv.architecture(words), args
    if args.at_hand == "auto":
        asked = Arguments(**{**vars(args), "at_hand": reading.program_of(words)})
        arch = str(asked.at_hand)
    if arch not in boards:
        boards[arch] = common.board(asked, arch, many=reading.several(args))
    return boards[arch]


def repairs(board: Board, request: Request, args: Arguments, words: list[str], files: Files) -> list[Repair]:
    """What would make a refused command line start, the cheapest first."""
    from qrules.configs.converting import written_out
    from qrules.place import repairs as place

    inline = written_out(words, files)  # what a file says can be changed only once it stands in the command line
    if inline != words:
        request = argv.read(inline, board.knowledge, Files())
    return place.repairs(board, request, tuple(args.profile), argv=inline)


def _locate(spans: list[Where] | list[Where | None], told: list[dict[str, Any]], pasted: Command) -> None:
    """Adds line and column in the user's own text to spans."""
    for where, entry in zip(spans, told, strict=True):
        if where is not None:
            entry["span"]["line"], entry["span"]["column"] = pasted.position(where)
