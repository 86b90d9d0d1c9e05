"""``check --jsonl``: a stream of questions to a stream of answers, in order, in memory that does not grow."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from itertools import chain, islice
from time import monotonic
from typing import IO

from qrules.cli import common, status
from qrules.configs.lines import MAX_LINE, Unreadable, read_line
from qrules.diagnostics import unusable
from qrules.explain.bulk import Answer, Bulk
from qrules.fleet.alike import Alike
from qrules.fleet.checking import Checking, counts, whole
from qrules.fleet.collecting import Collector
from qrules.fleet.processes import together
from qrules.report import json as shapes
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from qrules.cli.form import Arguments

    Told: TypeAlias = tuple[str, tuple[str, ...]]  # a line of the output, and what it counts as

_CHUNK = 64  # lines that one process takes at a time
_AHEAD = 4  # chunks a process that are read ahead
_TOLD = {
    "accept": "accepted",
    "warn": "accepted with a warning",
    "reject": "rejected",
    "unknown": "unknown",
    "unreadable": "unreadable",
}
_DOMAIN = b'"libvirt-xml"'  # a line that has it asks about a domain


def run(args: Arguments) -> int:
    """Answers every line; the status is that of the worst answer."""
    if args.raw is not None or args.paths:
        raise unusable("QR430", "a config and --jsonl at once", "--jsonl", expected="one of them")
    _refuse(args)
    jobs = common.at_once(args.jobs)
    asked = _Lines(args)
    told, counted = monotonic(), Counter[str]()
    with _opened(args.jsonl) as source, closing(_answers(asked, args, _lines(source), jobs)) as answers:
        for text, kinds in answers:
            common.show(text)
            counted.update(kinds)
            if monotonic() - told > 0.5:
                told = monotonic()
                common.progress(f"{counted['config']:,} configs checked")
    common.done()
    if args.summary:
        sys.stderr.write(_summary(counted) + BREAK)
    status.tell_strict(args, "warn", counted["warn"])
    return status.worst(status.of_verdict(word, args.strict) for word in _TOLD if counted[word])


def _refuse(args: Arguments) -> None:
    """Raises `Unusable` (QR454) for options that go with files alone."""
    wanted = {"--repairs": args.repairs, "--fix": args.fix, "--diff": args.diff, "--baseline": args.baseline}
    wanted |= {"--write-baseline": args.write_baseline, "--format": args.format not in (None, "jsonl")}
    for option, given in wanted.items():
        if given:
            raise unusable("QR454", f"{option} with --jsonl", option, expected=f"qrules check {option} with FILE... or a folder")


def _summary(counts: Counter[str]) -> str:
    verdicts = ", ".join(f"{counts[word]:,} {told}" for word, told in _TOLD.items() if counts[word])
    return (
        f"{counts['config']:,} configs: {verdicts or 'none'}. Something not looked at: {counts['unchecked']:,}; "
        f"something taken as given: {counts['assumed']:,}; accepted without either: {counts['sure']:,}."
    )


class _Lines:
    """What answers lines: those about command lines, and those about domains."""

    def __init__(self, args: Arguments) -> None:
        self.bulk = Bulk(common.store(args), args.arch, args.qemu, tuple(args.profile), args.files)
        self._alike = Alike(Checking(self.bulk))
        self._libvirt = args.libvirt
        self._domains: Any = None

    def answer(self, line: bytes) -> Told:
        """The answer to a line. Never raises for what stands in it."""
        if _DOMAIN in line:
            return self._of_domain(line)
        try:
            asked = read_line(line)
        except Unreadable as error:
            answer = Answer(error.id, "unreadable", None, (("QR440", str(error)),))
            return shapes.line(shapes.answer(answer)), counts(answer)
        text, counted = self._alike.told(asked)
        return whole(asked.id, text), counted

    def _of_domain(self, line: bytes) -> Told:
        """The answer to a line that asks about a domain."""
        from qrules.domains.stream import DomainStream
        from qrules.report import domains_json

        if self._domains is None:
            self._domains = DomainStream(self.bulk.store, self._libvirt, self.bulk.qemu, self.bulk.profiles)
        answer = self._domains.answer(line)
        return shapes.line(domains_json.line(answer)), ("config", answer.verdict)


def _opened(name: str) -> IO[bytes]:
    if name == "-":
        return common.standard_input()
    try:
        return open(name, "rb")
    except OSError as error:
        raise unusable("QR432", f"can't read it: {error.strerror or error}", name, expected="a file of JSON lines") from error


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    """The lines that are not blank. One that is too long is cut, so that it is told of, and passed over."""
    while line := source.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = source.readline(MAX_LINE)
        if line.strip():
            yield line


def _answers(asked: _Lines, args: Arguments, lines: Iterator[bytes], jobs: int) -> Generator[Told, None, None]:
    """The answers in their order, from no more processes than there are lines."""
    first = list(islice(lines, jobs)) if jobs > 1 else []
    lines = chain(first, lines)
    if len(first) < 2:
        collector = Collector()
        for line in lines:
            yield asked.answer(line)
            collector.answered()
        return
    with together(len(first), _start, args) as pool:
        yield from _together(pool, lines, len(first) * _AHEAD)


def _together(pool: ProcessPoolExecutor, lines: Iterator[bytes], ahead: int) -> Iterator[Told]:
    waiting: deque[Future[list[Told]]] = deque()
    while chunk := list(islice(lines, _CHUNK)):
        waiting.append(pool.submit(_work, chunk))
        if len(waiting) >= ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


# ------------------------------------------------------------------------------------- in a process of its own
_own: list[tuple[_Lines, Collector]] = []


def _start(args: Arguments) -> None:
    """Begins a process of its own."""
    _own.append((_Lines(args), Collector()))


def _work(chunk: list[bytes]) -> list[Told]:
    asked, collector = _own[0]
    answers = []
    for line in chunk:
        answers.append(asked.answer(line))
        collector.answered()
    return answers
