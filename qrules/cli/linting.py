"""``rules lint``: what is doubtful in rule files, and ``--fix`` for what can be mended without a thought."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qrules.cli import common, status

if TYPE_CHECKING:
    from typing import Any

    from qrules.cli.form import Arguments, Form
    from qrules.linting.judging import Report
    from qrules.rulesets.lint import Finding

_ROUNDS = 5  # of mending: what only something unused used is unused then


def configure(lint: Form) -> None:
    """Adds the arguments of ``rules lint``."""
    lint.add_argument(
        "--every-target", action="store_true", help="compile each version of each architecture, not the usual one alone"
    )
    lint.add_argument(
        "--fix", action="store_true", help="take out what is unused, what never counts, and comments that ignore nothing"
    )
    status.add(lint)
    common.add_formats(lint)


def run(args: Arguments) -> int:
    """Status 1 where something was found that is not mended."""
    from qrules.linting.judging import lint

    root = Path(args.folder) if args.folder else None
    report = lint(root, common.progress, args.every_target)
    mended: list[Finding] = []
    for _ in range(_ROUNDS if args.fix else 0):
        done = _mend(root, report)
        if not done:
            break
        mended += done
        report = lint(root, common.progress, args.every_target)
    common.done()
    _show(args, report, mended)
    return 1 if report.findings else 0


def _mend(root: Path | None, report: Report) -> list[Finding]:
    """Mends what it can in each file of the set's own; gives what was mended."""
    from qrules.cli.writing import write_whole
    from qrules.language.files import content
    from qrules.language.reader import decoded
    from qrules.linting.judging import own_paths
    from qrules.linting.mending import mended

    done: list[Finding] = []
    for name, path in own_paths(root).items():
        found = [f for f in report.findings if f.span.file == name and f.remove is not None]
        if found:
            text = decoded(content(path), name)
            left, of_file = mended(text, found, name)
            if left != text:
                write_whole(str(path), left)
                done += of_file
    return done


def _show(args: Arguments, report: Report, mended: list[Finding]) -> None:
    from qrules.report import json, rule_files

    form = common.form(args)
    if form == "json":
        ignored = [{**rule_files.loose(f), "ignored": why} for f, why in report.ignored]
        told: dict[str, Any] = {"findings": [rule_files.loose(f) for f in report.findings], "ignored": ignored}
        told["undecided"] = report.undecided
        if args.fix:
            told["mended"] = [rule_files.loose(f) for f in mended]
        common.show(json.dumps({"schema": json.SCHEMA, **told}))
    elif form == "jsonl":
        for finding in report.findings:
            common.show(json.line({"schema": json.SCHEMA, **rule_files.loose(finding)}))
    elif form != "text":
        from qrules.formats import choice
        from qrules.formats.findings import of_lint

        for line in choice.lines(of_lint(report.findings), form):
            common.show(line)
    else:
        for finding in mended:
            common.show(f"mended {_said(finding)}")
        for finding in report.findings:
            common.show(_said(finding))
        common.show(f"{len(report.findings)} findings" + (f", {len(report.ignored)} ignored" if report.ignored else ""))


def _said(finding: Finding) -> str:
    return f"{finding.span.file}:{finding.span.line}: {finding.code}: {finding.message}"
