"""What needs a real QEMU: ``harvest`` writes a binary's catalogue, ``verify`` compares the rules with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qrules.cli import common, status
from qrules.cli.asking import asked, cannot
from qrules.diagnostics import did_you_mean, unusable
from qrules.visible import BREAK

if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form
    from qrules.knowledge.model import Knowledge
    from qrules.qemu.compare import Difference
    from qrules.qemu.trials import Scope
    from qrules.qemu.verify import Cause, Causes, Checked, Summary


def configure(name: str, sub: Form) -> None:
    """Adds a verb's arguments."""
    if name == "harvest":
        sub.add_argument(
            "binaries", metavar="BINARY", nargs="+", help="a QEMU system emulator: a path, or a name on PATH; several with --into"
        )
        sub.add_argument("-o", "--output", metavar="FILE", help="write there instead of to standard output")
        sub.add_argument(
            "--into",
            metavar="FOLDER",
            help="write files there, of all architectures of a version: what they share stands once",
        )
        sub.set_defaults(run=_harvest)
        return
    sub.add_argument("binary", metavar="BINARY", help="a QEMU system emulator: a path, or a name on PATH")
    sub.add_argument(
        "--machine", action="append", default=[], metavar="PATTERN", help="only these, such as pc-q35-* (repeatable)"
    )
    sub.add_argument(
        "--type", action="append", default=[], metavar="PATTERN", help="try these device types too, such as e1000* (repeatable)"
    )
    sub.add_argument("--no-options", action="store_true", help="only defaults and -nodefaults, not each option")
    sub.add_argument(
        "--combinations", type=int, default=0, metavar="N", help="N random combinations of two or three options a machine"
    )
    sub.add_argument("--no-probes", action="store_true", help="not the command lines that the rules have for machines (probe)")
    sub.add_argument(
        "--with", action="append", default=[], dest="more", metavar="WORDS", help='on every start, such as "-audio none"'
    )
    sub.add_argument("--seed", type=int, default=0, help="for the combinations")
    sub.add_argument("--jobs", type=int, metavar="N", help="how many machines at once (as many as there are processors)")
    sub.add_argument("--timeout", type=float, default=20.0, metavar="SECONDS", help="for one start")
    status.add(sub)
    common.add_choice(sub, at_hand=False)
    sub.set_defaults(run=_verify)


def _harvest(args: Arguments) -> int:
    from qrules.qemu.harvesting import harvest

    if args.into:
        return _harvest_files(args.binaries, args.into)
    if len(args.binaries) > 1:
        raise unusable("QR510", "several binaries make several files", "harvest", expected="--into FOLDER, or one binary")
    text = asked(args.binaries[0], lambda: harvest(args.binaries[0]))
    if args.output:
        from qrules.cli.writing import write_whole

        write_whole(args.output, text)
    else:
        common.show(text.rstrip("\n").replace("\n", BREAK))
    return 0


def _harvest_files(binaries: list[str], folder: str) -> int:
    import os

    from qrules.cli.writing import write_whole
    from qrules.qemu.harvesting import harvest_files, versions

    found = asked(binaries[0], lambda: versions(binaries))
    if len(set(found.values())) > 1:
        listed = ", ".join(f"{binary} is {version}" for binary, version in found.items())
        raise unusable(
            "QR510", f"the binaries are not of one version: {listed}", "harvest", expected="one folder for each version"
        )
    texts = asked(", ".join(binaries), lambda: harvest_files(binaries))
    os.makedirs(folder, exist_ok=True)
    for name, text in texts.items():
        write_whole(os.path.join(folder, name), text)
    return 0


# ------------------------------------------------------------------------------------- verify
def _verify(args: Arguments) -> int:
    from qrules.qemu import keeper, process, verify
    from qrules.qemu.errors import QemuError

    jobs = common.at_once(args.jobs)
    keeper.adopt()
    try:
        version = process.version(args.binary)
        opened = common.store(args)
        entry = opened.resolve(args.qemu or version, args.arch or _architecture(args.binary))
        knowledge = opened.knowledge(entry)
        _known_machines(args.machine, knowledge)
        results = verify.verify(args.binary, knowledge, _scope(args), _progress, jobs, args.timeout)
        causes = verify.Causes()
        checked = _shown(results, causes, args)
        found = verify.summary(entry.arch, checked)
    except QemuError as error:
        raise cannot(error, args.binary) from error
    finally:
        common.done()
        keeper.sweep()
    _conclude(args, found, causes.found(), f"QEMU {version}, rules for {entry.arch} {entry.version}")
    return 1 if found.failed else 0


