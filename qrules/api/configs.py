"""Configs: what becomes of a command line, and what could."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qrules.api import given
from qrules.configs import argv as argv_reader
from qrules.configs.files import Files
from qrules.explain.verdicts import Verdict, judge
from qrules.explain.why import known_type
from qrules.machine.budget import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.conversion.answer import Converted, Impossible, Uncertain
    from qrules.conversion.upgrading import Upgraded
    from qrules.explain.hotplug import HotPlug
    from qrules.place.answer import Nowhere, Placed, Undecided
    from qrules.place.shown import Repair
    from qrules.place.spare import Refused, Room
    from qrules.place.wants import Wants


def check(
    *,
    argv: Sequence[str],
    arch: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
    files: bool = False,
) -> Verdict:
    """The verdict on a QEMU command line; a first word that does not begin with ``-`` is the binary.

    `profiles` limits the verdict to some (default: all that have rules). The files that -readconfig names are opened with `files`
    alone (QR406 without). Raises `TypeError` for a text where a list is meant, and `qrules.Unusable` where the command line can't
    be read (QR401 to QR407), and for an architecture, version or profile that there is not (QR420, QR421, QR437).
    """
    asked = given.asked(argv, arch, qemu, profiles, rules, files)
    with Question():
        return judge(asked.board, asked.request, asked.profiles)


def repairs(
    *,
    argv: Sequence[str],
    arch: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
) -> list[Repair]:
    """What would make a refused command line start, the cheapest first, each tried; empty where nothing does, or need be.

    Raises as `check`, and `qrules.Unusable` (QR460) where that takes more steps than there are.
    """
    from qrules.place.repairs import repairs

    asked = given.asked(argv, arch, qemu, profiles, rules, False)
    with Question():
        return repairs(asked.board, asked.request, asked.profiles, argv=asked.words)


def place(
    *,
    argv: Sequence[str],
    wants: Wants | None = None,
    arch: str | None = None,
    qemu: str | None = None,
    rules: str | None = None,
    files: bool = False,
) -> Placed | Nowhere | Undecided:
    """Places for all devices of a QEMU command line, with the fewest controllers added; ``.argv(argv)`` of a `Placed` is it.

    `wants` is a `qrules.Wants`; `files` as for `check`. Raises as `check`.
    """
    from qrules.place import policies
    from qrules.place.wants import Wants

    if wants is not None and not isinstance(wants, Wants):
        raise TypeError(f"wants is a qrules.Wants, not {type(wants).__name__}")
    profiles = wants.profiles if wants is not None else ()
    asked = given.asked(argv, arch, qemu, profiles, rules, files)
    with Question():
        return policies.place(asked.board, asked.request, wants, words=asked.words)


def spare(
    device: str,
    *,
    argv: Sequence[str],
    arch: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
    files: bool = False,
) -> Room | Refused:
    """How many more of a device (as ``-device`` takes it) fit into a config: as it stands, with controllers added, while it runs.

    Raises as `check`, and `qrules.Unusable` (QR413) for a type that there is not.
    """
    from qrules.place.spare import room

    asked = given.asked(argv, arch, qemu, profiles, rules, files)
    (wanted,) = argv_reader.devices([given.text(device, "device", '"TYPE,property=value"')])
    name = asked.board.knowledge.real_name(wanted.driver)
    known_type(asked.board.knowledge, name)
    with Question():
        return room(asked.board, asked.request, wanted._replace(driver=name), asked.profiles)


def hotplug(
    *devices: str,
    argv: Sequence[str],
    arch: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
    files: bool = False,
) -> HotPlug:
    """What becomes of devices that are added in turn to the machine that a command line starts. Raises as `check`."""
    from qrules.explain.hotplug import hotplug

    if not devices:
        raise TypeError("no device to add: hotplug(DEVICE, argv=[...])")
    asked = given.asked(argv, arch, qemu, profiles, rules, files)
    later = tuple(
        d._replace(where=None) for d in argv_reader.devices(list(given.texts(devices, "devices", '["TYPE,property=value"]')))
    )
    with Question():
        return hotplug(asked.board, asked.request, later, asked.profiles)


def convert(
    *,
    argv: Sequence[str],
    to: str,
    keep: Iterable[str] = (),
    without: Iterable[int] = (),
    arch: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
    files: bool = False,
) -> Converted | Impossible | Uncertain:
    """A QEMU command line as one of another machine, with a reason for each line that changes.

    `to` is a machine as -machine takes it (``"q35,usb=on"``), `keep` are roles of the old machine whose default devices come
    along (``"network"``, ``"all"``), `without` positions of devices that are left out, `profiles` those whose advice is heeded
    (none: all); `files` as for `check`. Raises as `check`, and `Unusable` where there is no such machine (QR410, QR411), option
    (QR412) or role (QR444).
    """
    from qrules.conversion import converting, target

    roles = given.texts(keep, "keep", '["network"]')
    asked = given.asked(argv, arch, qemu, profiles, rules, files)
    machine = given.text(to, "to", '"MACHINE,option=value"')
    wanted = target.target(asked.board, asked.request, machine, roles, given.numbers(without, "without"), "to")
    with Question():
        return converting.convert(asked.board, asked.words, wanted, asked.profiles, Files() if files else None)


def upgrade(
    *,
    argv: Sequence[str],
    old: str,
    new: str | None = None,
    arch: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
    files: bool = False,
    machine: str | None = None,
) -> Upgraded:
    """A QEMU command line of the version `old` on another one (default: the newest shipped).

    The answer says whether it starts there, what is gone, what its guest finds otherwise, and with which changes it starts.
    `machine` is what it is to be there (None: what it says); `old` and `new` may be one version then. The rest is as for `check`,
    which it raises as.
    """
    from qrules.conversion import upgrading
    from qrules.rulesets.store import open_store

    asked = given.asked(argv, arch, given.text(old, "old", '"10.0"'), profiles, rules, files)
    other = given.boards(rules, asked.board.knowledge.arch, new)
    wanted = given.text(machine, "machine", '"MACHINE"') if machine is not None else ""
    store = open_store(rules)
    known = [store.knowledge(t) for t in store.targets() if t.arch == asked.board.knowledge.arch]
    with Question():
        reader = Files() if files else None
        return upgrading.upgrade(asked.board, other, asked.words, asked.profiles, known, reader, wanted)
