"""``place``: where all devices of a config can go, with the fewest controllers added; or what stands against it."""

from __future__ import annotations

from qrules.cli import common, pictures, reading, status
from qrules.cli.reading import spelling_of, words_of
from qrules.diagnostics import did_you_mean, unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.cli.form import Arguments, Form
    from qrules.explain.picture import Topology
    from qrules.machine.request import DeviceRequest, Request
    from qrules.place.answer import Nowhere, Placed, Undecided
    from qrules.place.wants import Spare, Wants
    from qrules.plugging.board import Board

    Answer = Placed | Nowhere | Undecided


_DIGITS = 9  # of a number that somebody means
_MANY = 300  # words of a command line from which on plugging a device like those before it is worth a plan
_MOST_SHOWN = 1_000  # ways, or conflicts: nobody reads more, and each is proven


def configure(name: str, sub: Form) -> None:
    """Adds the verb's arguments."""
    sub.usage = "qrules place [options] [FILE | - | -- qemu-system-ARCH ARGS... | --on MACHINE[,OPTION=VALUE] DEVICE[*N]...]"
    sub.add_argument("file", metavar="FILE", nargs="?", help="a file with a command line; - for standard input")
    sub.add_argument("more", metavar="DEVICE", nargs="*", help="with --on: devices as -device takes them; TYPE*3 for three")
    common.complete(
        sub.add_argument("--on", metavar="MACHINE", help="a machine with its options, for a plain list of devices"), "machines"
    )
    sub.add_argument("--nodefaults", action="store_true", help="with --on: without the machine's default devices")
    _add_wants(sub)
    shown = sub.add_mutually_exclusive_group()
    shown.add_argument("--diff", action="store_true", help="show what changes in the command line")
    shown.add_argument("--explain", action="store_true", help="say why each goes where it goes; of a no how far it is proven")
    shown.add_argument("--why-not", metavar="[DEVICE@]BUS:ADDR", help="say why a device (id, type or position) is not there")
    shown.add_argument("--count", action="store_true", help="say how many ways there are to place the devices")
    shown.add_argument("--all", action="store_true", help="list these ways, as many as --limit says")
    pictures.add(shown)
    sub.add_argument("--limit", type=int, metavar="N", help="with --all: list so many (20), up to 1000")
    sub.add_argument(
        "--conflicts", type=int, default=20, metavar="N", help="where not all has a place: look for so many conflicts (20)"
    )
    status.add(sub)
    common.add_libvirt(sub)
    common.add_choice(sub)
    sub.set_defaults(run=_place, mixes=True)


def _add_wants(sub: Form) -> None:
    which = "by id, type or position (from 1)"
    for flag, metavar, told in (
        ("--hotplug", "DEVICE", f"this one comes while the machine runs ({which}; repeatable)"),
        ("--apart", "A,B,...", f"these want buses of their own ({which})"),
        ("--together", "A,B,...", f"these want one bus ({which})"),
        ("--functions", "A,B,...", f"these want to be functions of one slot ({which})"),
        ("--numa", "DEVICE=NODE", "this one wants a bus of that NUMA node; repeatable"),
        ("--spare", "TYPE=N", "leave room for so many more of a type"),
        ("--spare-hotplug", "TYPE=N", "the same, for such as come while it runs"),
    ):
        sub.add_argument(flag, metavar=metavar, action="append", default=[], help=told)
    common.add_profile(sub)


def _place(args: Arguments) -> int:
    """Status 0 where all has a place (and for an answered --why-not), 1 where not, 3 where the search was ended."""
    document = reading.domain(args) if args.on is None else None
    if document is not None:
        from qrules.cli import domains

        return domains.place(args, document)
    return _placed(args)


def _placed(args: Arguments) -> int:
    """The same for a command line."""
    from qrules.configs import argv
    from qrules.configs.converting import written_out
    from qrules.configs.files import Files
    from qrules.place.answer import Placed
    from qrules.place.policies import place

    words = written_out(_words(args), Files())  # a device of a file has its place there: it is written anew
    board = common.board(args, argv.architecture(words), many=len(words) > _MANY)
    argv.known_profiles(args.profile, board.knowledge)
    request = argv.read(words, board.knowledge, Files())
    _numbers(args)
    wants = _wants(args, board, request.devices)
    answer = place(board, request, wants, args.conflicts, words)
    if args.why_not is not None:
        return _why_not(args, board, request, wants, answer, words)
    if pictures.wanted(args) and isinstance(answer, Placed):
        common.show(pictures.draw(args, _topology(board, answer)))
    elif (args.count or args.all) and isinstance(answer, Placed):
        _ways(args, answer, request, words)
    elif args.json:
        from qrules.report import json, placing

        common.show(json.dumps(placing.as_json(answer, request, words)))
    else:
        from qrules.configs.spelling import PLAIN
        from qrules.report import placing

        form = "diff" if args.diff else "explain" if args.explain else "command"
        spelling = spelling_of(args) if args.on is None else PLAIN
        common.show(placing.text(answer, request, words, common.style(args), form, spelling))
    return status_of(answer)


def status_of(answer: Answer) -> int:
    """The status of a placement, or of none."""
    from qrules.place.answer import Placed, Undecided

    if isinstance(answer, Undecided):
        return status.UNKNOWN
    return status.ACCEPTED if isinstance(answer, Placed) else status.REJECTED


