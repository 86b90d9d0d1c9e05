"""What a machine or a config has: ``buses`` and ``slots``, as a list or a picture."""

from __future__ import annotations

import os

from qrules.cli import common, pictures
from qrules.cli.ask import board_of
from qrules.diagnostics import unusable
from qrules.explain import inventory
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.cli.form import Arguments, Form
    from qrules.domains.naming import Names
    from qrules.report.style import Style


class _Asked(NamedTuple):
    """A machine that stands, with the devices of a config; `refused` are positions of those that don't stand."""

    board: Board
    request: Request
    state: State
    refused: tuple[int, ...] = ()
    names: Names | None = None  # of a domain, for what it has


def configure(name: str, sub: Form) -> None:
    """Adds a verb's arguments."""
    sub.usage = f"qrules {name} [options] [MACHINE [OPTION=VALUE...] | FILE | - | -- qemu-system-ARCH ARGS...]"
    machine = sub.add_argument(
        "machine",
        metavar="MACHINE",
        nargs="?",
        help="a machine type or alias; or a file with a command line, - for standard input",
    )
    common.complete(machine, "machines")
    sub.add_argument("options", metavar="OPTION=VALUE", nargs="*", help="options of the machine, such as usb=on")
    sub.add_argument("--nodefaults", action="store_true", help="without the machine's default devices")
    pictures.add(sub.add_mutually_exclusive_group())
    common.add_libvirt(sub)
    common.add_choice(sub)
    sub.set_defaults(mixes=True, run=_listed)


# ------------------------------------------------------------------------------------- what is meant
def _asked(args: Arguments) -> _Asked:
    """The machine that is named, or that of a command line with its devices. Raises `Unusable`."""
    if args.raw is None and args.machine is not None and not _is_file(args):
        board = board_of(args, args.machine)
        wanted = common.request(board.knowledge, args.machine, args.options, args.nodefaults)
        return _Asked(board, wanted, common.checked_state(board, wanted))
    from qrules.cli.reading import words_of
    from qrules.configs import argv
    from qrules.configs.files import Files

    if args.options or args.nodefaults:
        raise unusable(
            "QR430", "a config and options of a machine at once", (args.options or ["--nodefaults"])[0], expected="one of them"
        )
    if args.raw is None and args.machine is None:
        raise unusable("QR431", "nothing to look at", args.verb_name, expected="a machine, a file, or a command line behind --")
    args.file = args.machine
    words = words_of(args)
    board = common.board(args, argv.architecture(words))
    request = argv.read(words, board.knowledge, Files())
    outcome = board.run(common.facts(board.knowledge, request.machine), request, judged=False)
    refused = tuple(i for i, stands in enumerate(outcome.devices) if stands is None)
    return _Asked(board, request, outcome.state, refused, _names(args))


def _names(args: Arguments) -> Names | None:
    """What a domain calls what it has; None of anything else."""
    answer = getattr(args, "domain", None)
    if answer is None:
        return None
    from qrules.domains.naming import names

    return names(answer)


def _is_file(args: Arguments) -> bool:
    """Whether the word names a file and no machine. Raises `Unusable` where it is neither and looks like a path."""
    word: str = args.machine
    if word == "-":
        return True
    if common.board(args).knowledge.machine(word.partition(",")[0]) is not None:
        return False
    return os.path.exists(word) or os.sep in word


def _text(args: Arguments, asked: _Asked, shown: str) -> None:
    """Prints a list or a tree; below it what is refused and what the machine lacks to start."""
    from qrules.report import listing, text

    style = common.style(args)
    if asked.refused:
        shown += BREAK * 2 + listing.not_shown(asked.request, asked.refused, style)
    missing = common.lacks(asked.board, asked.state, asked.request)
    common.show(text.with_lacks(shown, missing, asked.request.machine, style))


# ------------------------------------------------------------------------------------- the verbs
def _listed(args: Arguments) -> int:
    """A list or a picture of what is meant; the status is 0. Raises `Unusable`."""
    asked = _asked(args)
    as_json, as_text = {"buses": (_buses_json, _buses_text), "slots": (_slots_json, _slots_text)}[args.verb_name]
    if pictures.wanted(args):
        _picture(args, asked)
    elif args.json:
        from qrules.report import json

        head = json.head(asked.board, asked.request, common.lacks(asked.board, asked.state, asked.request))
        refused = {"refused": list(asked.refused)} if asked.request.devices else {}
        called = {"libvirt": asked.names._asdict()} if asked.names is not None else {}
        common.show(json.dumps({**head, **refused, **as_json(asked), **called}))
    else:
        _text(args, asked, as_text(asked, common.style(args)))
    return 0


def _picture(args: Arguments, asked: _Asked) -> None:
    from qrules.explain.picture import renamed, topology

    made = topology(asked.board, asked.state, asked.refused)
    drawn = pictures.draw(args, made if asked.names is None else renamed(made, *asked.names))
    if args.tree and not args.json:
        _text(args, asked, drawn)
    else:
        common.show(drawn)


def _buses_json(asked: _Asked) -> dict[str, Any]:
    from qrules.report import json

    first = inventory.default_bus(asked.state)
    listed = [json.bus(b) for b in inventory.buses(asked.board, asked.state)]
    return {"default-bus": first.id if first else None, "buses": listed}


def _buses_text(asked: _Asked, style: Style) -> str:
    from qrules.report import listing

    return listing.buses(inventory.buses(asked.board, asked.state), style, asked.names)


def _slots_json(asked: _Asked) -> dict[str, Any]:
    from qrules.report import json

    listed = inventory.held(asked.board, asked.state)
    return {"buses": [{**json.bus(facts), "holders": [json.holder(h) for h in held]} for facts, held in listed]}


def _slots_text(asked: _Asked, style: Style) -> str:
    from qrules.report import listing

    return listing.slots(inventory.held(asked.board, asked.state), style, asked.names)
