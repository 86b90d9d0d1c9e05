"""Every reader of qrules as a function of one text: it reads, answers, and shows the answer in all forms.

What may be raised is `Unusable` (and what argparse ends with, status 2); `Odd` is raised where an answer is none that should come.
Words of a command line are parted by the unit separator, U+001F.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from qrules.configs import argv, ini, pasted, xml_edit
from qrules.configs.xml_tree import read_document
from qrules.diagnostics import Unusable
from qrules.explain.bulk import Bulk
from qrules.explain.messages import Phrases, explain
from qrules.explain.verdicts import Verdict, judge
from qrules.knowledge.model import Knowledge
from qrules.machine.budget import MOST_TOLD
from qrules.plugging.board import Board
from qrules.report import diagnostics, messages
from qrules.report import json as shapes
from qrules.report import text as report
from qrules.report.style import Style
from qrules.rulesets.store import open_store
from qrules.visible import BREAK, seen, shown
from tests.fuzz.seeds import (
    PART,
    api_seeds,
    argv_seeds,
    board_seeds,
    ini_seeds,
    jsonl_seeds,
    lines,
    place_seeds,
    rule_seeds,
    verb_seeds,
    xml_seeds,
)

OUTPUT = 100_000  # characters that an answer may have, and
LINEAR = 120  # more for each character of the input, besides
A_REASON = 700  # for each character of reasons: two of the input can be a word that is refused, which JSON tells in 1,300
_VERDICTS = ("accept", "warn", "reject", "unknown")


class Odd(Exception):
    """An answer that is none."""


class Reader(NamedTuple):
    """A reader: texts to begin with, what it does with one, and how many inputs an ordinary test run gives it."""

    name: str
    seeds: Callable[[], tuple[str, ...]]
    ask: Callable[[str], None]
    count: int


# ------------------------------------------------------------------------------------- what all share
@functools.cache
def board() -> Board:
    """The machines of the newest shipped rules."""
    store = open_store()
    return Board(store.knowledge(store.resolve("10.0", "x86_64")))


def compiled() -> None:
    """Compiles all shipped rules, before anything is measured: `explain` may ask those of every architecture."""
    store = open_store()
    for entry in store.targets():
        store.knowledge(entry).piece("phrases")


def no_file(path: str) -> str:
    """Stands for the files of the host: there is none."""
    raise FileNotFoundError(2, "No such file or directory", path)


def bounded(composed: str, given: str) -> None:
    """Raises `Odd` where an answer is longer than the input allows, or would not show as it is."""
    answer = shown(composed)
    if len(answer) > OUTPUT + LINEAR * len(given) + min(A_REASON * len(given), MOST_TOLD * 2 * A_REASON):
        raise Odd(f"{len(answer):,} characters of answer to {len(given):,} of input")
    if unseen := sorted(c for c in set(answer) if not seen(c) and c != "\n"):
        raise Odd(f"an answer with {unseen[:3]} in it")
    if "::" in answer and any(line.lstrip().startswith("::") for line in answer.split("\n")):
        raise Odd("an answer with a line that is a command to a CI system")


def show(answer: Verdict, given: str, words: list[str]) -> None:
    """A verdict in both forms."""
    if answer.verdict not in _VERDICTS:
        raise Odd(f"the verdict {answer.verdict!r}")
    bounded(report.verdict(answer, Style(False), words), given)
    bounded(shapes.dumps(shapes.verdict(answer)), given)


@contextlib.contextmanager
def told(given: str) -> Iterable[None]:  # type: ignore[misc]
    """Unusable input is told of, and that is that."""
    try:
        yield
    except Unusable as error:
        if not error.diagnostics or not all(d.code and d.message for d in error.diagnostics):
            raise Odd("a diagnostic without code or message") from error
        bounded(diagnostics.render(error.diagnostics), given)


# ------------------------------------------------------------------------------------- configs
def ask_argv(text: str) -> None:
    """A command line as a list of words."""
    words = text.split(PART)
    with told(text):
        show(judge(board(), argv.read(words, board().knowledge, no_file)), text, words)


def ask_shell(text: str) -> None:
    """A command line as a shell takes it."""
    with told(text):
        found = pasted.pasted(text, "input").commands[0]
        request = argv.read(found.argv, board().knowledge, no_file)
        show(judge(board(), request), text, found.argv)
        for device in request.devices[:5]:
            if device.where is not None and min(found.position(device.where)) < 1:
                raise Odd("a place before the beginning")


def ask_ini(text: str) -> None:
    """A file of -readconfig."""
    with contextlib.suppress(ini.Misshapen):
        ini.sections(text)
    with told(text):
        words = ["-M", "q35", "-readconfig", "file"]
        show(judge(board(), argv.read(words, board().knowledge, lambda _: text)), text, words)


@functools.cache
def _bulk() -> Bulk:
    return Bulk(open_store())


def ask_jsonl(text: str) -> None:
    """A line of ``check --jsonl``: it has an answer, whatever stands in it."""
    if "readconfig" in text:
        return
    answer = _bulk().answer(text.encode("utf-8", "surrogatepass"))
    if answer.verdict not in (*_VERDICTS, "unreadable"):
        raise Odd(f"the verdict {answer.verdict!r}")
    bounded(shapes.line(shapes.answer(answer)), text)


def ask_xml(text: str) -> None:
    """An XML document: places of all that is in it, and an edit of each kind, after which it is read again."""
    with told(text):
        document = read_document(text, "vm.xml")
        elements = list(document.root.walk())
        for element in elements:
            if not text.removeprefix("\ufeff")[element.span.start :].startswith(f"<{element.name}"):
                raise Odd("an element that stands somewhere else")
            if [a.value for a in element.attributes.values()] != list(element.given.values()):
                raise Odd("attributes that have other values where they stand")
        last, new = elements[-1], xml_edit.Fresh("n", {"k": text[-20:].translate(_NOT_XML)})
        edits = [xml_edit.set_attribute(last, "k", "'\"<&"), xml_edit.append_child(last, new)]
        if elements[1:]:
            edits.append(xml_edit.insert_before(elements[1], new))
        for edit in edits:
            if read_document(xml_edit.applied(document, [edit]), "vm.xml").root.name != document.root.name:
                raise Odd("an edit that makes another document")


_NOT_XML = dict.fromkeys((*range(32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))


# ------------------------------------------------------------------------------------- rules
def ask_rule_text(text: str) -> None:
    """A rule text, read."""
    from qrules.language.reader import read_text

    with told(text):
        read_text(text, "x.qr")


def ask_format(text: str) -> None:
    """A rule text, formatted: twice is once."""
    from qrules.language.formatter import formatted

    with told(text):
        once = formatted(text)
        bounded(once, text)
        if formatted(once) != once:
            raise Odd("formatting twice differs from formatting once")


def ask_board(text: str) -> None:
    """A rule set, compiled, and its tests run."""
    import tempfile

    from qrules.language import tree
    from qrules.language.reader import read_text
    from qrules.plugging.board import NoRules
    from qrules.rule_tests.trial import Trial
    from qrules.rulesets import build

    with tempfile.TemporaryDirectory(prefix="qrules-fuzz-") as folder, told(text):
        Path(folder, "board.qr").write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
        compiled = build.compile_rule_set(Path(folder))
        for (version, arch), pieces in list(compiled.targets.items())[:2]:
            made = Board(Knowledge(version, arch, {"schema": [], **pieces}.__getitem__))
            for test in (s for s in read_text(text, "board.qr") if isinstance(s, tree.Test)):
                facts = made.knowledge.machine(test.machine.text)
                if facts is not None:
                    with contextlib.suppress(NoRules):
                        list(Trial(made, facts, test).failures())


# ------------------------------------------------------------------------------------- messages
@functools.cache
def _phrases() -> Phrases:
    return Phrases(board().knowledge)


@functools.cache
def message_seeds() -> tuple[str, ...]:
    """What rules have the emulator say, with names in the holes, and with what stands before it in a terminal."""
    said = ["".join(p if isinstance(p, str) else "pcie.0" for p in phrase.parts) for phrase in _phrases().all]
    before = ("", "qemu-system-x86_64: -device e1000,addr=2: ", "2024-01-01T00:00:00Z qemu-kvm: ", "error: internal error: ")
    told_by_qmp = '{"error": {"class": "GenericError", "desc": "Bus \'pcie.0\' does not support hotplugging"}}'
    return (*(before[i % 4] + text for i, text in enumerate(dict.fromkeys(said)) if text.strip()), told_by_qmp)


def ask_message(text: str) -> None:
    """A message of the emulator, explained."""
    found = explain([_phrases()], text)
    bounded(messages.explained(found, Style(False)), text)
    bounded(shapes.dumps(shapes.explained(found)), text)


# ------------------------------------------------------------------------------------- verbs
_LONG = ("query-machines", "machines", "completion", "types", "diff")  # whose answers are long whatever is asked


def ask_verb(text: str) -> None:
    """The words of qrules itself, as from a shell; standard input is empty."""
    from qrules.cli.main import main

    words = [word.replace("\0", "") for word in text.split(PART)]
    before = words[: words.index("--")] if "--" in words else words
    if any(_harmful(word, number) for number, word in enumerate(before)):
        return
    out, err, given = io.StringIO(), io.StringIO(), io.TextIOWrapper(io.BytesIO(b""))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _stdin(given), told(text):
        try:
            status = main(words)
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 99
        except OSError as error:
            status = 2 if error.strerror else 99
        if status not in (0, 1, 2, 3):
            raise Odd(f"status {status}")
    if words[0] not in _LONG:
        bounded((out.getvalue() + err.getvalue()).replace("\n", BREAK), text)


def _harmful(word: str, number: int) -> bool:
    """Whether a word may start a program or write a file."""
    return (
        word.startswith(("--sv", "--s=", "--bi", "--fix", "--w"))
        or word in ("--s", "-o", "--svg")
        or (number == 0 and word in ("rules", "harvest", "verify"))
    )


@contextlib.contextmanager
def _stdin(given: io.TextIOWrapper) -> Iterable[None]:  # type: ignore[misc]
    before, sys.stdin = sys.stdin, given
    try:
        yield
    finally:
        sys.stdin = before


# ------------------------------------------------------------------------------------- the Python interface
_ODD_VALUES: tuple[object, ...] = (
    None, True, 0, -1, 1.5, float("nan"), 10**400, "", "q35", "pc", "e1000", "\0", "\ud800", "x" * 5000, b"q35", b"\xff", [], ["-M", "q35"], ["-M", None], [b"-M", b"q35"],
    ["-M", "q35", "-device", 5], ("-M", "q35"), {"-M": "q35"}, {1, 2}, object(), ["-M", "\ud800"], "10.0", "7.2", "x86_64", ["qemu"], ["zork"], [[]], "-M q35", "\u202e", range(3), int, "/dev/null", ".",
)  # fmt: skip


def ask_api(text: str) -> None:
    """A call of the Python interface with values of any type: `Unusable`, `TypeError` (the caller's own mistake) or an answer."""
    import qrules

    name, *numbers = text.split("|")
    values = [_ODD_VALUES[int(n) % len(_ODD_VALUES)] for n in re.findall(r"\d{1,4}", "|".join(numbers))[:6]] + [None] * 6
    a, b, c, d, e, _ = values[:6]
    calls: dict[str, Callable[[], object]] = {
        "check": lambda: qrules.check(argv=b, qemu=d, arch=c, profiles=e or ()),  # type: ignore[arg-type]
        "machine": lambda: qrules.machine(a, arch=b, qemu=c, nodefaults=d, usb=e, smp=values[5]),  # type: ignore[arg-type]
        "place": lambda: qrules.place(argv=a, wants=b, arch=c, qemu=d),  # type: ignore[arg-type]
        "convert": lambda: qrules.convert(argv=a, to=b, keep=c or (), without=d or (), profiles=e or ()),  # type: ignore[arg-type]
        "why": lambda: qrules.machine("q35").why(b, c or ()),  # type: ignore[arg-type]
        "spare": lambda: qrules.spare(a, argv=["-M", "q35"], arch=b, qemu=c),  # type: ignore[arg-type]
        "hotplug": lambda: qrules.hotplug(a, argv=["-M", "q35"], arch=b, qemu=c),  # type: ignore[arg-type]
        "explain": lambda: qrules.explain(a, arch=b, qemu=c),  # type: ignore[arg-type]
        "repairs": lambda: qrules.repairs(argv=a, arch=b, qemu=c),  # type: ignore[arg-type]
    }
    with told(text * 100), contextlib.suppress(TypeError):
        calls.get(name, calls["check"])()


READERS = (
    Reader("argv", argv_seeds, ask_argv, 600),
    Reader("shell", lines, ask_shell, 600),
    Reader("ini", ini_seeds, ask_ini, 500),
    Reader("jsonl", jsonl_seeds, ask_jsonl, 600),
    Reader("xml", xml_seeds, ask_xml, 600),
    Reader("rule-text", rule_seeds, ask_rule_text, 150),
    Reader("format", rule_seeds, ask_format, 100),
    Reader("board", board_seeds, ask_board, 60),
    Reader("message", message_seeds, ask_message, 300),
    Reader("place", place_seeds, ask_verb, 40),
    Reader("verb", verb_seeds, ask_verb, 50),
    Reader("api", api_seeds, ask_api, 300),
)
