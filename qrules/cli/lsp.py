"""``lsp``: a language server for editors, on standard input and output."""

from __future__ import annotations

from qrules.cli import common, status
from qrules.diagnostics import unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules lsp [--rules FOLDER] [--qemu VERSION] [--libvirt VERSION]"
    sub.add_argument("--stdio", action="store_true", help="speak on standard input and output (it always does)")
    sub.add_argument("--rules", metavar="FOLDER", help="configs are judged by these rules, and files below it are one rule set")
    sub.add_argument("--qemu", metavar="VERSION", help="the QEMU version that configs are for (the newest one shipped)")
    common.add_libvirt(sub)
    status.add(sub)
    sub.set_defaults(run=_lsp, json=False, colour="auto")


def _lsp(args: Arguments) -> int:
    """Speaks until the editor ends it. Raises `Unusable` (QR521) where pygls is not there."""
    try:
        import pygls  # noqa: F401
    except ImportError:
        message = "the language server needs pygls, which is not there"
        raise unusable("QR521", message, "lsp", expected="pip install 'qrules-qemu[lsp]'") from None
    import gc
    import sys

    from qrules.lsp.features import server

    gc.enable()
    sys.setswitchinterval(0.001)  # a key does not wait for what compiles
    server(args.rules, args.qemu, args.libvirt).start_io()
    return status.ACCEPTED
