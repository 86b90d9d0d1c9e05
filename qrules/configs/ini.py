"""The files of -readconfig: groups of options in the manner of INI (qemu:util/qemu-config.c "qemu_config_foreach").

``[device "nic0"]`` opens a group, ``addr = "5"`` is a member; ``#`` begins a comment line. Each group is an option.
"""

from __future__ import annotations

import re

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# QEMU reads with sscanf, which wants less than it looks: brackets and quotes may stay open, and what begins a line is a key.
_GROUP_WITH_ID = re.compile(r'\[\s*(\S{1,63}+)\s*"([^"]{1,63})', re.ASCII)
_GROUP = re.compile(r"\[([^\]]{1,63})")
_MEMBER = re.compile(r'\s*(\S{1,63}+)(?:\s*=\s*"([^"]{1,1023}))?', re.ASCII)
_BUFFER = 1023  # bytes that QEMU reads at once: the rest of a longer line is a line to it

# Groups that stand for an option of another name (qemu:system/vl.c "vm_config_groups").
OPTIONS = {"smp-opts": "smp", "memory": "m", "boot-opts": "boot"}
GROUPS = frozenset(
    (
        "drive", "chardev", "device", "netdev", "nic", "net", "fsdev", "virtfs", "rtc", "global", "mon", "trace", "iscsi",
        "option-rom", "name", "numa", "machine", "accel", "action", "add-fd", "set-fd", "sandbox", "msg", "object", "icount",
        "semihosting-config", "tpmdev", "overcommit", "plugin", "spice", "fw_cfg", "acpi", "smbios", *OPTIONS,
    )
)  # fmt: skip

FIXED = frozenset(("object", "audiodev", "machine", *OPTIONS)) - {"memory"}  # read in other ways: -set sets nothing in them
AT_ONCE = frozenset(("smbios", "acpi", "global"))  # acted on as soon as they are read: what -set says of them comes too late


class Section(NamedTuple):
    """A group of a file: its name, its id, its members in order, and the line on which it begins."""

    group: str
    id: str | None
    members: tuple[tuple[str, str], ...]
    line: int

    @property
    def option(self) -> str | None:
        """The name (without dash) of the option that it stands for; None where the emulator knows no such group."""
        return OPTIONS.get(self.group, self.group) if self.group in GROUPS else None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The id, if any, and the members."""
        return (*((("id", self.id),) if self.id is not None else ()), *self.members)


class Misshapen(Exception):
    """A line that can't be read. `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


def sections(text: str) -> list[Section]:
    """The groups of a file. Raises `Misshapen` in QEMU's words, for the first line that is neither group, member nor comment."""
    found: list[tuple[str, str | None, list[tuple[str, str]], int]] = []
    for number, line in _lines(text):
        if line == "\n" or line.startswith("#"):
            continue
        if line.startswith("["):
            group = _GROUP_WITH_ID.match(line) or _GROUP.match(line)
            if group is not None:
                found.append((group[1], group[2] if group.re is _GROUP_WITH_ID else None, [], number))
                continue
        member = _MEMBER.match(line)
        if member is None:
            raise Misshapen("parse error", number)
        if not found:
            raise Misshapen("no group defined", number)
        found[-1][2].append((member[1], member[2] or ""))
    return [Section(group, identity, tuple(members), line) for group, identity, members, line in found]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, as C's fgets and scanf see them: nothing ends one but a newline, or a NUL before that."""
    *whole, last = text.split("\n")
    for number, line in enumerate([*(line + "\n" for line in whole), *([last] if last else [])], 1):
        pieces = [line]
        if len(line) * 4 > _BUFFER and len(raw := line.encode("utf-8", "replace")) > _BUFFER:
            pieces = [raw[at : at + _BUFFER].decode("utf-8", "replace") for at in range(0, len(raw), _BUFFER)]
        yield from ((number, piece.partition("\0")[0] if "\0" in piece else piece) for piece in pieces)


def argument(section: Section) -> str:
    """A group's members as an option shows them."""
    return ",".join(f"{key}={value.replace(',', ',,')}" for key, value in section.pairs)
