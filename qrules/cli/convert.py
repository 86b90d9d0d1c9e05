"""``convert``: a VM's command line for one machine as one for another, with a reason for each line that changes."""

from __future__ import annotations

from qrules.cli import common, reading, status
from qrules.cli.place import which
from qrules.cli.reading import spelling_of, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form

_EPILOG = """examples:
  qrules convert --to q35 -- qemu-system-x86_64 -M pc -device e1000,addr=5
  qrules convert --to pc --diff vm.sh
  qrules convert --to microvm,pcie=on --keep network --without floppy vm.sh
  qrules convert --to q35 --diff vm.xml"""


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules convert [options] --to MACHINE[,OPTION=VALUE] [FILE | - | -- qemu-system-ARCH ARGS...]"
    sub.epilog = _EPILOG
    to = sub.add_argument(
        "--to", required=True, metavar="MACHINE[,OPTION=VALUE]", help="the new machine, as -machine takes it: q35,usb=on"
    )
    common.complete(to, "machines")
    sub.add_argument(
        "file", metavar="FILE", nargs="?", help="a file with a command line, or a domain of libvirt as XML; - for standard input"
    )
    sub.add_argument("--diff", action="store_true", help="show what changes, each reason below its line")
    lists = (
        ("--keep", "ROLE", "keep the old machine's default device of a role: network, cdrom, ... or all (repeatable)"),
        ("--without", "DEVICE", "leave this one out (by id, type or position; repeatable)"),
    )
    for option, metavar, told in lists:
        sub.add_argument(option, metavar=metavar, action="append", default=[], help=told)
    common.add_profile(sub)
    common.add_libvirt(sub)
    status.add(sub)
    common.add_choice(sub)
    sub.set_defaults(run=_convert, mixes=True)


def _convert(args: Arguments) -> int:
    """Status 0 for a converted config, 1 where something can't come along, 3 where the answer is uncertain."""
    from qrules.configs import argv
    from qrules.configs.files import Files
    from qrules.conversion.answer import Converted, Uncertain
    from qrules.conversion.converting import convert
    from qrules.conversion.target import target
    from qrules.report import converting

    document = reading.domain(args)
    if document is not None:
        from qrules.cli import domain_verbs

        return domain_verbs.convert(args, document)
    words = words_of(args)
    board = common.board(args, argv.architecture(words))
    argv.known_profiles(args.profile, board.knowledge)
    request = argv.read(words, board.knowledge, Files())
    without = [i for text in args.without for one in text.split(",") for i in which(one, request.devices)]
    wanted = target(board, request, args.to, [role for text in args.keep for role in text.split(",")], without)
    answer = convert(board, words, wanted, tuple(args.profile), Files())
    if args.json:
        from qrules.report import json

        common.show(json.dumps(converting.as_json(answer)))
    else:
        common.show(converting.text(answer, request, common.style(args), args.diff, spelling_of(args)))
    if isinstance(answer, Uncertain):
        return status.UNKNOWN
    return status.ACCEPTED if isinstance(answer, Converted) else status.REJECTED
