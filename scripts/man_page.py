"""The page of the manual, qrules(1), made from the verbs as they declare themselves: the wheel brings it."""

from __future__ import annotations

import argparse
import os

from qrules.cli import status
from qrules.cli.parser import verb_parser
from qrules.cli.verbs import VERBS
from qrules.version import __version__

_FILES = (
    ("$XDG_CACHE_HOME/qrules", "compiled rules of folders of one's own (~/.cache/qrules where the variable is not set)"),
    ("qrules.toml", "settings of a project, found from the current folder upwards"),
)
_VARIABLES = (
    ("NO_COLOR", "no colours in the text"),
    ("QRULES_DEBUG", "show where in the code a bug of qrules itself is"),
    ("XDG_CACHE_HOME", "where the cache is kept"),
)


def page() -> str:
    """The page as roff, in the macros of man(7)."""
    os.environ["COLUMNS"] = "90"
    lines = [
        f'.TH QRULES 1 "" "qrules {_roff(__version__)}" "User Commands"',
        ".SH NAME",
        r"qrules \- which virtual devices plug into which QEMU machine, and why",
        ".SH SYNOPSIS",
        ".B qrules",
        r".I VERB\fR [\fIoptions\fR] ...",
        ".SH DESCRIPTION",
        "Answers from rules, without starting QEMU, whether a command line or a domain of libvirt would start, where its devices",
        "go, and why. Every answer names the rules that it comes from.",
        ".SH VERBS",
    ]
    for name, verb in VERBS.items():
        lines += [".TP", rf".B {_roff(name)}", _roff(verb.help)]
    for name in VERBS:
        lines += [f".SH {_roff(name.upper())}", *_verb(verb_parser(name))]
    lines += [".SH EXIT STATUS"]
    for number, meaning in status.MEANINGS.items():
        lines += [".TP", rf".B {number}", _roff(meaning)]
    for title, listed in (("ENVIRONMENT", _VARIABLES), ("FILES", _FILES)):
        lines += [f".SH {title}"]
        for name, meaning in listed:
            lines += [".TP", rf".I {_roff(name)}", _roff(meaning)]
    return "\n".join(lines) + "\n"


def _verb(parser: argparse.ArgumentParser) -> list[str]:
    """Usage, options and examples of a verb."""
    lines = [".nf", _roff(parser.format_usage().removeprefix("usage: ").rstrip()), ".fi"]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for tool, sub in action.choices.items():
                lines += [f'.SS "{_roff(tool)}"', *_verb(sub)]
        elif action.help and action.help != argparse.SUPPRESS:
            shown = ", ".join(action.option_strings) or str(action.metavar or action.dest)
            value = f" {_metavar(action)}" if action.option_strings and action.nargs != 0 else ""
            lines += [".TP", rf".B {_roff(shown + value)}", _roff(" ".join(action.help.split()))]
    return lines


def _metavar(action: argparse.Action) -> str:
    if action.metavar is not None:
        return action.metavar if isinstance(action.metavar, str) else " ".join(action.metavar)
    return "{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest.upper()


def _roff(text: str) -> str:
    """A text that roff takes for nothing but a text."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace("%%", "%")
    return "\n".join(rf"\&{line}" if line[:1] in (".", "'") else line for line in plain.split("\n"))


if __name__ == "__main__":
    print(page(), end="")
