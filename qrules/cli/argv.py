"""``argv``: the command line that libvirt would write of a domain, as far as devices go."""

from __future__ import annotations

from qrules.cli import common, domains, reading, status
from qrules.diagnostics import unusable
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


def configure(name: str, sub: Form) -> None:
    """Adds the arguments of ``argv``."""
    sub.usage = "qrules argv [options] [VM.xml | -]"
    sub.add_argument("file", metavar="FILE", nargs="?", help="a domain of libvirt as XML; - for standard input")
    common.add_profile(sub)
    common.add_libvirt(sub)
    status.add(sub)
    common.add_choice(sub, at_hand=False)
    sub.set_defaults(run=_argv)


def _argv(args: Arguments) -> int:
    """Status 0 for a command line, be it one that the emulator refuses; 1 where libvirt writes none."""
    document = reading.domain(args)
    if document is None:
        raise unusable(
            "QR475", "this is no domain of libvirt", reading.name_of(args), expected="XML, as `virsh dumpxml` prints it"
        )
    answer = domains.answered(args, document)
    if args.json:
        from qrules.report import domains_json, json

        common.show(json.dumps(domains_json.words(answer)))
    elif answer.words:
        from qrules.configs.quoting import quoted

        common.show(_in_lines([quoted(word) for word in answer.words]))
    else:
        domains.tell(args, answer)
    return status.ACCEPTED if answer.words else status.of_verdict(answer.verdict, False)


def _in_lines(words: list[str]) -> str:
    """A command line, an option with its argument a line."""
    lines: list[str] = []
    for word in words:
        if word.startswith("-") or not lines:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return f" \\{BREAK}  ".join(lines)