def _known_machines(patterns: list[str], knowledge: Knowledge) -> None:
    """Raises `Unusable` (QR410) for a pattern that no machine fits: nothing would be compared, and nothing verified."""
    from fnmatch import fnmatchcase

    names = common.machine_names(knowledge)
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            hint = did_you_mean(pattern, names) or "`qrules machines` lists them"
            raise unusable(
                "QR410", f"no machine fits '{pattern}'", "--machine", expected="a name or pattern such as pc-q35-*", hint=hint
            )


def _architecture(binary: str) -> str | None:
    from qrules.configs.argv import architecture

    return architecture([binary])


def _scope(args: Arguments) -> Scope:
    import shlex

    from qrules.qemu.trials import Scope

    return Scope(
        machines=tuple(args.machine) or ("*",),
        options=not args.no_options,
        combinations=args.combinations,
        types=tuple(args.type),
        seed=args.seed,
        probes=not args.no_probes,
        more=tuple(word for words in args.more for word in shlex.split(words)),
    )


def _progress(done: int, total: int) -> None:
    common.progress(f"{done} of {total} starts compared")


def _shown(results: Iterator[Checked], causes: Causes, args: Arguments) -> Iterator[Checked]:
    """Passes results on, and prints each difference as it is found; as text only those of a new cause."""
    style = common.style(args)
    for checked in results:
        new = causes.add(checked)
        if args.json and checked.differences:
            from qrules.report import json

            common.show(
                json.line(
                    {
                        "schema": json.SCHEMA,
                        "trial": checked.trial.argv(),
                        "differences": [_as_json(d) for d in checked.differences],
                    }
                )
            )
        elif new:
            common.done()
            common.show(BREAK.join([style(str(checked.trial), "bold"), *(line for d in new for line in _lines(d))]))
        yield checked


def _lines(difference: Difference) -> Iterator[str]:
    yield f"  {difference.what} {difference.subject}".rstrip()
    yield f"    rules   {difference.rules or '(nothing)'}"
    yield f"    QEMU    {difference.binary or '(nothing)'}"
    if difference.where is not None:
        yield f"    rule    {difference.where}"


def _again(cause: Cause) -> str:
    """A cause that several starts showed, in a line."""
    d = cause.difference
    what = " ".join(part for part in (d.what, d.subject) if part)
    on = f"on {cause.machines} machines" if cause.machines > 1 else f"on {cause.trial.machine}"
    return f"  {cause.starts} starts {on}: {what}, first {cause.trial}"


def _as_json(difference: Difference) -> dict[str, object]:
    from qrules.report.json import rule_line

    return {
        "what": difference.what,
        "subject": difference.subject,
        "rules": difference.rules,
        "qemu": difference.binary,
        "where": rule_line(difference.where),
    }


def _conclude(args: Arguments, found: Summary, causes: list[Cause], what: str) -> None:
    if args.json:
        from qrules.report import json

        told = [{**_as_json(c.difference), "trial": c.trial.argv(), "starts": c.starts, "machines": c.machines} for c in causes]
        common.show(json.line({"schema": json.SCHEMA, "summary": found._asdict(), "causes": told}))
        return
    again = [cause for cause in causes if cause.starts > 1]
    if again:
        common.show(BREAK.join(["", "differences that several starts showed", *map(_again, again)]))
    style = common.style(args)
    counted = f"{found.trials} starts: {found.same} the same, {found.different} different, {found.unknown} unknown to the rules"
    common.show(f"{style('verified', 'bold') if not found.failed else style('not verified', 'bold', 'red')} ({what}): {counted}")
    if found.no_rules:
        common.show(f"no rules yet for {len(found.no_rules)} machines: {', '.join(found.no_rules)}")
    if not found.strict:
        common.show("this architecture is not strict yet: differences are told, but are no failure")
