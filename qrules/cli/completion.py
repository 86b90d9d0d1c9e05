"""``completion``: the code that makes a shell complete verbs, options, machines and device types (extra ``[completion]``)."""

from __future__ import annotations

from qrules.cli import common
from qrules.diagnostics import unusable
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.add_argument("shell", choices=("bash", "zsh", "fish", "tcsh", "powershell"), help="the shell")
    sub.epilog = 'bash: eval "$(qrules completion bash)"'
    sub.set_defaults(run=_completion)


def _completion(args: Arguments) -> int:
    try:
        import argcomplete
    except ImportError as error:
        raise unusable(
            "QR440", "completion needs the argcomplete package", "completion", hint="pip install 'qrules-qemu[completion]'"
        ) from error
    code = argcomplete.shellcode(["qrules"], shell=args.shell)  # type: ignore[attr-defined]  # not in its __all__
    common.show(code.strip().replace("\n", BREAK))
    return 0
