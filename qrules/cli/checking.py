"""``check`` of several files, of folders, and in the formats of other programs: one answer for each command line."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from functools import partial
from time import monotonic

from qrules.cli import common, judging, reading, results, status
from qrules.cli.results import Config, of_domain
from qrules.configs import gathering
from qrules.configs.files import Files
from qrules.configs.pasted import pasted
from qrules.configs.programs import check_program
from qrules.configs.xml_domain import looks_like, read_domain
from qrules.diagnostics import Unusable, unusable
from qrules.formats import choice, findings
from qrules.formats.findings import Place, Result
from qrules.machine.budget import Question, TooLarge
from qrules.records import NamedTuple
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from qrules.cli.form import Arguments
    from qrules.diagnostics import Diagnostic
    from qrules.explain.verdicts import Verdict

_SHOWN = 6  # files that are passed over are named
_TOLD = {"accept": "accepted", "warn": "accepted with a warning", "reject": "rejected"}
_NO_CONFIG = "QR436"
_NO_CONFIGS = (_NO_CONFIG, "QR474")


class PassedOver(NamedTuple):
    """A file of a folder that has no command line, and what it seems to be."""

    file: str
    why: str


class _Run:
    """What has been looked at so far."""

    def __init__(self, args: Arguments) -> None:
        self.args = args
        self.form = common.form(args)
        self.strict = bool(args.strict)
        self.files = 0
        self.passed_over: list[PassedOver] = []
        self.verdicts: Counter[str] = Counter()
        self.entries: list[dict[str, Any]] = []
        self.shown = monotonic()

    def counted(self, verdict: str) -> None:
        """Takes note of an answer."""
        self.verdicts[verdict] += 1
        if monotonic() - self.shown > 0.5:
            self.shown = monotonic()
            common.progress(f"{sum(self.verdicts.values()):,} command lines checked")


def run(args: Arguments) -> int:
    """Answers for each command line; the status is that of the worst answer."""
    gc.enable()
    asked = _Run(args)
    if args.repairs and asked.form in choice.SHARED:
        raise unusable("QR454", f"--repairs with --format {asked.form}", "--repairs", expected="--format text, json or jsonl")
    if asked.form == "text":
        _as_text(asked)
    elif asked.form in choice.OWN:
        _as_json(asked)
    else:
        for line in choice.lines(_results(asked), asked.form, asked.strict):
            common.show(line)
    common.done()
    if reading.several(args):
        _nothing_found(asked)
        sys.stderr.write(BREAK.join(_summary(asked)) + BREAK)
    status.tell_strict(args, "warn", asked.verdicts["warn"])
    return status.worst(status.of_verdict(word, asked.strict) for word in asked.verdicts)


# ------------------------------------------------------------------------------------- what is looked at
def configs(args: Arguments) -> Iterator[Config]:
    """The command lines that are meant, for other verbs that look at many."""
    return _configs(_Run(args))


def _configs(asked: _Run) -> Iterator[Config]:
    """The command lines that are meant, in the order of the files; what has none and stands in a folder is passed over."""
    args = asked.args
    if args.raw is not None or args.paths in ([], ["-"]):
        yield from _given(args)
        return
    for path in args.paths:
        if os.path.isdir(path):
            for file in gathering.gathered(path):
                args.file = file  # what messages call it
                yield from _of_folder(asked, file)
        else:
            asked.files += 1
            args.file = path
            yield from _of_file(path, partial(reading.raw, path))


def _given(args: Arguments) -> Iterator[Config]:
    document = reading.domain(args)
    if document is not None:
        yield of_domain(reading.name_of(args), "" if args.file == "-" else args.file, document)
        return
    found = reading.pasted(args)
    if found is None:
        check_program(args.raw)
        yield Config(reading.name_of(args), Place(""), list(args.raw), None, reading.files_of(args, None))
        return
    for command in found.commands:
        file = "" if args.raw is not None or args.file == "-" else reading.name_of(args)
        line, column = command.line_and_column
        name = f"{reading.name_of(args)}:{line}:{column}"
        yield Config(name, Place(file, line, column), command.argv, command, reading.files_of(args, found))


def _of_file(path: str, read: Callable[[], bytes]) -> Iterator[Config]:
    """The command lines of a file, or its domain, or what is wrong with it."""
    name, file = ("standard input", "") if path == "-" else (path, path)
    try:
        raw = read()
        if looks_like(raw):
            yield of_domain(name, file, read_domain(raw, name))
            return
        found = pasted(reading.decoded(raw, path), name)
    except Unusable as error:
        yield Config(name, Place(file), [], None, Files(), tuple(error.diagnostics))
        return
    for command in found.commands:
        line, column = command.line_and_column
        files = Files({} if found.options is None else {name: found.options})
        yield Config(f"{name}:{line}:{column}", Place(file, line, column), command.argv, command, files)


def _of_folder(asked: _Run, path: str) -> Iterator[Config]:
    """The same for a file that nobody named: what is no config is no fault of it."""
    try:
        raw = gathering.content(path)
    except OSError as error:
        asked.files += 1
        problem = unusable("QR432", f"can't read it: {error.strerror or error}", path)
        yield Config(path, Place(path), [], None, Files(), tuple(problem.diagnostics))
        return
    if raw is None:
        asked.passed_over.append(PassedOver(path, f"more than {gathering.MAX_BYTES // 1024 // 1024} MiB"))
        return
    found = list(_of_file(path, partial(bytes, raw)))
    problems = found[0].problems
    if problems and (problems[0].code in _NO_CONFIGS or looks_like(raw) or not gathering.names_emulator(raw)):
        asked.passed_over.append(PassedOver(path, problems[0].message))
        return
    asked.files += 1
    yield from found


def verdicts(args: Arguments) -> tuple[list[tuple[str, Verdict]], int]:
    """The verdicts on all command lines, each with its file (empty: none), and how many could not be read, which is told."""
    asked = _Run(args)
    found: list[tuple[str, Verdict]] = []
    for config in _configs(asked):
        problems = config.problems
        if config.document is not None:  # a baseline is one of command lines
            continue
        if not problems:
            try:
                with Question():
                    found.append((config.place.file, judging.judged(args, config.words, config.command, config.files)[2]))
            except Unusable as error:
                problems = tuple(error.diagnostics)
        if problems:
            _complain(asked, problems)
    return found, asked.verdicts["unreadable"]


# ------------------------------------------------------------------------------------- answers
def _results(asked: _Run) -> Iterator[Result]:
    for config in _configs(asked):
        result = results.result(asked.args, config)
        asked.counted(result.verdict)
        yield result


def _as_json(asked: _Run) -> None:
    """An answer a line, or all of them in one object."""
    from qrules.report import json

    for config in _configs(asked):
        entry = {"file": config.place.file or None, **_entry(asked, config)}
        asked.counted(entry.get("counted", entry["verdict"]))
        if asked.form == "jsonl":
            common.show(json.line(entry))
        else:
            asked.entries.append(entry)
    if asked.form == "json":
        skipped = [{"file": one.file, "why": one.why} for one in asked.passed_over]
        common.show(json.dumps({"schema": json.SCHEMA, "commands": asked.entries, "passed-over": skipped}))


def _entry(asked: _Run, config: Config) -> dict[str, Any]:
    from qrules.report import unanswered

    span = {"line": config.place.line, "column": config.place.column} if config.place.line else None
    problems = config.problems
    if not problems:
        try:
            with Question():
                return {"span": span, **results.as_json(asked.args, config)}
        except TooLarge as error:
            return {"span": span, **unanswered.too_large(error.why)}
        except Unusable as error:
            problems = tuple(error.diagnostics)
    return {"span": span, **unanswered.unreadable(problems)}


def _as_text(asked: _Run) -> None:
    """Each command line below where it stands; what is wrong with files goes to the error stream."""
    style = common.style(asked.args)
    first = True
    for config in _configs(asked):
        problems = config.problems
        if not problems:
            common.show(("" if first else BREAK) + style(config.name, "bold"))
            first = False
            try:
                with Question():
                    asked.counted(results.told(asked.args, config))
            except TooLarge as error:
                common.too_large(asked.args, error)
                asked.counted("unknown")
            except Unusable as error:
                problems = tuple(error.diagnostics)
        if problems:
            _complain(asked, problems)


def _complain(asked: _Run, problems: tuple[Diagnostic, ...]) -> None:
    from qrules.report import diagnostics
    from qrules.report.style import wants_colour

    asked.counted("unreadable")
    sys.stderr.write(diagnostics.render(problems, wants_colour(sys.stderr)) + BREAK)


# ------------------------------------------------------------------------------------- the whole
def _nothing_found(asked: _Run) -> None:
    """Raises `Unusable` (QR436) where folders have no command line at all."""
    if not asked.verdicts:
        folders = ", ".join(asked.args.paths)
        raise unusable(
            _NO_CONFIG,
            f"no file has a command line that runs a QEMU emulator ({len(asked.passed_over):,} looked at)",
            folders,
            expected="a folder with scripts, command lines, units, or options as -readconfig takes them",
        )


def _summary(asked: _Run) -> Iterable[str]:
    """How many were what, and which files have no command line."""
    counts = asked.verdicts
    verdicts = ", ".join(f"{counts[word]:,} {told}" for word, told in _words().items() if counts[word])
    total = sum(counts.values()) - counts["unreadable"]
    yield f"{_many(asked.files, 'file')}, {_many(total, 'command line')}: {verdicts}"
    if asked.passed_over:
        named = ", ".join(findings.said(one.file) for one in asked.passed_over[:_SHOWN])
        more = len(asked.passed_over) - _SHOWN
        rest = f" and {more:,} more (--format json lists all, with what each is)" if more > 0 else ""
        yield f"{_many(len(asked.passed_over), 'file')} passed over, without a command line of QEMU: {named}{rest}"


def _words() -> dict[str, str]:
    return {**_TOLD, "unknown": "unknown", "unreadable": "unreadable"}


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
