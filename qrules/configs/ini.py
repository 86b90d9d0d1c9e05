"""The files of -readconfig: groups of options in the manner of INI (qemu:util/qemu-config.c "qemu_config_foreach").

``[device "nic0"]`` opens a group, ``addr = "5"`` is a member; ``#`` begins a comment line. Each group is an option.
"""

from __future__ import annotations

import re

from qrules.records import NamedTuple

_GROUP = re.compile(r'\s*\[\s*([\w-]{1,63})(?:\s+"([^"]{1,63})")?\s*\]\s*')
_MEMBER = re.compile(r'\s*([\w.-]{1,63})\s*=\s*"([^"]{0,1023})"\s*')
MAX_BYTES = 4 * 1024 * 1024

# Groups that stand for an option of another name (qemu:system/vl.c "vm_config_groups").
OPTIONS = {"smp-opts": "smp", "memory": "m", "boot-opts": "boot"}
GROUPS = frozenset(
    (
        "drive", "chardev", "device", "netdev", "nic", "net", "fsdev", "virtfs", "rtc", "global", "mon", "trace", "iscsi",
        "option-rom", "name", "numa", "machine", "accel", "action", "add-fd", "set-fd", "sandbox", "msg", "object", "icount",
        "semihosting-config", "tpmdev", "realtime", "overcommit", "spice", "fw_cfg", "acpi", "smbios", *OPTIONS,
    )
)  # fmt: skip


class Section(NamedTuple):
    """A group of a file: its name, its id, its members in order, and the line on which it begins."""

    group: str
    id: str | None
    members: tuple[tuple[str, str], ...]
    line: int


class Misshapen(Exception):
    """A line that can't be read. `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


def sections(text: str) -> list[Section]:
    """The groups of a file. Raises `Misshapen`."""
    found: list[tuple[str, str | None, list[tuple[str, str]], int]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        group, member = _GROUP.fullmatch(line), _MEMBER.fullmatch(line)
        if group is not None:
            found.append((group[1], group[2], [], number))
        elif member is None:
            raise Misshapen("parse error", number)
        elif not found:
            raise Misshapen("no group defined", number)
        else:
            found[-1][2].append((member[1], member[2]))
    return [Section(group, identity, tuple(members), line) for group, identity, members, line in found]


def argument(section: Section) -> str:
    """A group's members as an option takes them."""
    members = [*([("id", section.id)] if section.id is not None else []), *section.members]
    return ",".join(f"{key}={value.replace(',', ',,')}" for key, value in members)
