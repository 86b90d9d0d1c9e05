"""One of many configs, be it a command line or a domain: its answer in each form."""

from __future__ import annotations

from qrules.cli import judging
from qrules.configs.files import Files
from qrules.diagnostics import Unusable
from qrules.formats import findings
from qrules.formats.findings import Place, Result
from qrules.machine.budget import Question
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from qrules.cli.form import Arguments
    from qrules.configs.commands import Command
    from qrules.configs.xml_tree import Document
    from qrules.diagnostics import Diagnostic
    from qrules.machine.request import Where


class Config(NamedTuple):
    """A command line or a domain that is asked about, or what is wrong with the file that was to have one."""

    name: str
    place: Place
    words: list[str]
    command: Command | None
    files: Files
    problems: tuple[Diagnostic, ...] = ()
    document: Document | None = None


def of_domain(name: str, file: str, document: Document) -> Config:
    """The config that a document is."""
    at = document.root.span
    return Config(name, Place(file, at.line, at.column), [], None, Files(), (), document)


def told(args: Arguments, config: Config) -> str:
    """Prints the answer as a text, and gives the verdict."""
    if config.document is None:
        return judging.told(args, config.words, config.command, config.files)
    from qrules.cli import domains

    return domains.told(args, config.document)


def as_json(args: Arguments, config: Config) -> dict[str, Any]:
    """The answer as JSON has it."""
    if config.document is None:
        return judging.as_json(args, config.words, config.command, config.files)[0]
    from qrules.cli import domains

    return domains.as_json(args, config.document)[0]


def result(args: Arguments, config: Config) -> Result:
    """The answer with its findings, for other programs."""
    if config.problems:
        return findings.unreadable(config.problems, config.name, config.place)
    try:
        with Question():
            if config.document is not None:
                return _of_domain(args, config, config.document)
            _, _, verdict = judging.judged(args, config.words, config.command, config.files)
            left = judging.ignored(args, verdict, config.command)
    except Unusable as error:
        return findings.unreadable(error.diagnostics, config.name, config.place)
    why = left.why if left is not None else {}
    found = findings.of_verdict(verdict, config.name, config.place, _positioned(config), why)
    return found if left is None else found._replace(verdict=left.counted)


def _of_domain(args: Arguments, config: Config, document: Document) -> Result:
    from qrules.cli import domains
    from qrules.formats.of_domains import result as of_answer

    return of_answer(domains.answered(args, document), config.name, config.place)


def _positioned(config: Config) -> Callable[[Where | None], Place]:
    """Where words of a command line stand in the user's text."""
    command, file = config.command, config.place.file

    def position(where: Where | None) -> Place:
        if where is None or command is None or not file:
            return config.place
        line, column = command.position(where)
        end_line, end_column = command.position(where._replace(start=where.end))
        if (end_line, end_column) <= (line, column):  # the end stands elsewhere: where a constant is set
            return Place(file, line, column)
        return Place(file, line, column, end_line, end_column)

    return position
