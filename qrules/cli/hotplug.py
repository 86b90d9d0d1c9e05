"""``hotplug``: would the running machine take a device, and if not, what would?"""

from __future__ import annotations

from qrules.cli import common, reading, status
from qrules.cli.reading import words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules hotplug [options] DEVICE... --into [FILE | - | -- qemu-system-ARCH ARGS...]"
    device = sub.add_argument(
        "devices",
        metavar="DEVICE",
        nargs="+",
        help="what device_add would get, one after the other: e1000,bus=rp1; DEVICE.xml into a domain",
    )
    common.complete(device, "devices")
    sub.add_argument(
        "--into",
        dest="file",
        metavar="FILE",
        nargs="?",
        help="the command line that the machine was started with: a file, - for standard input, or what stands behind --",
    )
    common.add_profile(sub)
    common.add_libvirt(sub)
    status.add(sub, strict=True)
    common.add_choice(sub)
    sub.set_defaults(run=_hotplug)


def _hotplug(args: Arguments) -> int:
    """The status of the last device, or of the start."""
    from qrules.configs import argv
    from qrules.configs.files import Files
    from qrules.explain.hotplug import hotplug

    document = reading.domain(args)
    if document is not None and all(device.endswith(".xml") for device in args.devices):
        from qrules.cli import domains

        return domains.hotplug(args, document, args.devices)
    words = words_of(args) if document is None else reading.words_of_domain(args, document)
    board = common.board(args, argv.architecture(words))
    argv.known_profiles(args.profile, board.knowledge)
    request = argv.read(words, board.knowledge, Files())
    later = tuple(d._replace(where=None) for d in argv.devices(args.devices))
    answer = hotplug(board, request, later, tuple(args.profile))
    if args.json:
        from qrules.report import json

        common.show(json.dumps(json.hotplug(answer)))
    else:
        from qrules.report import hotplug as report

        common.show(report.hotplug(answer, common.style(args), words))
    status.tell_strict(args, answer.verdict)
    return status.of_verdict(answer.verdict, args.strict)
