"""``qrules``: finds the verb, runs it, and turns whatever goes wrong into one clear message and an exit status.

`qrules.cli.status` says what each status means.
"""

from __future__ import annotations

import gc
import os
import sys

from qrules.cli import status as statuses
from qrules.cli.nearest import settle
from qrules.cli.status import INTERNAL_ERROR, UNUSABLE
from qrules.cli.verbs import VERBS, WrongUsage, form_of
from qrules.diagnostics import Diagnostic, Span, Unusable, did_you_mean
from qrules.machine.budget import Question, TooLarge
from qrules.visible import BREAK, Shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from qrules.cli.form import Arguments


_JUDGING = frozenset(("why", "check", "place", "convert", "spare", "hotplug", "explain", "show", "buses", "slots", "argv"))
_NESTED = 6000  # calls: a bridge behind another costs seven, and 256 bus numbers are all that there are


def main(argv: list[str]) -> int:
    """Runs a command line (without the program's name) and gives its exit status. All that it prints is made visible.

    Raises `Unusable` for input that can't be used, and `SystemExit` where argparse ends it with help.
    """
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Shown.of(sys.stdout), Shown.of(sys.stderr)
    try:
        return _verb(argv)
    except WrongUsage as error:
        return _wrong(error, argv)
    finally:
        sys.stdout, sys.stderr = streams


def _verb(argv: list[str]) -> int:
    verb = next((word for word in argv if not word.startswith("-")), None)
    if verb is not None and verb not in VERBS and "--help" not in argv and "-h" not in argv:
        hint = did_you_mean(verb, VERBS)
        if argv[0] != verb:
            hint = f"options stand behind the verb: qrules VERB ... {argv[0]}"
        if _wants_json(argv):
            return _in_json(Diagnostic("QR400", f"there is no verb '{verb}'", Span("qrules", 0), hint=hint))
        return _told(f"there is no verb '{verb}'{'; ' + hint if hint else ''}{BREAK}`qrules --help` lists them", UNUSABLE)
    if "_ARGCOMPLETE" in os.environ:
        from qrules.cli import parser

        parser.complete()
    words, raw = _split(argv)
    args = _arguments(verb if argv[:1] == [verb] and verb in VERBS else None, words)
    args.raw = raw
    args.verb_name = verb
    settle(args)
    return _run(verb, args)


def _arguments(verb: str | None, words: list[str]) -> Arguments:
    """The arguments of a command line, read by argparse only where it is asked for help, or has to say what is wrong."""
    found = form_of(verb).read(words[1:]) if verb is not None else None
    if found is None:
        from qrules.cli import parser

        return parser.read(verb, words if verb is None else words[1:])
    return found


def _wrong(error: WrongUsage, argv: list[str]) -> int:
    """Says what is wrong with the words."""
    told = f"`{error.program} --help` tells more"
    if not _wants_json(argv):
        usage = error.usage.replace("\n", BREAK)
        sys.stderr.write(f"{usage}{error.program}: {error}{BREAK}{told}{BREAK}")
        return UNUSABLE
    return _in_json(Diagnostic("QR400", str(error), Span(error.program, 0), hint=told))


def _wants_json(argv: list[str]) -> bool:
    """Whether an answer in JSON is asked for, so that errors are, too."""
    before = argv[: argv.index("--")] if "--" in argv else argv
    if "--json" in before or "--format=json" in before or "--format=jsonl" in before:
        return True
    return any(word == "--format" and before[at + 1 : at + 2] in (["json"], ["jsonl"]) for at, word in enumerate(before))


def _in_json(*found: Diagnostic) -> int:
    """Prints what is wrong as JSON, on the output where the answer would stand."""
    from qrules.report import json, unanswered

    Shown.of(sys.stdout).write(json.dumps(unanswered.errors(found)) + BREAK)
    return UNUSABLE


def _run(verb: str | None, args: Arguments) -> int:
    """The status of a verb that has answered: 0 with ``--exit-zero``."""
    status = _judged(args) if verb in _JUDGING else int(args.run(args))
    return statuses.ACCEPTED if getattr(args, "exit_zero", False) else status


