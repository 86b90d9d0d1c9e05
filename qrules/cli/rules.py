"""``rules``: tools for rule authors. ``test`` runs the tests beside the rules, ``lint`` looks for loose ends, ``fmt`` formats,
``stats`` measures, ``index`` lists what each file is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qrules.cli import beginning, common, linting, status
from qrules.visible import BREAK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.cli.form import Arguments, Form
    from qrules.formats.findings import Result
    from qrules.rule_tests.binary import Asked
    from qrules.rule_tests.run import Failure, RuleTest


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    tools = sub.add_subparsers(dest="tool", metavar="TOOL", required=True)
    test = tools.add_parser("test", help="run the tests that stand beside the rules")
    test.add_argument("--only", default="", metavar="TEXT", help="only tests whose title or file has this in it")
    test.add_argument("--binary", metavar="BINARY", help="ask a QEMU the same, instead of the rules: a path, or a name on PATH")
    test.add_argument("--jobs", type=int, metavar="N", help="how many emulators at once (as many as there are processors)")
    lint = tools.add_parser(
        "lint", help="what compiling finds, rules without reason or source, and what decides or means nothing"
    )
    linting.configure(lint)
    fmt = tools.add_parser("fmt", help="put rule files into the one style; comments stay")
    fmt.add_argument("--check", action="store_true", help="change nothing; exit with 1 where something would change")
    fmt.add_argument("--diff", action="store_true", help="change nothing; show what would change")
    new = tools.add_parser("new", help="a start for rules of your own, which passes lint and test")
    beginning.configure(new)
    common.add_form(new)
    for tool in (test, fmt):
        status.add(tool)
    common.add_formats(test)
    stats = tools.add_parser(
        "stats", help="how many lines, how many rules with reason and source, what compiling and loading cost"
    )
    stats.add_argument(
        "--changes",
        nargs="?",
        const="",
        metavar="VERSION",
        help="only what depends on the emulator's version: by version, or each line of one",
    )
    index = tools.add_parser("index", help="what each rule file is about and describes, as a Markdown page")
    for tool, run in ((test, _test), (lint, linting.run), (fmt, _fmt), (stats, _stats), (index, _index)):
        tool.add_argument("folder", metavar="FOLDER", nargs="?", help="a rule folder or file (the shipped rules)")
        common.add_form(tool)
        tool.set_defaults(run=run)


def _folder(args: Arguments) -> Path | None:
    return Path(args.folder) if args.folder else None


def _test(args: Arguments) -> int:
    """Status 0 where all hold, 1 where one fails or none was asked."""
    if args.binary:
        return _test_binary(args)
    from qrules.rule_tests.run import run_tests

    results = run_tests(_folder(args), args.only)
    failed = [t for t in results if not t.passed]
    form = common.form(args)
    if form != "text":
        _tests_in(form, results, "the rules")
    else:
        style = common.style(args)
        for tested in failed:
            common.show(
                f"{style('failed', 'bold', 'red')} {tested.span.file}:{tested.span.line} ({tested.target}): {tested.title}"
            )
            _show_failures(tested.failures, "came")
        tests, wrong = ({t.span for t in found} for found in (results, failed))  # each in all versions that it is about
        common.show(f"{len(tests) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if failed or not results else 0


def _show_failures(failures: tuple[Failure, ...], source: str) -> None:
    for failure in failures:
        common.show(f"  line {failure.span.line}")
        common.show(f"    {'expected':<9} {failure.expected}{BREAK}    {source:<9} {failure.came}")


def _tests_in(form: str, results: Sequence[RuleTest | Asked], came: str, **more: str) -> None:
    """Prints what became of tests for programs; `came` is who answered, `more` what JSON tells besides."""
    from qrules.formats import findings
    from qrules.report import json, rule_files

    if form == "json":
        common.show(json.dumps({"schema": json.SCHEMA, **more, "tests": [rule_files.tested(t) for t in results]}))
    elif form == "jsonl":
        for tested in results:
            common.show(json.line({"schema": json.SCHEMA, **more, **rule_files.tested(tested)}))
    else:
        _show_shared(form, [findings.of_test(t, came) for t in results])


def _show_shared(form: str, results: list[Result]) -> None:
    from qrules.formats import choice

    for line in choice.lines(results, form):
        common.show(line)


# ------------------------------------------------------------------------------------- test --binary
def _test_binary(args: Arguments) -> int:
    from qrules.diagnostics import unusable
    from qrules.qemu import keeper, process
    from qrules.qemu.errors import QemuError
    from qrules.rule_tests.binary import ask_tests

    results: list[Asked] = []
    jobs = common.at_once(args.jobs)
    keeper.adopt()
    try:
        emulator = f"QEMU {process.version(args.binary)}"
        for asked in ask_tests(args.binary, _folder(args), args.only, _progress, jobs):
            results.append(asked)
            if asked.failures and common.form(args) == "text":
                common.done()
                _show_asked(asked, emulator, args)
    except QemuError as error:
        raise unusable("QR510", str(error), args.binary) from error
    finally:
        common.done()
        keeper.sweep()
    _conclude(args, results, emulator)
    return 1 if all(a.elsewhere for a in results) or any(a.failures for a in results) else 0


def _progress(done: int, total: int) -> None:
    common.progress(f"{done} of {total} tests asked")


def _show_asked(asked: Asked, emulator: str, args: Arguments) -> None:
    style = common.style(args)
    common.show(f"{style('differs', 'bold', 'red')} {asked.span.file}:{asked.span.line} ({emulator}): {asked.title}")
    _show_failures(asked.failures, "QEMU")


def _conclude(args: Arguments, results: list[Asked], emulator: str) -> None:
    form = common.form(args)
    if form != "text":
        _tests_in(form, results, emulator, binary=args.binary)
        return
    left_out = [a for a in results if a.reason and not a.elsewhere]
    elsewhere = sum(1 for a in results if a.elsewhere)
    results = [a for a in results if not a.elsewhere]
    for asked in left_out:
        common.show(f"not asked {asked.span.file}:{asked.span.line}: {asked.title} ({asked.reason})")
    different = sum(1 for a in results if a.failures)
    same = len(results) - len(left_out) - different
    lines, passed_over = sum(a.lines for a in results), sum(a.passed_over for a in results)
    common.show(f"{emulator}: {same} tests the same, {different} different, {len(left_out)} not asked")
    common.show(f"{lines} lines compared, {passed_over} passed over, which no binary can answer")
    if elsewhere:
        common.show(f"{elsewhere} tests are about other machines or versions")


# ------------------------------------------------------------------------------------- stats
def _stats(args: Arguments) -> int:
    from qrules.report.style import table
    from qrules.rulesets.statistics import statistics

    if args.changes is not None:
        return _changes(args)
    found = statistics(_folder(args))
    if args.json:
        from qrules.report import json

        parts = {"lines": [row._asdict() for row in found.lines], "targets": [row._asdict() for row in found.targets]}
        common.show(json.dumps({"schema": json.SCHEMA, **found._asdict(), **parts}))
        return 0
    rows = [(r.folder, str(r.files), str(r.rules), str(r.tests), str(r.comments)) for r in found.lines]
    common.show(BREAK.join(table([("lines in", "files", "rules", "tests", "comments"), *rows])))
    total = max(1, found.refusing)
    common.show(
        f"{BREAK}{found.refusing} rules, claims, addresses and refusals: {100 * found.with_reason // total}% say why, "
        f"{100 * found.with_source // total}% cite a source ({found.sources} sources); {found.tests} tests{BREAK}"
    )
    head = ("target", "compiling", "all pieces", "one question", "reads", "in")
    costs = [
        (
            t.name,
            f"{t.compiling:.2f} s",
            f"{t.size // 1000:,} kB",
            t.machine or "-",
            f"{t.loaded // 1000:,} kB",
            f"{t.loads:.1f} ms",
        )
        for t in found.targets
    ]
    common.show(BREAK.join(table([head, *costs])))
    return 0


def _changes(args: Arguments) -> int:
    """What depends on the emulator's version; with a version the lines that do."""
    from qrules.report import json, rule_files
    from qrules.report.style import table
    from qrules.rulesets.changes import changes

    found = [c for c in changes(_folder(args)) if args.changes in ("", c.version)]
    if args.json:
        common.show(json.dumps({"schema": json.SCHEMA, "changes": [rule_files.change(c) for c in found]}))
    elif args.changes:
        common.show(BREAK.join(f"{c.span.file}:{c.span.line}: {c.line}" for c in found))
    else:
        common.show(BREAK.join(table([("changed in", "conditions", "files", "when"), *rule_files.by_version(found)])))
    return 0


