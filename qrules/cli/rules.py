"""``rules``: tools for rule authors. ``test`` runs the tests beside the rules, ``lint`` looks for loose ends, ``fmt`` formats,
``stats`` measures, ``index`` lists what each file is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qrules.cli import beginning, common, linting, status, testing
from qrules.visible import BREAK

if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    tools = sub.add_subparsers(dest="tool", metavar="TOOL", required=True)
    test = tools.add_parser("test", help="run the tests that stand beside the rules")
    testing.configure(test)
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
    status.add(fmt)
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
    for tool, run in ((test, testing.run), (lint, linting.run), (fmt, _fmt), (stats, _stats), (index, _index)):
        tool.add_argument("folder", metavar="FOLDER", nargs="?", help="a rule folder or file (the shipped rules)")
        common.add_form(tool)
        tool.set_defaults(run=run)


def _folder(args: Arguments) -> Path | None:
    return Path(args.folder) if args.folder else None


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