def _judged(args: Arguments) -> int:
    """The status of a verb that judges. It has a budget, beyond which the answer is *unknown*."""
    try:
        with Question():  # each line of a stream is one of its own
            return int(args.run(args))
    except TooLarge as error:
        from qrules.cli import common

        return common.too_large(args, error)


def _split(argv: list[str]) -> tuple[list[str], list[str] | None]:
    """What stands behind ``--`` is the emulator's: nobody here looks at it."""
    if "--" not in argv:
        return argv, None
    at = argv.index("--")
    return argv[:at], argv[at + 1 :]


def run() -> NoReturn:
    """The installed entry point. It always ends the process, with a status and, where that is no answer's, with a message."""
    gc.set_threshold(200_000)  # a question is over before garbage could matter; what runs long has it collected
    sys.setrecursionlimit(_NESTED)
    _open_descriptors()
    try:
        status = _answered()
    except BrokenPipeError:  # who reads us has had enough
        status = statuses.CLOSED
    except KeyboardInterrupt:
        status = statuses.INTERRUPTED
    except OSError as error:  # of the output: that of inputs has been told
        status = _told(f"the output can't be written: {error.strerror or error}", UNUSABLE)
    if status > 128 or _nothing_left():  # above: at once, and whoever still works for us ends with us
        os._exit(status)
    raise SystemExit(status)


def _nothing_left() -> bool:
    """Whether nobody has anything to do at the end of the process, which may then end without taking itself apart.

    To free what the kernel takes back anyway takes a quarter of a question's time. Threads are heeded (pools of processes have
    some), and so is who asked to be called at the end, traces us, profiles us or lets us end in a prompt.
    """
    import atexit

    called = getattr(atexit, "_ncallbacks", None)
    if "threading" in sys.modules or called is None or called() or sys.gettrace() or sys.getprofile() or sys.flags.inspect:
        return False
    try:
        sys.stderr.flush()
    except OSError:  # nobody reads it
        return False
    return not os.environ.get("QRULES_DEBUG")


def _answered() -> int:
    """Runs the command line, has all written, and gives the status. Raises `OSError` where the output takes no more."""
    if sys.stdout is None:
        return _told("standard output is closed, so there is nowhere to print an answer", UNUSABLE)
    status = _status()
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
        raise
    return status


def _status() -> int:
    """The status of the command line; what goes wrong on the way is told. Raises `BrokenPipeError` and `KeyboardInterrupt`."""
    try:
        return main(sys.argv[1:])
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except Unusable as error:
        return _unusable(error, sys.argv[1:])
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except RecursionError:
        return _told("this is nested deeper than qrules follows: hundreds of levels behind one another", UNUSABLE)
    except MemoryError:
        return _told("there is not enough memory for this question: ask a smaller one, or allow more", UNUSABLE)
    except OSError as error:
        return _told(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error), UNUSABLE)
    except Exception as error:
        if os.environ.get("QRULES_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        return _told(f"a bug of qrules itself ({what}).{BREAK}Set QRULES_DEBUG=1 to see where, and report it.", INTERNAL_ERROR)


def _told(message: str, status: int) -> int:
    Shown.of(sys.stderr).write(f"qrules: {message}{BREAK}")
    return status


def _open_descriptors() -> None:
    """Sees to it that the first three descriptors are open: a file that is opened later must not become an output by accident."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest that is free
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (as long as the process)


def _drop_output() -> None:
    """What is still to be written goes nowhere, or Python would complain of it at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # it is none of the system's
        return


def _unusable(error: Unusable, argv: list[str]) -> int:
    if _wants_json(argv):
        return _in_json(*error.diagnostics)
    from qrules.report import diagnostics, style

    Shown.of(sys.stderr).write(diagnostics.render(error.diagnostics, style.wants_colour(sys.stderr)) + BREAK)
    return UNUSABLE
