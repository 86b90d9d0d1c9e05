"""``learn``: drafts the rules of a board from the running binary, proves the draft, and says what a person has to add."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from qrules.cli import common, status
from qrules.cli.asking import asked, cannot
from qrules.diagnostics import did_you_mean, unusable
from qrules.visible import BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qrules.cli.form import Arguments, Form
    from qrules.knowledge.model import Knowledge, MachineFacts
    from qrules.qemu.learning import Learnt
    from qrules.qemu.proving import Proven
    from qrules.report import shapes_verbs


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.add_argument("binary", metavar="BINARY", help="a QEMU system emulator: a path, or a name on PATH")
    sub.add_argument("machine", metavar="MACHINE", help="one of its machines, such as those that have no rules yet")
    sub.add_argument("-o", "--output", metavar="FILE", help="write the draft there instead of to standard output")
    sub.add_argument("--no-proof", action="store_true", help="do not compile the draft and compare it with the binary")
    sub.add_argument("--timeout", type=float, default=20.0, metavar="SECONDS", help="for one start")
    common.add_choice(sub, at_hand=False)
    sub.set_defaults(run=_learn)


def _learn(args: Arguments) -> int:
    """Status 0 where the draft compiles and is the same in every start that was compared, 1 where it is not."""
    from qrules.configs.argv import architecture
    from qrules.qemu import keeper, process
    from qrules.qemu.errors import QemuError
    from qrules.qemu.learning import Learner, NoStart

    keeper.adopt()
    began = time.monotonic()
    try:
        version = asked(args.binary, lambda: process.version(args.binary))
        opened = common.store(args)
        knowledge = opened.knowledge(opened.resolve(args.qemu or version, args.arch or architecture([args.binary])))
        machine = _machine(args.machine, knowledge)
        learnt = Learner(args.binary, knowledge, machine, args.timeout, _progress).learn()
        proven = _proven(args, learnt, knowledge)
    except NoStart as error:
        message = f"{args.machine} does not start: {error}"
        raise unusable(
            "QR510", message, args.machine, expected="a machine that starts, by itself or with what rules know of"
        ) from None
    except QemuError as error:
        raise cannot(error, args.binary) from error
    finally:
        common.done()
        keeper.sweep()
    return _told(args, learnt, proven, time.monotonic() - began)


def _machine(name: str, knowledge: Knowledge) -> MachineFacts:
    """The machine of that name or alias. Raises `Unusable` (QR410) where the catalogue has none."""
    found = knowledge.machine(name)
    if found is None:
        hint = did_you_mean(name, common.machine_names(knowledge)) or "`qrules machines` lists them"
        raise unusable("QR410", f"no machine fits '{name}'", "MACHINE", expected="the name of one machine", hint=hint)
    return found


def _proven(args: Arguments, learnt: Learnt, knowledge: Knowledge) -> Proven:
    from qrules.qemu.drafting import draft
    from qrules.qemu.proving import Proven, prove

    if args.no_proof or learnt.machine.family is not None:
        return Proven(draft(learnt, knowledge), (), 0, 0)
    common.progress("compiling the draft, and comparing it")
    return prove(args.binary, learnt, knowledge, args.timeout)


def _progress(starts: int) -> None:
    common.progress(f"{starts} starts")


def _told(args: Arguments, learnt: Learnt, proven: Proven, seconds: float) -> int:
    if args.output:
        from qrules.cli.writing import write_whole

        write_whole(args.output, proven.text)
    failed = bool(proven.differences or proven.problems)
    if args.json:
        from qrules.report import json

        common.show(json.dumps(_as_json(learnt, proven)))
        return status.REJECTED if failed else status.ACCEPTED
    if not args.output:
        common.show(proven.text.rstrip("\n").replace("\n", BREAK))
    common.show(BREAK.join(_left(learnt, proven, seconds)))
    return status.REJECTED if failed else status.ACCEPTED


def _as_json(learnt: Learnt, proven: Proven) -> shapes_verbs.Learnt:
    from qrules.report import json

    return {
        "schema": json.SCHEMA,
        "machine": learnt.machine.name,
        "text": proven.text,
        "starts": learnt.starts + proven.tried,
        "same": proven.same,
        "compared": proven.tried,
        "needs": list(learnt.needs),
        "differences": [{"what": d.what, "subject": d.subject, "rules": d.rules, "qemu": d.binary} for d in proven.differences],
        "problems": [str(problem) for problem in proven.problems],
        "refused": [{"words": words, "qemu": message} for words, message in learnt.refused],
    }


def _left(learnt: Learnt, proven: Proven, seconds: float) -> Iterator[str]:
    """What a person has to add."""
    yield f"# {learnt.starts + proven.tried} starts in {seconds:.0f} s"
    if learnt.machine.family is not None:
        yield f"# rules describe {learnt.machine.name} already: the draft was not compiled beside them"
    elif proven.problems:
        yield from (f"# it does not compile: {problem.message}" for problem in proven.problems[:10])
    elif proven.tried:
        yield f"# the draft compiles, and is the same in {proven.same} of {proven.tried} starts"
    for difference in proven.differences[:20]:
        said = f"rules {difference.rules or '(nothing)'}, QEMU {difference.binary or '(nothing)'}"
        yield f"# different: {difference.what} {difference.subject}: {said}"
    yield "# What is left to say:"
    yield "#   the subject of the file in its first line, reasons and sources (because, see)"
    yield "#   what -drive, -net, -serial and -usbdevice bring beyond the first of each (for each ...)"
    yield "#   whether parts are born with others (creates), and options that count together"
    if learnt.needs:
        yield f'#   why it needs {" ".join(learnt.needs)}: QEMU said "{learnt.says}"'
    for words, message in learnt.refused:
        yield f'#   a rule for {words}: QEMU says "{message}"'
