"""argparse with our help, and errors that say how to go on; made of what verbs declare (`qrules.cli.form`).

Only help, mistakes and completion need it: a well-formed call is read without.
"""

from __future__ import annotations

import argparse
import sys

from qrules.cli import status
from qrules.cli.verbs import VERBS, WrongUsage, form_of
from qrules.diagnostics import did_you_mean
from qrules.report.style import width, wrapped
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from qrules.cli.form import Declared, Form

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

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(self._fitted(line, "") for line in text.splitlines())

    def _format_usage(self, *args: Any) -> str:
        return "\n".join(self._fitted(line, " " * 9) for line in super()._format_usage(*args).split("\n"))

    def _fitted(self, line: str, indent: str) -> str:
        """A line of prose in lines of the width; what is indented already is an example, and stays."""
        if len(line) <= self._width or line.startswith(" "):
            return line
        return wrapped(line, indent, "", self._width).replace(BREAK, "\n")


class Parser(argparse.ArgumentParser):
    """argparse with our help, and errors that say how to go on; made of what verbs declare (`qrules.cli.form`).

    Only help, mistakes and completion need it: a well-formed call is read without.
    """

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, **{"formatter_class": _Help, **more})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._asked = [word for word in args or () if isinstance(word, str)]
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raises `WrongUsage`. An option that there is not is told first, with those that are near."""
        raise WrongUsage(self.prog, self.format_usage(), self._unknown() or message)

    def _unknown(self) -> str:
        known = self._option_string_actions
        for word in getattr(self, "_asked", ()):
            name = word.partition("=")[0]
            if name.startswith("--") and len(name) > 2 and not any(option.startswith(name) for option in known):
                hint = did_you_mean(name, known)
                if not hint and self.prog == "qrules":
                    hint = "options stand behind the verb: qrules VERB ... " + name
                return f"there is no option {name}{'; ' + hint if hint else ''}"
        return ""

    def _print_message(self, message: str, file: Any = None) -> None:
        """Prints help or usage: a text of ours."""
        if message:
            (file or sys.stderr).write(message.replace("\n", BREAK))


def read(name: str | None, words: Sequence[str]) -> argparse.Namespace:
    """The arguments of a verb's `words`; without a `name` of a whole command line.

    Raises `WrongUsage`, and `SystemExit` behind help.
    """
    if name is None:
        return whole_parser().parse_args(words)
    made = verb_parser(name)
    mixes = made.get_default("mixes")  # words and options in any order: costs argparse a second pass
    return made.parse_intermixed_args(words) if mixes else made.parse_args(words)


def verb_parser(name: str) -> argparse.ArgumentParser:
    """The parser of one verb."""
    made = Parser(f"qrules {name}", description=_sentence(VERBS[name].help))
    return _filled(made, name)


def whole_parser() -> argparse.ArgumentParser:
    """The parser of all verbs, for ``--help`` and completion."""
    from qrules.version import __version__

    top = Parser("qrules", description=_DESCRIPTION, epilog=_EPILOG)
    top.add_argument("--version", action="version", version=f"qrules {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=Parser)
    for name, verb in VERBS.items():
        _filled(verbs.add_parser(name, help=verb.help, description=_sentence(verb.help)), name)
    return top


def complete() -> None:
    """Answers the shell that asks for completions; argcomplete ends the process when it has."""
    from qrules.cli.completing import Finder

    Finder()(whole_parser())


def _filled(made: argparse.ArgumentParser, name: str) -> argparse.ArgumentParser:
    """With a verb's arguments, and at the end of its help its statuses."""
    _fill(made, form_of(name))
    made.epilog = "\n\n".join([*([made.epilog] if made.epilog else []), status.told(name)])
    return made


def _fill(made: argparse.ArgumentParser, form: Form) -> None:
    made.usage, made.epilog = form.usage, form.epilog
    groups: dict[int, Any] = {}
    for one in form.declared:
        if one.together is None:
            _add(made, one)
        else:
            if one.together not in groups:
                groups[one.together] = made.add_mutually_exclusive_group()
            _add(groups[one.together], one)
    if form.tools is not None:
        tools = made.add_subparsers(**form.tools.how)
        for tool, (of, how) in form.tools.forms.items():
            _fill(tools.add_parser(tool, **how), of)
    made.set_defaults(**form.defaults)


def _add(to: Any, one: Declared) -> None:
    action = to.add_argument(*one.names, **one.how)
    if one.completer is not None:
        action.completer = one.completer


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")
