"""What verbs share: which rules, version and architecture are meant, machines with options, and how to print."""

from __future__ import annotations

import os
import sys

from qrules.cli.form import Arguments, Declared, Form
from qrules.cli.progress import done as done
from qrules.cli.progress import progress as progress
from qrules.cli.status import UNKNOWN
from qrules.diagnostics import unusable
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.machine.budget import TooLarge
from qrules.machine.refusals import NEEDS
from qrules.machine.request import Request
from qrules.report.style import Style, wants_colour
from qrules.rulesets.store import Entry, Store, open_store
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

    from qrules.explain.reasons import Reason
    from qrules.machine.state import State
    from qrules.plugging.board import Board
    from qrules.qemu.at_hand import AtHand


def add_choice(sub: Form, at_hand: bool = True) -> None:
    """The options that choose rules, version, architecture and the form of the answer; `at_hand`: a QEMU that is asked, too."""
    sub.add_argument("--qemu", metavar="VERSION", help="the QEMU version meant, such as 10.0 (the newest one shipped)")
    sub.add_argument("--arch", metavar="ARCH", help="the architecture meant, such as x86_64 (lists: all)")
    sub.add_argument("--rules", metavar="FOLDER", help="other rules than the shipped ones")
    sub.add_argument("--settings", metavar="FILE", help="this instead of the nearest qrules.toml; none for no such file")
    if at_hand:
        told = "the QEMU at hand, which is asked once what it has (check: auto, the one that is named)"
        sub.add_argument("--binary", metavar="PATH", dest="at_hand", help=told)
    add_form(sub)


def add_form(sub: Form) -> None:
    """How the answer is printed."""
    sub.add_argument("--json", action="store_true", help="print the answer as JSON")
    sub.add_argument("--colour", "--color", choices=("auto", "always", "never"), default="auto", help="colour in the text")


def add_libvirt(sub: Form) -> None:
    """Which libvirt is meant, where the config is a domain."""
    sub.add_argument(
        "--libvirt", metavar="VERSION", help="for a domain as XML: the libvirt meant, such as 11.3 (the newest shipped)"
    )


FORMATS = ("text", "concise", "json", "jsonl", "github", "gitlab", "sarif", "junit")


def add_formats(sub: Form) -> None:
    """The option that chooses one of all formats that there are."""
    told = "text, concise (a line a finding), json, jsonl (a line a config), github, gitlab, sarif or junit"
    sub.add_argument("--format", choices=FORMATS, metavar="FORMAT", help=told)


def form(args: Arguments) -> str:
    """The format that is asked for; ``--json`` is one of them. Raises `Unusable` (QR453) for two different ones."""
    given: str | None = args.format
    if given is None:
        return "json" if args.json else "text"
    if args.json and given != "json":
        raise unusable("QR453", f"--json and --format {given} at once", "--format", expected="one of them")
    return given


def add_profile(sub: Form) -> None:
    """The profiles that are asked. Which there are is the rule set's to say: `known_profiles` lists them for a wrong one."""
    told = "heed only this profile's rules (repeatable; all)"
    complete(sub.add_argument("--profile", action="append", default=[], metavar="PROFILE", help=told), "profiles")


def complete(action: Declared, what: str) -> None:
    """Lets the shell complete an argument with machines, devices or profiles; looked up only when a shell asks."""

    def completer(prefix: str, parsed_args: Arguments, **_: object) -> list[str]:
        try:
            return _completions(prefix, parsed_args, what)
        except Exception:  # a shell shows nothing, whatever is wrong: the question itself will tell
            return []

    action.completer = completer


def _completions(prefix: str, args: Arguments, what: str) -> list[str]:
    """Names that begin so; behind a type and a comma its properties and their values, behind a machine and one its options."""
    asked = Arguments(**vars(args))
    if isinstance(getattr(asked, "qemu", None), list):  # of a comparison: the first one
        asked.qemu = next(iter(asked.qemu), None)
    from qrules.cli import next_words

    known = board(asked)
    name, comma, _ = prefix.partition(",")
    if not comma:
        return [name for name in NAMES[what](known.knowledge) if name.startswith(prefix)]
    if known.knowledge.machine(name) is not None:
        return next_words.of_machine(known, prefix)
    on = getattr(asked, "on", None)
    return next_words.of_device(known, ["-M", on] if isinstance(on, str) else [], prefix)


