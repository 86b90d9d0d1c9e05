"""Questions about device types and one machine: ``why`` and ``types``."""

from __future__ import annotations

from qrules.cli import common, status
from qrules.diagnostics import unusable
from qrules.explain import inventory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form
    from qrules.plugging.board import Board


def configure(name: str, sub: Form) -> None:
    """Adds a verb's arguments."""
    if name == "why":
        _configure_why(sub)
    else:
        common.add_machine(sub)
        sub.set_defaults(mixes=True, run=_types)
    common.add_choice(sub)


def _configure_why(sub: Form) -> None:
    device = sub.add_argument(
        "device",
        metavar="DEVICE",
        help="a device type, with properties as -device takes them: e1000,addr=1f.0; DEVICE.xml for --on VM.xml",
    )
    common.complete(device, "devices")
    on = sub.add_argument(
        "--on",
        metavar="MACHINE[,OPTION=VALUE]",
        help="the machine, as -machine takes it: q35,usb=on; or a domain, VM.xml (none: where can it be plugged at all?)",
    )
    common.complete(on, "machines")
    sub.add_argument(
        "--with", dest="before", action="append", default=[], metavar="DEVICE", help="a device that stands before it (repeatable)"
    )
    sub.add_argument("--nodefaults", action="store_true", help="without the machine's default devices")
    common.add_libvirt(sub)
    status.add(sub)
    sub.set_defaults(run=_why)


def _why(args: Arguments) -> int:
    """Status 0 for a yes and for a no, 3 where nobody knows."""
    if args.on is None and not args.device.endswith(".xml"):
        return _anywhere(args)
    if args.on is None:
        raise unusable("QR431", "no domain to plug it into", "why", expected="--on VM.xml")
    if args.device.endswith(".xml") or args.on.endswith(".xml"):
        from qrules.cli import domains

        return domains.why(args, args.device, args.on)
    from qrules.configs.devices import devices as read_devices
    from qrules.explain.why import known_type, why

    board = board_of(args, args.on)
    devices = read_devices([*args.before, args.device])
    wanted = common.request(board.knowledge, args.on, [], args.nodefaults, described=False)._replace(devices=devices)
    if common.facts(board.knowledge, wanted.machine, described=False).family is not None:  # the answer tells of the others
        common.checked_state(board, wanted)
    driver = board.knowledge.real_name(devices[-1].driver)
    known_type(board.knowledge, driver)
    opened, arch = common.store(args), board.knowledge.arch
    older = opened.older(opened.resolve(board.knowledge.version, arch))
    answer = why(board, wanted, opened.versions_with(arch, driver), older)
    if args.json:
        from qrules.report import json

        common.show(json.dumps(json.why(answer)))
    else:
        from qrules.report import text

        common.show(text.why(answer, common.style(args)))
    return status.UNKNOWN if answer.placement is None and answer.verdict.verdict == "unknown" else status.ACCEPTED


def board_of(args: Arguments, machine: str) -> Board:
    """The machines among which one is meant: where no architecture is named, of the only one that has a machine of that name."""
    found = common.board(args)
    name = machine.partition(",")[0]
    if found.knowledge.machine(name) is not None:
        return found
    from qrules.cli.arches import only_one

    return only_one(args, found, name)


def _anywhere(args: Arguments) -> int:
    """Which machines take a device; status 0 however few those are."""
    from qrules.cli import arches
    from qrules.configs.devices import devices as read_devices
    from qrules.explain.anywhere import anywhere
    from qrules.explain.why import known_type
    from qrules.report import listing

    devices = read_devices([*args.before, args.device])
    if args.arch is None and getattr(args, "at_hand", None) is None:
        args.arch = "all"
    known = arches.each_arch(args)
    having = [k for k in known if k.type_facts(k.real_name(devices[-1].driver)) is not None]
    if not having:
        args.arch = None
        known_type(common.board(args).knowledge, devices[-1].driver)
    found = list(anywhere(having, devices, args.nodefaults))
    if args.json:
        from qrules.report import json

        places = [json.somewhere(each) for each in found]
        common.show(json.dumps({"schema": json.SCHEMA, "device": devices[-1].driver, "places": places}))
    else:
        common.show(listing.anywhere(devices[-1].driver, found, common.style(args)))
    return 0


def _types(args: Arguments) -> int:
    board = board_of(args, args.machine)
    wanted = common.request(board.knowledge, args.machine, args.options, args.nodefaults)
    state = common.checked_state(board, wanted)
    supported = inventory.supported(board, state)
    devices = inventory.pluggable(board, wanted)
    if args.json:
        from qrules.report import json

        common.show(
            json.dumps(
                {
                    **json.head(board, wanted, common.lacks(board, state, wanted)),
                    "supported-device-types": supported,
                    "devices": [json.type_facts(d) for d in devices],
                }
            )
        )
    else:
        from qrules.report import listing, text

        style = common.style(args)
        common.show(
            text.with_lacks(listing.types(supported, devices, style), common.lacks(board, state, wanted), wanted.machine, style)
        )
    return 0
