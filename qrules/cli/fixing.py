"""``check --fix`` and ``--diff``: the first repair of each refused command line, written into its file or shown as a difference.

What is written was read again from the very text and judged. The file is replaced whole or not at all, keeps its mode, and a copy
of what it was stands beside it.
"""

from __future__ import annotations

import difflib
import os
import sys

from qrules.cli import common, judging, reading, status
from qrules.configs import gathering
from qrules.configs.pasted import pasted
from qrules.configs.patching import in_place, patched
from qrules.configs.xml_domain import looks_like
from qrules.diagnostics import Unusable, unusable
from qrules.machine.budget import Question
from qrules.records import NamedTuple
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.cli.form import Arguments
    from qrules.place.shown import Repair
    from qrules.report.style import Style

_MOST_BACKUPS = 1_000
_WHOLE = "the whole command line is what `qrules check --repairs --json` prints as argv"


class _Fixed(NamedTuple):
    """What became of a file: its text as it was and as it is to be, lines about it, and the statuses of its command lines."""

    before: str
    after: str
    told: list[str]
    statuses: list[int]


def run(args: Arguments) -> int:
    """Answers for each file; the status is that of the worst config as it stands in the end."""
    if common.form(args) != "text":
        option = "--fix" if args.fix else "--diff"
        raise unusable("QR454", f"{option} with --format {common.form(args)}", option, expected="--format text")
    if args.raw is not None or not args.paths or "-" in args.paths:
        raise unusable(
            "QR456", "there is no file to change", "--fix" if args.fix else "--diff", expected="qrules check --fix FILE..."
        )
    statuses = []
    for number, file in enumerate(_files(args)):
        args.file = file
        if number:
            common.show("")
        try:
            statuses.append(_one(args, file))
        except Unusable as error:
            from qrules.report import diagnostics
            from qrules.report.style import wants_colour

            sys.stderr.write(diagnostics.render(error.diagnostics, wants_colour(sys.stderr)) + BREAK)
            statuses.append(status.UNUSABLE)
    return status.worst(statuses)


def _files(args: Arguments) -> Iterator[str]:
    for path in args.paths:
        if not os.path.isdir(path):
            yield path
            continue
        for file in gathering.gathered(path):
            raw = gathering.content(file)
            if raw is not None and gathering.names_emulator(raw) and _has_commands(raw, file):
                yield file


def _has_commands(raw: bytes, file: str) -> bool:
    try:
        pasted(reading.decoded(raw, file), file)
    except Unusable as error:
        return error.diagnostics[0].code not in ("QR434", "QR436")
    return True


def _one(args: Arguments, file: str) -> int:
    if args.fix and (os.path.islink(file) or not os.path.isfile(file)):
        raise unusable("QR456", "this is a link or no regular file, so it is not written", file, expected="a file of its own")
    fixed = _fixed(args, file, reading.text(file))
    style = common.style(args)
    if args.diff and fixed.after != fixed.before:
        lines = difflib.unified_diff(fixed.before.split("\n"), fixed.after.split("\n"), file, file, lineterm="")
        common.show(BREAK.join(_painted(line, style) for line in lines))
    if args.fix and fixed.after != fixed.before:
        backup = _written(file, fixed.before, fixed.after)
        fixed.told.append(f"{file}: written; what it was stands in {backup}")
    for line in fixed.told:
        common.show(line)
    return status.worst(fixed.statuses)


def _painted(line: str, style: Style) -> str:
    return style(line, "green" if line.startswith("+") else "red") if line.startswith(("+", "-")) else line


def _fixed(args: Arguments, file: str, text: str) -> _Fixed:
    """The text with the first repair of each command line that is refused."""
    if looks_like(text):
        from qrules.cli import domains

        return _Fixed(text, *domains.fixed(args, file, text))
    found = pasted(text, file)
    after, told, statuses = text, [], []
    for number, command in enumerate(found.commands):
        name = ":".join(map(str, (file, *command.line_and_column)))
        with Question():
            board, request, verdict = judging.judged(args, command.argv, command, reading.files_of(args, found))
        stands: str = verdict.verdict
        if stands != "reject":
            told.append(f"{name}: {_AS_IT_IS[stands]}")
        elif found.options is not None or "\0" in text:
            told.append(f"{name}: rejected, and no command line that a shell reads, so nothing is written; {_WHOLE}")
        else:
            with Question():
                repairs = judging.repairs(board, request, args, command.argv, reading.files_of(args, found))
            written = _repaired(args, file, after, number, repairs) if repairs else None
            if written is not None:
                after, stands = written
                from qrules.report import placing

                told += [
                    f"{name}: rejected; {'mended' if args.fix else 'what would mend it'}:",
                    *(f"  {row}" for row in placing.repair_lines(repairs[0])),
                ]
            elif repairs:
                told.append(f"{name}: rejected; its first repair can't be written into this text as it stands; {_WHOLE}")
            else:
                told.append(f"{name}: rejected, and no change that was tried would make it start")
        if not args.fix:
            stands = verdict.verdict
        statuses.append(status.of_verdict(stands, args.strict))
    return _Fixed(text, after, told, statuses)


_AS_IT_IS = {
    "accept": "accepted as it stands",
    "warn": "accepted as it stands, though a guideline speaks against it",
    "unknown": "unknown, so nothing is changed",
}


def _repaired(args: Arguments, file: str, text: str, number: int, repairs: list[Repair]) -> tuple[str, str] | None:
    """The text with the first repair in it, and the verdict on what it reads as; None where that is not what was meant.

    Options stay where they were if that is accepted, too; else they stand as the repair has them.
    """
    command = pasted(text, file).commands[number]
    wanted = list(repairs[0].argv)
    for argv in (in_place(command.argv, wanted), wanted):
        after = patched(command, argv)
        try:
            commands = pasted(after, file).commands
            if number >= len(commands) or commands[number].argv != argv or commands[number].unread:
                continue
            with Question():
                _, _, verdict = judging.judged(args, argv, commands[number], reading.files_of(args, None))
        except Unusable:
            continue
        if verdict.verdict in ("accept", "warn"):
            return after, verdict.verdict
    return None


def _written(file: str, before: str, after: str) -> str:
    """Replaces the file, after a copy of it was made; the copy's name. Raises `Unusable` (QR456) where it has changed."""
    from qrules.cli.writing import write_whole

    with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as handle:
        raw = handle.read()
        mode = os.fstat(handle.fileno()).st_mode & 0o7777
    if raw != before.encode("utf-8"):
        raise unusable("QR456", "the file has changed since it was read, so nothing is written", file)
    backup = _backup(file, raw, mode)
    write_whole(file, after)
    return backup


def _backup(file: str, raw: bytes, mode: int) -> str:
    """A copy beside the file under a name that nothing has yet."""
    for number in range(_MOST_BACKUPS):
        name = f"{file}.bak" if number == 0 else f"{file}.bak{number}"
        try:
            handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            continue
        with open(handle, "wb") as copy:
            copy.write(raw)
            os.fchmod(copy.fileno(), mode)
        return name
    raise unusable("QR456", f"there are {_MOST_BACKUPS:,} copies of it already, so nothing is written", file)
