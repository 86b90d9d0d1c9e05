"""``rules test``: runs the tests beside the rules, on these or on a QEMU; tells what they reach; again after each change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qrules.cli import common, status
from qrules.visible import BREAK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.cli.form import Arguments, Form
    from qrules.formats.findings import Result
    from qrules.rule_tests.binary import Asked
    from qrules.rule_tests.coverage import Coverage
    from qrules.rule_tests.run import Failure, RuleTest


def configure(test: Form) -> None:
    """Adds the arguments of ``rules test``."""
    test.add_argument("--only", default="", metavar="TEXT", help="only tests whose title or file has this in it")
    test.add_argument(
        "--coverage", action="store_true", help="which rules fire, which conditions are seen both ways, and why not"
    )
    test.add_argument(
        "--watch", action="store_true", help="run them again after each change, until Ctrl-C or an hour without one"
    )
    test.add_argument("--binary", metavar="BINARY", help="ask a QEMU the same, instead of the rules: a path, or a name on PATH")
    test.add_argument("--jobs", type=int, metavar="N", help="how many emulators at once (as many as there are processors)")
    status.add(test)
    common.add_formats(test)


def _folder(args: Arguments) -> Path | None:
    return Path(args.folder) if args.folder else None


def run(args: Arguments) -> int:
    """Status 0 where all hold, 1 where one fails or none was asked; watched, that of the last run."""
    from qrules.diagnostics import unusable

    if args.binary and (args.watch or args.coverage):
        raise unusable("QR400", "--watch and --coverage are about the rules, not about a binary", "the command line")
    if not args.watch:
        return _once(args)
    from qrules.cli.watching import again

    return again(_folder(args), lambda: _once(args))


def _once(args: Arguments) -> int:
    if args.binary:
        return _test_binary(args)
    from qrules.rule_tests.run import covered, run_tests

    coverage: Coverage | None = None
    if args.coverage:
        results, coverage = covered(_folder(args), args.only)
    else:
        results = run_tests(_folder(args), args.only)
    failed = [t for t in results if not t.passed]
    form = common.form(args)
    if form != "text":
        more = {"coverage": coverage} if coverage is not None else {}
        _tests_in(form, results, "the rules", **more)
    else:
        _show(args, results, failed)
        if coverage is not None:
            _show_coverage(coverage)
    return 1 if failed or not results else 0


def _show(args: Arguments, results: list[RuleTest], failed: list[RuleTest]) -> None:
    style = common.style(args)
    for tested in failed:
        common.show(f"{style('failed', 'bold', 'red')} {tested.span.file}:{tested.span.line} ({tested.target}): {tested.title}")
        _show_failures(tested.failures, "came")
    tests, wrong = ({t.span for t in found} for found in (results, failed))  # each in all versions that it is about
    common.show(f"{len(tests) - len(wrong)} passed, {len(wrong)} failed")


def _show_coverage(found: Coverage) -> None:
    for one in found.unreached:
        what = f"the rule '{one.rule}' never fires" if one.what == "rule" else f"a condition of '{one.rule}'"
        common.show(f"{one.span.file}:{one.span.line}: {what}: {one.why}")
    fired, seen = _share(found.fired, found.rules), _share(found.seen, found.conditions)
    common.show(f"{found.fired} of {found.rules} rules fire ({fired})")
    common.show(f"{found.seen} of {found.conditions} conditions are seen both ways ({seen})")


def _share(part: int, whole: int) -> str:
    """A share in percent, rounded down: all is 100 alone."""
    return f"{1000 * part // whole / 10:.1f}%" if whole else "100.0%"


def _show_failures(failures: tuple[Failure, ...], source: str) -> None:
    for failure in failures:
        common.show(f"  line {failure.span.line}")
        common.show(f"    {'expected':<9} {failure.expected}{BREAK}    {source:<9} {failure.came}")


def _tests_in(form: str, results: Sequence[RuleTest | Asked], came: str, **more: Any) -> None:
    """Prints what became of tests for programs; `came` is who answered, `more` what JSON tells besides."""
    from qrules.formats import findings
    from qrules.report import json, rule_files

    coverage = more.pop("coverage", None)
    told = {"coverage": rule_files.coverage(coverage)} if coverage is not None else {}
    if form == "json":
        common.show(json.dumps({"schema": json.SCHEMA, **more, **told, "tests": [rule_files.tested(t) for t in results]}))
    elif form == "jsonl":
        for tested in results:
            common.show(json.line({"schema": json.SCHEMA, **more, **rule_files.tested(tested)}))
        if told:
            common.show(json.line({"schema": json.SCHEMA, **told}))
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