def _numbers(args: Arguments) -> None:
    if args.limit is not None and not args.all:
        raise unusable("QR442", "a limit, and no list that it could be one of", "--limit", expected="--all --limit N")
    for option, number in (("--limit", args.limit), ("--conflicts", args.conflicts)):
        if number is not None and not 1 <= number <= _MOST_SHOWN:
            problem = f"{number} is no number of things to show"
            raise unusable("QR442", problem, option, expected=f"a number from 1 to {_MOST_SHOWN:,}")


def _why_not(args: Arguments, board: Board, request: Request, wants: Wants, answer: Answer, words: list[str]) -> int:
    from qrules.place.elsewhere import elsewhere
    from qrules.report import elsewhere as report

    found = elsewhere(board, request, wants, answer, args.why_not, words)
    if args.json:
        from qrules.report import json

        common.show(json.dumps(report.as_json(found, answer, request)))
    else:
        common.show(report.text(found, answer, request, common.style(args)))
    return 0


def _ways(args: Arguments, answer: Placed, request: Request, words: list[str]) -> None:
    from qrules.place.ways import ways
    from qrules.report import ways as report

    found = ways(answer, (args.limit or 20) if args.all else 0, words)
    if args.json:
        from qrules.report import json

        common.show(json.dumps(report.as_json(found, request, words)))
    else:
        common.show(report.text(found, answer, request, common.style(args)))


def _topology(board: Board, answer: Placed) -> Topology:
    from qrules.explain.picture import topology

    outcome = board.run(common.facts(board.knowledge, answer.request.machine), answer.request, judged=False)
    return topology(board, outcome.state, added=answer.added)


def _words(args: Arguments) -> list[str]:
    """The command line that is meant; one is made of a plain list."""
    if args.on is None:
        if args.more:
            raise unusable("QR443", "several files", args.more[0], expected="one command line, or --on MACHINE DEVICE...")
        return words_of(args)
    listed = [text for text in (args.file, *args.more) if text is not None]
    if not listed or args.raw is not None:
        raise unusable("QR443", "no devices behind --on", "--on", expected="qrules place --on q35 e1000 e1000*3")
    words = [
        f"qemu-system-{common.entry(args, common.store(args)).arch}",
        "-M",
        args.on,
        *(["-nodefaults"] if args.nodefaults else []),
    ]
    for at, text in enumerate(listed):
        if text.isdecimal():
            written = f"{listed[at - 1]}*{text}" if at else "e1000*3"
            raise unusable("QR443", f"'{text}' is no device type", text, expected=f"a number behind a type and a star: {written}")
        device, times = _times(text)
        words += ["-device", device] * times
    return words


def _times(text: str) -> tuple[str, int]:
    """``e1000*3`` is three of them."""
    device, star, count = text.rpartition("*")
    if not star:
        return text, 1
    if not _is_number(count) or not 0 < int(count) <= 100_000:
        raise unusable("QR443", f"'{count}' is no number of devices", text, expected="TYPE*N, N from 1 to 100000")
    return device, int(count)


# ------------------------------------------------------------------------------------- what is wanted besides
def _wants(args: Arguments, board: Board, devices: Sequence[DeviceRequest]) -> Wants:
    from qrules.place.wants import Wants

    def named(text: str) -> tuple[int, ...]:
        return tuple(i for name in text.split(",") for i in which(name, devices))

    spare = [(text, False) for text in args.spare] + [(text, True) for text in args.spare_hotplug]
    return Wants(
        hotplug=frozenset(i for text in args.hotplug for i in named(text)),
        apart=tuple(named(text) for text in args.apart),
        together=tuple(named(text) for text in args.together),
        spare=tuple(_spare(text, hot, board) for text, hot in spare),
        functions=tuple(named(text) for text in args.functions),
        nodes={i: node for text in args.numa for i, node in _nodes(text, devices)},
        profiles=tuple(args.profile),
    )


def which(name: str, devices: Sequence[DeviceRequest]) -> list[int]:
    """The devices of a name: that id, that position, or all of that type. Raises `Unusable` (QR441) where there is none."""
    by_id = [i for i, d in enumerate(devices) if d.id == name]
    if by_id:
        return by_id
    if _is_number(name) and 0 < int(name) <= len(devices):
        return [int(name) - 1]
    by_type = [i for i, d in enumerate(devices) if d.driver == name]
    if not by_type:
        hint = did_you_mean(name, {*(d.driver for d in devices), *(d.id for d in devices if d.id)})
        raise unusable("QR441", f"no device of the config is '{name}'", name, expected="an id, a type or a position", hint=hint)
    return by_type


def _nodes(text: str, devices: Sequence[DeviceRequest]) -> list[tuple[int, int]]:
    name, _, node = text.rpartition("=")
    if not name or not _is_number(node):
        raise unusable("QR449", f"'{text}' is no device with a NUMA node", "--numa", expected="DEVICE=NODE, such as nic0=1")
    return [(index, int(node)) for index in which(name, devices)]


def _spare(text: str, hot: bool, board: Board) -> Spare:
    from qrules.place.wants import Spare

    name, _, count = text.partition("=")
    if board.kinds.type(board.knowledge.real_name(name)) is None or not _is_number(count):
        raise unusable("QR442", f"'{text}' is no type with a number", "--spare", expected="TYPE=N, such as e1000=4")
    return Spare(name, int(count), hot)


def _is_number(text: str) -> bool:
    """Whether a text is digits, and no more of them than anybody means."""
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS
