"""argparse with our help, and errors that say how to go on."""

from __future__ import annotations

import argparse
import sys

from qrules.diagnostics import did_you_mean
from qrules.report.style import width, wrapped
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


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


class WrongUsage(Exception):
    """Words that a parser can't take."""

    def __init__(self, parser: Parser, message: str) -> None:
        super().__init__(message)
        self.parser = parser


class Parser(argparse.ArgumentParser):
    """argparse with our help, and errors that say how to go on."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, **{"formatter_class": _Help, **more})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._asked = [word for word in args or () if isinstance(word, str)]
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raises `WrongUsage`. An option that there is not is told first, with those that are near."""
        raise WrongUsage(self, self._unknown() or message)

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
