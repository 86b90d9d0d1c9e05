"""``serve``: answers for other programs, over QMP, over HTTP, or as tools of an assistant."""

from __future__ import annotations

import sys

from qrules.cli import common
from qrules.diagnostics import unusable
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form
    from qrules.serve.questions import Questions

_EPILOG = """examples:
  qrules serve --qmp /tmp/qmp.sock                        then: qmp-shell /tmp/qmp.sock
  qrules serve --qmp /tmp/qmp.sock -- qemu-system-x86_64 -M q35 -device e1000
  qrules serve --http 127.0.0.1:8080                      then: curl -d '{"argv": ["-M", "q35"]}' 127.0.0.1:8080/check
  qrules serve --mcp"""
_EXTRAS = {"qmp": "qemu", "http": "http", "mcp": "mcp"}  # which of our extras brings what a server is made of
_PORT = 65_535


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules serve [options] --qmp SOCKET [-- qemu-system-ARCH ARGS...] | --http [HOST:]PORT | --mcp"
    sub.epilog = _EPILOG
    how = sub.add_mutually_exclusive_group()
    how.add_argument("--qmp", metavar="SOCKET", help="answer QMP commands at this Unix socket; behind -- a config they are about")
    how.add_argument("--http", metavar="[HOST:]PORT", help="answer questions over HTTP (127.0.0.1 where no host is named)")
    how.add_argument("--mcp", action="store_true", help="be a server of the Model Context Protocol on standard input and output")
    sub.add_argument("--jobs", type=int, metavar="N", help="with --http: answer in so many processes (1)")
    sub.add_argument("--max-bytes", type=int, metavar="N", help="with --http: bytes of a question at most (1048576)")
    sub.add_argument("--max-waiting", type=int, metavar="N", help="with --http: questions that may wait in a process (64)")
    common.add_profile(sub)
    common.add_libvirt(sub)
    common.add_choice(sub, at_hand=False)
    sub.set_defaults(run=_serve, at_hand=None)


def _serve(args: Arguments) -> int:
    """Status 0 once somebody ends it. Raises `Unusable` for what can't be served."""
    from qrules.serve.questions import Questions, Rules

    _refuse(args)
    rules = Rules(common.store(args), args.arch, args.qemu, args.libvirt, tuple(args.profile))
    questions = Questions(rules)
    questions.knowledge  # noqa: B018 - a version or an architecture that there is not is told before anybody asks
    kind = "qmp" if args.qmp is not None else "http" if args.http is not None else "mcp"
    try:
        {"qmp": _qmp, "http": _http, "mcp": _mcp}[kind](args, questions)
    except ImportError as error:
        lacking = f"--{kind} needs a package that is not installed: {error.name}"
        hint = f"pip install 'qrules-qemu[{_EXTRAS[kind]}]'"
        raise unusable("QR480", lacking, f"--{kind}", hint=hint) from error
    return 0


def _refuse(args: Arguments) -> None:
    """Raises `Unusable` (QR481) for options that go with another server."""
    if args.qmp is None and args.http is None and not args.mcp:
        raise unusable("QR481", "nothing says how to answer", "serve", expected="--qmp SOCKET, --http PORT or --mcp")
    if args.http is None:
        for option in ("jobs", "max_bytes", "max_waiting"):
            if getattr(args, option) is not None:
                shown = "--" + option.replace("_", "-")
                raise unusable("QR481", f"{shown} without --http", shown, expected=f"qrules serve --http PORT {shown} N")
    if args.qmp is None and args.raw is not None:
        raise unusable("QR481", "a config without --qmp", "--", expected="qrules serve --qmp SOCKET -- qemu-system-ARCH ARGS...")
    for option in ("jobs", "max_bytes", "max_waiting"):
        value = getattr(args, option)
        if value is not None and value < 1:
            shown = "--" + option.replace("_", "-")
            raise unusable("QR481", f"{shown} {value} is no number from 1", shown, expected="a number from 1")


def _qmp(args: Arguments, questions: Questions) -> None:
    from qrules.serve.commands import Commands
    from qrules.serve.qmp import serve

    try:
        serve(Commands(questions, args.raw), args.qmp, lambda: _told(f"answers QMP commands at {args.qmp}"))
    except OSError as error:
        why = f"can't listen at {args.qmp}: {error.strerror or error}"
        raise unusable("QR482", why, "--qmp", expected="a path where nothing stands yet, in a folder of yours") from error


def _http(args: Arguments, questions: Questions) -> None:
    from qrules.serve.http import Limits, run

    host, port = _address(args.http)
    limits = Limits(args.max_bytes or Limits().body, args.max_waiting or Limits().waiting)
    _told(f"answers at http://{host}:{port}/")
    run(questions.rules, args.rules, limits, host, port, common.at_once(args.jobs) if args.jobs else 1)


def _mcp(args: Arguments, questions: Questions) -> None:
    from qrules.serve.tools import run

    run(questions)


def _address(text: str) -> tuple[str, int]:
    """A host and a port. Raises `Unusable` (QR483)."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal() and len(port) < 6 and 0 < int(port) <= _PORT):
        raise unusable("QR483", f"'{text}' names no port", "--http", expected="PORT or HOST:PORT, such as 127.0.0.1:8080")
    return host.strip("[]") or "127.0.0.1", int(port)


def _told(text: str) -> None:
    sys.stderr.write(f"qrules {text}; Ctrl+C ends it" + BREAK)
    sys.stderr.flush()