def machine_names(knowledge: Knowledge) -> list[str]:
    """Aliases, which people type, before the machines of versions."""
    names = knowledge.machine_names()
    return [*(alias for name in names for alias in _aliases(knowledge, name)), *names]


NAMES: dict[str, Callable[[Knowledge], list[str]]] = {
    "machines": machine_names,
    "devices": lambda knowledge: [name for name, facts in knowledge.shared["types"].items() if facts[0] == "user"],
    "names": lambda knowledge: [*machine_names(knowledge), *knowledge.shared["types"]],
    "profiles": lambda knowledge: sorted(knowledge.shared["profiles"]),
}


def add_machine(sub: Form) -> None:
    """A machine with its options as positional words."""
    complete(
        sub.add_argument("machine", metavar="MACHINE", help="a machine type or alias, such as q35 or pc-q35-7.2"), "machines"
    )
    sub.add_argument("options", metavar="OPTION=VALUE", nargs="*", default=[], help="options of the machine, such as usb=on")
    sub.add_argument("--nodefaults", action="store_true", help="without the machine's default devices")


def store(args: Arguments) -> Store:
    """The rules that are meant. Raises `Unusable` (QR5xx) where the folder has none or they can't be used."""
    found = _at_hand(args)
    return open_store(args.rules if found is None else str(found.folder), progress)


def entry(args: Arguments, opened: Store, arch: str | None = None) -> Entry:
    """The version and architecture that are meant. Raises `Unusable`: QR420 to QR422 where the rule set has no such catalogue."""
    found = _at_hand(args)
    if found is not None:
        return opened.resolve(found.version, found.arch)
    return opened.resolve(args.qemu, args.arch or arch)


def _at_hand(args: Arguments) -> AtHand | None:
    """The QEMU that is asked itself; None where none is named. Raises `Unusable`: QR452, and QR510 for what is no QEMU."""
    binary = getattr(args, "at_hand", None)
    if binary is None:
        return None
    for option in ("rules", "qemu", "arch"):
        if getattr(args, option, None) is not None:
            message = f"--binary and --{option} at once: a binary has its own version, and the shipped rules"
            raise unusable("QR452", message, f"--{option}", expected="one of the two")
    kept: dict[str, AtHand] = args.__dict__.setdefault("asked_once", {})
    if binary not in kept:
        from qrules.cli.asking import asked
        from qrules.qemu.at_hand import at_hand

        kept[binary] = asked(binary, lambda: at_hand(binary))
    return kept[binary]


def board(args: Arguments, arch: str | None = None, many: bool = False) -> Board:
    """The machines of the rules that are meant, for `many` questions or one. Raises as `store` and `entry`."""
    from qrules.plugging.board import Board

    opened = store(args)
    known = opened.knowledge(entry(args, opened, arch))
    if not many:
        return Board(known)
    from qrules.plans.planner import MachinePlans

    return Board(known, MachinePlans)


def facts(knowledge: Knowledge, name: str, described: bool = True) -> MachineFacts:
    """The machine of a name or alias.

    Raises `Unusable`: QR410 with near misses, QR411 where no rules describe it though it is to be `described`.
    """
    found = knowledge.machine(name) or _of_vendor(knowledge, name)
    if found is None:
        raise unusable(
            "QR410",
            f"QEMU {knowledge.version} for {knowledge.arch} has no machine '{name}'",
            name,
            expected="a machine type or alias",
            hint=_no_such_machine(knowledge, name),
        )
    if described and found.family is None:
        raise unusable(
            "QR411", f"no rules describe the machine {found.name} yet", found.name, hint="`qrules machines` says which have rules"
        )
    return found


def _of_vendor(knowledge: Knowledge, name: str) -> MachineFacts | None:
    """The machine that a vendor's name stands for; on standard error that it does."""
    from qrules.configs.strangers import upstream

    real, remarks = upstream(knowledge, name)
    found = knowledge.machine(real)
    for remark in remarks if found is not None else ():
        sys.stderr.write(f"qrules: {remark.message}{BREAK}")
    return found


def _no_such_machine(knowledge: Knowledge, name: str) -> str:
    """What may be meant: names that are near, other versions or architectures, or a QEMU that nobody has asked yet."""
    from qrules.explain.strangers import told_of_machine
    from qrules.knowledge.vendors import may_exist

    told = told_of_machine(knowledge, name)
    if may_exist(knowledge, name):
        told = f"let the QEMU that has it be asked, with --binary PATH{'; or ' + told if told else ''}"
    return told or "`qrules machines` lists them"


def _aliases(knowledge: Knowledge, name: str) -> tuple[str, ...]:
    found = knowledge.machine(name)
    return found.aliases if found is not None else ()


def request(knowledge: Knowledge, machine: str, options: list[str], nodefaults: bool, described: bool = True) -> Request:
    """A machine with options as a request. `machine` may have options behind commas, as -machine takes them.

    Raises as `facts`; whether the machine has such options, `checked_state` tells.
    """
    from qrules.configs.options import pairs

    name, _, more = machine.partition(",")
    given: dict[str, object] = {}
    for text in [*([more] if more else []), *options]:
        for pair in pairs(text):
            given[pair.key] = pair.value
    return Request(machine=facts(knowledge, name, described).name, options=given, nodefaults=nodefaults)


def checked_state(asked: Board, wanted: Request) -> Any:
    """The machine of a request; what is wrong with its options is unusable input here. Raises `Unusable` (QR412, one for each).

    A machine that only lacks something to start is answered for all the same: `lacks` tells what.
    """
    from qrules.diagnostics import Diagnostic, Span, Unusable
    from qrules.explain.reasons import reason

    found = asked.knowledge.machine(wanted.machine)
    assert found is not None
    state, refusals = asked.build_machine(found, wanted)
    wrong = [reason(asked.knowledge, r, wanted) for r in refusals if not r.unknown and r.phase != NEEDS]
    if wrong:
        raise Unusable([Diagnostic("QR412", r.message, Span(wanted.machine, 0), hint=r.instead) for r in wrong])
    return state


def lacks(asked: Board, state: State, wanted: Request) -> list[Reason]:
    """What a machine with its options still needs to start."""
    from qrules.explain.reasons import reason

    return [reason(asked.knowledge, r, wanted) for r in asked.lacking(state)]


def style(args: Arguments) -> Style:
    """Colour as asked for."""
    return Style(wants_colour(sys.stdout, args.colour))


def show(text: str) -> None:
    """Prints an answer that is composed with the marks of `qrules.visible`: nothing that comes from outside moves a cursor."""
    sys.stdout.write(text)
    sys.stdout.write(BREAK)  # apart: a long text that is joined to a mark takes four times the memory


def too_large(args: Arguments, error: TooLarge) -> int:
    """Prints that a question takes more steps than there are: the verdict *unknown*."""
    if args.json:
        from qrules.report import json, unanswered

        show(json.dumps(unanswered.too_large(error.why)))
    else:
        from qrules.report import text

        show(text.too_large(error.why, style(args)))
    return UNKNOWN


def standard_input() -> BinaryIO:
    """Standard input as bytes. Raises `Unusable` (QR432) where it is closed."""
    if sys.stdin is None:
        raise unusable("QR432", "standard input is closed", "-", expected="something to read, from a pipe or a file")
    return sys.stdin.buffer


def at_once(wanted: int | None, option: str = "--jobs") -> int:
    """How many processes may work at once: as many as are wanted (None: as there are processors), and no more than processors.

    Raises `Unusable` (QR438) for fewer than one.
    """
    if wanted is not None and wanted < 1:
        raise unusable("QR438", f"{wanted} processes", option, expected="a number from 1 on")
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return processors if wanted is None else min(wanted, processors)
