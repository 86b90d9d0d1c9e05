"""``open``: a config as a page in the browser, answered on this machine."""

from __future__ import annotations

import sys

from qrules.cli import common
from qrules.diagnostics import unusable
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form
    from qrules.serve.page import Shown

_EPILOG = """examples:
  qrules open vm.sh
  virsh dumpxml vm | qrules open -
  qrules open --no-browser -- qemu-system-x86_64 -M q35 -device e1000"""
_PORT = 65_535


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules open [options] [FILE | - | -- qemu-system-ARCH ARGS...]"
    sub.epilog = _EPILOG
    told = "a file with a command line, or a domain of libvirt as XML; - for standard input (none: an empty page)"
    sub.add_argument("file", metavar="FILE", nargs="?", help=told)
    sub.add_argument("--no-browser", action="store_true", help="print the address, and leave it to you to open it")
    sub.add_argument("--port", type=int, default=0, metavar="N", help="listen there (any port that is free)")
    common.add_libvirt(sub)
    sub.add_argument("--qemu", metavar="VERSION", help="the QEMU version meant, such as 10.0 (the newest one shipped)")
    sub.add_argument("--rules", metavar="FOLDER", help="other rules than the shipped ones")
    sub.set_defaults(run=_open, json=False, colour="auto", arch=None, at_hand=None)


def _open(args: Arguments) -> int:
    """Status 0 once somebody ends it. Raises `Unusable` for a config, a version or a port that can't be used."""
    shown_ = _shown(args)
    if not 0 <= args.port <= _PORT:
        raise unusable("QR483", f"{args.port} is no port", "--port", expected="a number from 1 to 65535")
    try:
        from qrules.serve.page import run
    except ImportError as error:
        lacking = f"the page needs a package that is not installed: {error.name}"
        raise unusable("QR480", lacking, "open", hint="pip install 'qrules-qemu[http]'") from error
    from qrules.page.questions import Page

    def told(address: str) -> None:
        sys.stderr.write(f"qrules shows {shown_.name or 'a page'} at {address}; Ctrl+C ends it" + BREAK)
        sys.stderr.flush()
        if not args.no_browser:
            _browse(address)

    try:
        run(Page(args.rules), shown_, args.port, told)
    except OSError as error:
        why = f"can't listen at 127.0.0.1:{args.port}: {error.strerror or error}"
        raise unusable("QR483", why, "--port", expected="a port that is free") from error
    return 0


def _browse(address: str) -> None:
    """Shows an address in the user's browser, on the side: some browsers are programs of the terminal, and stay."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _shown(args: Arguments) -> Shown:
    """What the page begins with. Raises `Unusable`: QR430, QR432 to QR434, QR420 to QR422."""
    from qrules.cli import inputs
    from qrules.configs.quoting import joined
    from qrules.page.questions import MOST
    from qrules.serve.page import Shown

    if args.file is not None and args.raw is not None:
        raise unusable("QR430", "a file and a command line at once", args.file, expected="one of them")
    entry = common.entry(args, common.store(args))
    text, name = "", ""
    if args.file is not None:
        name = "standard input" if args.file == "-" else args.file
        text = inputs.text(args.file)
    elif args.raw is not None:
        text, name = joined(args.raw), "a command line"
    if len(text.encode()) > MOST:
        raise unusable(
            "QR433", f"more than {MOST // 1024} KiB", name, expected="a config that a page can show; qrules check reads it"
        )
    return Shown(text, name, None, entry.version if args.qemu is not None else None, args.libvirt)
