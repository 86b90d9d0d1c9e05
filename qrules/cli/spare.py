"""``spare``: how many more devices of a type fit, and what to add for so many."""

from __future__ import annotations

from qrules.cli import common, status
from qrules.cli.reading import words_of
from qrules.diagnostics import did_you_mean, unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form
    from qrules.machine.request import DeviceRequest, Request
    from qrules.plugging.board import Board


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules spare [options] TYPE [FILE | - | -- qemu-system-ARCH ARGS... | --on MACHINE[,OPTION=VALUE]]"
    common.complete(sub.add_argument("type", metavar="TYPE", help="a device type, such as e1000"), "devices")
    sub.add_argument("file", metavar="FILE", nargs="?", help="a file with a command line; - for standard input")
    common.complete(sub.add_argument("--on", metavar="MACHINE", help="a machine with its options, and nothing else"), "machines")
    sub.add_argument("--nodefaults", action="store_true", help="with --on: without the machine's default devices")
    sub.add_argument("--for", dest="count", type=int, metavar="N", help="show what has to be added for N more")
    sub.add_argument("--hot", action="store_true", help="with --for: such as come while the machine runs")
    common.add_profile(sub)
    status.add(sub)
    common.add_libvirt(sub)
    common.add_choice(sub)
    sub.set_defaults(run=_spare, mixes=True)


def _spare(args: Arguments) -> int:
    """Status 0 for a number, also none; 1 where the config is refused, 3 where nobody knows it; with --for that of `place`."""
    from qrules.configs import argv
    from qrules.configs.files import Files
    from qrules.place import spare
    from qrules.report import room

    words = _words(args)
    board = common.board(args, argv.architecture(words))
    argv.known_profiles(args.profile, board.knowledge)
    device = argv.devices([args.type])[0]
    kind = board.kinds.type(board.knowledge.real_name(device.driver))
    if kind is None:
        hint = did_you_mean(args.type, board.knowledge.shared["types"])
        raise unusable("QR413", f"there is no device type '{args.type}'", args.type, expected="a device type", hint=hint)
    request = argv.read(words, board.knowledge, Files())
    if args.count is not None:
        return _made(args, board, request, words, device._replace(driver=kind.name))
    found = spare.room(board, request, device._replace(driver=kind.name), tuple(args.profile))
    if args.json:
        from qrules.report import json

        common.show(json.dumps(room.room_json(found)))
    else:
        common.show(room.room_text(found, request, common.style(args)))
    if isinstance(found, spare.Room):
        return status.ACCEPTED
    return status.UNKNOWN if found.unknown else status.REJECTED


def _made(args: Arguments, board: Board, request: Request, words: list[str], device: DeviceRequest) -> int:
    from qrules.cli.place import status_of
    from qrules.place.spare import room_made
    from qrules.report import placing

    if args.count < 1:
        raise unusable("QR442", f"{args.count} is no number of devices", "--for", expected="a number from 1 on")
    answer = room_made(board, request, device, args.count, args.hot, tuple(args.profile), words)
    if args.json:
        from qrules.report import json

        common.show(json.dumps(placing.as_json(answer, request, words)))
    else:
        common.show(placing.text(answer, request, words, common.style(args), "diff"))
    return status_of(answer)


def _words(args: Arguments) -> list[str]:
    if args.on is None:
        return words_of(args)
    if args.file is not None or args.raw is not None:
        raise unusable("QR430", "a machine and a config at once", "--on", expected="one of them")
    binary = f"qemu-system-{common.entry(args, common.store(args)).arch}"
    return [binary, "-M", args.on, *(["-nodefaults"] if args.nodefaults else [])]
