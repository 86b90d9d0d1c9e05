"""What -set makes of the options that stand before it, other than devices: one more member, as if it had been written there.

See qemu:system/vl.c "qemu_set_option". Options whose group is no such list, or that have been acted on when -set comes, stay as
they are.
"""

from __future__ import annotations

import re

from qrules.configs.ini import AT_ONCE, FIXED, GROUPS, OPTIONS
from qrules.configs.options import Option, in_json, read_pairs, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

SET = re.compile(r"([^.]{1,63})\.([^.]{1,63})\.([^=]{1,63})=(.*)", re.DOTALL)


def group_of(name: str, absent: Collection[str]) -> str | None:
    """The option (without dash) that a group of options stands for; None where the emulator knows no such group."""
    option = OPTIONS.get(name, name)
    return option if name in GROUPS and "-" + option not in absent else None


def changed(given: Iterable[Option]) -> list[Option]:
    """The options with what -set says of them put in; such a -set is no option any more, others stay."""
    found: list[Option] = []
    named: dict[tuple[str, str], int] = {}
    for option in given:
        match = SET.fullmatch(option.argument) if option.name == "set" else None
        if match is not None and match[1] not in FIXED and match[1] != "device":
            name = OPTIONS.get(match[1], match[1])
            at = named.get((name, match[2]))
            if at is not None:
                if name not in AT_ONCE:
                    found[at] = _with(found[at], match[3], match[4])
                continue
        elif option.has_argument and "id=" in option.argument and not in_json(option):
            identity = next((str(pair.value) for pair in read_pairs(option, "") if pair.key == "id"), None)
            if identity is not None:
                named.setdefault((option.name, identity), len(found))
        found.append(option)
    return found


def _with(option: Option, key: str, value: str) -> Option:
    """An option with one member more, which is the last one and so the one that counts."""
    argument = f"{option.argument},{key}={value.replace(',', ',,')}"
    return option._replace(argument=argument, place=option.place or where(option))
