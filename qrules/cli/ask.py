"""Questions about device types and one machine: ``why`` and ``types``."""

from __future__ import annotations

from qrules.cli import common, status
from qrules.explain import inventory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments, Form


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
        required=True,
        metavar="MACHINE[,OPTION=VALUE]",
        help="the machine, as -machine takes it: q35,usb=on; or a domain, VM.xml",
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
    if args.device.endswith(".xml") or args.on.endswith(".xml"):
        from qrules.cli import domains

        return domains.why(args, args.device, args.on)
    from qrules.configs import argv
    from qrules.explain.why import known_type, why

    board = common.board(args)
    devices = argv.devices([*args.before, args.device])
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


def _types(args: Arguments) -> int:
    board = common.board(args)
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
