"""``check``: the verdict on a whole config, with every reason."""

from __future__ import annotations

import argparse
import sys

from qrules.cli import common
from qrules.diagnostics import unusable

_MAX_BYTES = 4 * 1024 * 1024


def configure(name: str, sub: argparse.ArgumentParser) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules check [options] [FILE | - | -- qemu-system-ARCH ARGS... | --jsonl FILE]"
    sub.add_argument(
        "file", metavar="FILE", nargs="?", help="a file with a command line as a shell takes it; - for standard input"
    )
    sub.add_argument(
        "--profile", action="append", default=[], metavar="PROFILE", help="qemu, libvirt or guideline (repeatable; all)"
    )
    sub.add_argument("--strict", action="store_true", help="exit with 1 on warnings too")
    sub.add_argument("--jsonl", metavar="FILE", help="many questions, one JSON object a line (- for standard input)")
    sub.add_argument("--jobs", type=int, default=1, metavar="N", help="with --jsonl: how many processes (1)")
    common.add_choice(sub)
    sub.set_defaults(run=_check)


def _check(args: argparse.Namespace) -> int:
    if args.jsonl is not None:
        from qrules.cli import bulk

        return bulk.run(args)
    from qrules.configs import argv
    from qrules.explain.verdicts import judge

    words = _words(args)
    board = common.board(args, argv.architecture(words))
    argv.known_profiles(args.profile, board.knowledge)
    read = argv.read(words, board.knowledge)
    verdict = judge(board, read.request, tuple(args.profile))
    if args.json:
        from qrules.report import json

        notes = [{"message": text, "span": {"argument": w.argument, "start": w.start, "end": w.end}} for text, w in read.notes]
        common.show(json.dumps({**json.verdict(verdict), "notes": notes}))
    else:
        from qrules.report import text as texts

        common.show(texts.verdict(verdict, common.style(args), words))
        for text, _ in read.notes:
            common.show(f"note: {text}")
    return _status(verdict.verdict, args.strict)


def _status(verdict: str, strict: bool) -> int:
    return 1 if verdict in ("reject", "unknown") or (strict and verdict == "warn") else 0


def _words(args: argparse.Namespace) -> list[str]:
    if args.raw is not None:
        if args.file is not None:
            raise unusable("QR430", "a file and a command line at once", args.file, expected="one of them")
        return list(args.raw)
    if args.file is None:
        raise unusable(
            "QR431", "nothing to check", "check", expected="qrules check FILE, or qrules check -- qemu-system-x86_64 ARGS..."
        )
    return _shell_words(_text(args.file), args.file)


def _text(file: str) -> str:
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with open(file, "rb") as handle:
                raw = handle.read(_MAX_BYTES + 1)
    except OSError as error:
        raise unusable(
            "QR432", f"can't read it: {error.strerror or error}", file, expected="a file with a QEMU command line"
        ) from error
    if len(raw) > _MAX_BYTES:
        raise unusable("QR433", f"more than {_MAX_BYTES // 1024 // 1024} MiB", file, expected="a QEMU command line")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise unusable("QR434", f"byte {error.start} is not UTF-8 text", file, expected="a QEMU command line") from error


def _shell_words(text: str, file: str) -> list[str]:
    import shlex

    try:
        words = shlex.split(text, comments=True)
    except ValueError as error:
        raise unusable(
            "QR435", f"the shell would not read this: {str(error).lower()}", file, expected="balanced quotes"
        ) from error
    if not words:
        raise unusable("QR436", "there is no command line in it", file, expected="qemu-system-x86_64 -M q35 ...")
    return words