def _index(args: Arguments) -> int:
    from qrules.rulesets.index import entries, page_lines

    found = entries(_folder(args))
    if args.json:
        from qrules.report import json

        rows = [{**entry._asdict(), "described": dict(entry.described)} for entry in found]
        common.show(json.dumps({"schema": json.SCHEMA, "files": rows}))
    else:
        common.show(BREAK.join(page_lines(found)))
    return 0


# ------------------------------------------------------------------------------------- fmt
def _fmt(args: Arguments) -> int:
    from qrules.cli.writing import write_whole
    from qrules.language.files import content, found
    from qrules.language.formatter import formatted
    from qrules.language.reader import decoded
    from qrules.paths import rules_folder

    changed = []
    for path in sorted(found(_folder(args) or rules_folder(), apart=True)):
        text = decoded(content(path), str(path)).replace("\r\n", "\n")
        result = formatted(text, str(path))
        if result != text:
            changed.append(path)
            if args.diff:
                _show_diff(text, result, str(path))
            if not (args.check or args.diff):
                write_whole(str(path), result)
    for path in changed:
        common.show(f"{'would change' if args.check or args.diff else 'changed'} {path}")
    return 1 if changed and args.check else 0


def _show_diff(before: str, after: str, name: str) -> None:
    import difflib

    lines = difflib.unified_diff(_ended(before), _ended(after), name, name)
    common.show(BREAK.join(line.removesuffix("\n") for line in lines).rstrip())


def _ended(text: str) -> list[str]:
    """The lines of a text, each with its line feed; other characters end no line of a rule file."""
    return [line + "\n" for line in text.split("\n")][:-1] + [last for last in (text.rpartition("\n")[2],) if last]
