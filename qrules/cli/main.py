"""``qrules``: finds the verb, runs it, and turns whatever goes wrong into one clear message and an exit status.

Status: 0 accepted, warned or answered; 1 rejected or unknown; 2 input or usage that can't be used; 70 a bug of ours.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys

from qrules.diagnostics import Unusable, did_you_mean
from qrules.records import NamedTuple
from qrules.report.style import width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


INTERNAL_ERROR = 70  # sysexits.h EX_SOFTWARE
UNUSABLE = 2
_NESTED = 6000  # calls: a bridge behind another costs seven, and 256 bus numbers are all that there are


class Verb(NamedTuple):
    """The module of `qrules.cli` that answers it, and what it is for, as the help says it."""

    module: str
    help: str


VERBS: dict[str, Verb] = {
    "why": Verb("ask", "can this device plug into this machine, and why (not)?"),
    "check": Verb("check", "would this config start? Every problem at once"),
    "place": Verb("place", "where all devices of a config can go, with the fewest controllers added"),
    "convert": Verb("convert", "a config as one of another machine, with a reason for each line; what cannot come along"),
    "spare": Verb("spare", "how many more devices of a type fit, cold and while it runs"),
    "hotplug": Verb("hotplug", "would the running machine take this device, and if not, what would?"),
    "explain": Verb("explain", "what does this message of QEMU mean, and what can be done?"),
    "machines": Verb("machines", "the machine types"),
    "types": Verb("ask", "the device types that a machine supports"),
    "buses": Verb("buses", "the buses of a machine or a config, as a list or a picture"),
    "slots": Verb("buses", "who holds which place of the buses of a machine or a config, as a list or a picture"),
    "diff": Verb("diff", "what became possible and impossible between two machines or QEMU versions"),
    "query-machines": Verb("machines", "all machines in the shape of QMP's query-machines, with supported-device-types"),
    "harvest": Verb("qemu", "write the catalogue of a QEMU binary"),
    "verify": Verb("qemu", "compare what the rules derive with a running QEMU"),
    "rules": Verb("rules", "test, lint, format and list rule files"),
    "completion": Verb("completion", "print the shell's completion code"),
}

_DESCRIPTION = """Which virtual devices plug into which QEMU machine, and why: answered from rules, without starting QEMU."""
_EPILOG = """examples:
  qrules why floppy --on q35
  qrules types q35 --nodefaults usb=on
  qrules check -- qemu-system-x86_64 -M q35 -device e1000,addr=1f.0

`qrules VERB --help` tells more."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in our own width: argparse would load shutil for it with every argument that is declared."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=width())


class Parser(argparse.ArgumentParser):
    """argparse with our help, and errors that say how to go on."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, **{"formatter_class": _Help, **more})

    def error(self, message: str) -> NoReturn:
        """Ends the process with status 2."""
        self.print_usage(sys.stderr)
        self.exit(UNUSABLE, f"{self.prog}: {message}\n`{self.prog} --help` tells more\n")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")


def verb_parser(name: str) -> argparse.ArgumentParser:
    """The parser of one verb alone: a question must not pay for the others."""
    verb = VERBS[name]
    made = Parser(f"qrules {name}", description=_sentence(verb.help))
    importlib.import_module(f"qrules.cli.{verb.module}").configure(name, made)
    return made


def whole_parser() -> argparse.ArgumentParser:
    """The parser of all verbs, for ``--help`` and completion."""
    from qrules.version import __version__

    top = Parser("qrules", description=_DESCRIPTION, epilog=_EPILOG)
    top.add_argument("--version", action="version", version=f"qrules {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=Parser)
    for name, verb in VERBS.items():
        sub = verbs.add_parser(name, help=verb.help, description=_sentence(verb.help))
        importlib.import_module(f"qrules.cli.{verb.module}").configure(name, sub)
    return top


def main(argv: list[str]) -> int:
    """Runs a command line (without the program's name) and gives its exit status.

    Raises `Unusable` for input that can't be used, and `SystemExit` where argparse ends it (0 for help, 2 for wrong usage).
    """
    verb = next((word for word in argv if not word.startswith("-")), None)
    if verb is not None and verb not in VERBS and "--help" not in argv and "-h" not in argv:
        hint = did_you_mean(verb, VERBS)
        sys.stderr.write(f"qrules: there is no verb '{verb}'{'; ' + hint if hint else ''}\n`qrules --help` lists them\n")
        return UNUSABLE
    if "_ARGCOMPLETE" in os.environ:
        _complete()
    arguments, raw = _split(argv)
    if verb is not None and argv[0] == verb and verb in VERBS:
        made = verb_parser(verb)
        mixes = made.get_default("mixes")  # words and options in any order: costs argparse a second pass
        args = made.parse_intermixed_args(arguments[1:]) if mixes else made.parse_args(arguments[1:])
    else:
        args = whole_parser().parse_args(arguments)
    args.raw = raw
    status: int = args.run(args)
    return status


def _complete() -> None:
    """Answers the shell that asks for completions; argcomplete ends the process when it has."""
    import argcomplete

    argcomplete.autocomplete(whole_parser())


def _split(argv: list[str]) -> tuple[list[str], list[str] | None]:
    """What stands behind ``--`` is the emulator's: argparse must not look at it."""
    if "--" not in argv:
        return argv, None
    at = argv.index("--")
    return argv[:at], argv[at + 1 :]


def run() -> NoReturn:
    """The installed entry point."""
    gc.disable()  # a question is over before garbage could matter; verbs that run long switch it on again
    sys.setrecursionlimit(_NESTED)
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except Unusable as error:
        status = _unusable(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:
        status = 130
    except RecursionError:
        sys.stderr.write("qrules: buses are nested deeper than any machine's are: hundreds of bridges behind one another\n")
        status = UNUSABLE
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"qrules: {name}{error.strerror or error}\n")
        status = UNUSABLE
    except Exception as error:
        if os.environ.get("QRULES_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        sys.stderr.write(f"qrules: a bug of qrules itself ({what}).\nSet QRULES_DEBUG=1 to see where, and report it.\n")
        status = INTERNAL_ERROR
    raise SystemExit(status)


def _unusable(error: Unusable) -> int:
    from qrules.report import diagnostics, style

    sys.stderr.write(diagnostics.render(error.diagnostics, style.wants_colour(sys.stderr)) + "\n")
    return UNUSABLE
