"""``qrules.toml``: what a project says once instead of on every command line, and what it does not want to be told again."""

from __future__ import annotations

import os
import sys
import tomllib
from stat import S_IWOTH

from qrules.cli import baselines
from qrules.diagnostics import Span, did_you_mean, unusable
from qrules.explain.ignoring import Ignore, Rest
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from qrules.cli.form import Arguments

NAME = "qrules.toml"
_MOST = 256 * 1024  # characters
_PARTS = 64  # of a key
_KINDS: dict[str, tuple[type, str]] = {
    "qemu": (str, 'a version, such as "10.0"'),
    "rules": (str, "a rule folder, from where the file stands"),
    "profiles": (list, 'a list of profiles, such as ["qemu"]'),
    "format": (str, "one of check's formats"),
    "strict": (bool, "true or false"),
    "baseline": (str, "a file that `qrules check --write-baseline` wrote, from where this one stands"),
    "ignore": (list, "[[ignore]] tables with rule, reason and, if not for all, files"),
}
_IGNORE: dict[str, tuple[type, str]] = {
    "rule": (str, "a rule's name"),
    "reason": (str, "why"),
    "files": (list, 'patterns such as ["old/*.sh"]'),
}


def apply(args: Arguments, path: str) -> None:
    """Gives a verb what the file says and the command line does not. Raises `Unusable` (QR458) where the file is wrong."""
    if not _ours(path):
        sys.stderr.write(f"{path} is not heeded: it belongs to another user, or others may write it{BREAK}")
        return
    said = _checked(_read(path), path)
    folder = os.path.dirname(os.path.abspath(path))
    if getattr(args, "qemu", "") is None and "qemu" in said:
        args.qemu = said["qemu"]
    if getattr(args, "rules", "") is None and "rules" in said:
        args.rules = os.path.join(folder, said["rules"])
    if getattr(args, "profile", None) == [] and "profiles" in said:
        args.profile = list(said["profiles"])
    if getattr(args, "format", "") is None and not args.json and "format" in said and not getattr(args, "jsonl", None):
        args.format = said["format"]
    if getattr(args, "strict", None) is False:
        args.strict = bool(said.get("strict", False))
    if hasattr(args, "baseline"):
        baseline = args.baseline or (os.path.join(folder, said["baseline"]) if "baseline" in said else None)
        ignores = tuple(Ignore(one["rule"], one["reason"], path, tuple(one.get("files", ()))) for one in said.get("ignore", ()))
        args.rest = Rest(folder, ignores, baselines.read(baseline) if baseline and not args.write_baseline else None)


def _ours(path: str) -> bool:
    found = os.stat(path)
    return found.st_uid in (os.getuid(), 0) and not found.st_mode & S_IWOTH


def _read(path: str) -> dict[str, Any]:
    try:
        text = baselines.content(path, "settings in TOML").decode("utf-8")
        if len(text) > _MOST or any(map(_nested, text.splitlines())):  # Python's reader takes the square of the parts of a key
            told = f"more than {_MOST:,} characters, or a key of more than {_PARTS} parts"
            raise unusable("QR458", told, path, expected="settings in TOML")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of TOML, of UTF-8, and of numbers with thousands of digits
        raise unusable("QR458", f"this is no TOML: {error}", path, expected="settings in TOML") from error


def _nested(line: str) -> bool:
    """Whether a line has a key of many parts: so many dots outside of quotes."""
    if line.count(".") <= _PARTS:
        return False
    plain = "".join(line.replace("'", '"').split('"')[::2])
    return plain.partition("#")[0].count(".") > _PARTS


def _checked(said: dict[str, Any], path: str) -> dict[str, Any]:
    """The settings. Raises `Unusable` (QR458) for the first that is none."""
    _kinds(said, _KINDS, path, "")
    from qrules.cli.common import FORMATS

    if said.get("format", "text") not in FORMATS:
        _wrong(path, f"format is '{said['format']}'", f"one of {', '.join(FORMATS)}", did_you_mean(said["format"], FORMATS))
    _texts(said.get("profiles", []), path, "profiles")
    for number, one in enumerate(said.get("ignore", []), 1):
        where = f"ignore {number}: "
        if not isinstance(one, dict):
            _wrong(path, f"{where}this is no table", _KINDS["ignore"][1])
        _kinds(one, _IGNORE, path, where)
        _texts(one.get("files", []), path, f"{where}files")
        for name in ("rule", "reason"):
            if not str(one.get(name, "")).strip():
                _wrong(path, f"{where}it has no {name}", "each with rule and reason")
    return said


def _kinds(said: dict[str, Any], kinds: dict[str, tuple[type, str]], path: str, where: str) -> None:
    for name, value in said.items():
        if name not in kinds:
            _wrong(path, f"{where}there is no setting '{name}'", ", ".join(kinds), did_you_mean(name, kinds))
        kind, expected = kinds[name]
        if not isinstance(value, kind):
            _wrong(path, f"{where}{name} is {type(value).__name__}", expected)


def _texts(listed: list[Any], path: str, name: str) -> None:
    if not all(isinstance(one, str) for one in listed):
        _wrong(path, f"{name} is no list of texts", "texts in quotation marks")


def _wrong(path: str, message: str, expected: str, hint: str = "") -> NoReturn:
    raise unusable("QR458", message, Span(path, 0), expected=expected, hint=hint)
