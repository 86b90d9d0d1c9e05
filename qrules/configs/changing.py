"""What -set makes of the options that stand before it, other than devices: one more member, as if it had been written there.

See qemu:system/vl.c "qemu_set_option". Options whose group is no such list, or that have been acted on when -set comes, stay as
they are.
"""

from __future__ import annotations

from qrules.configs.ini import AT_ONCE, FIXED, GROUPS, OPTIONS
from qrules.configs.options import Option, in_json, read_pairs, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_LONGEST = 63  # characters of a name in -set


def taken_apart(option: Option) -> tuple[str, str, str, str] | None:
    """The group, id, key and value of ``-set group.id.key=value``; None where it is written in another way."""
    group, identity, rest = (*option.argument.split(".", 2), "", "")[:3]
    key, equals, value = rest.partition("=")
    if not equals or not all(0 < len(name) <= _LONGEST for name in (group, identity, key)):
        return None
    return group, identity, key, value


def group_of(name: str, absent: Collection[str]) -> str | None:
    """The option (without dash) that a group of options stands for; None where the emulator knows no such group."""
    option = OPTIONS.get(name, name)
    return option if name in GROUPS and "-" + option not in absent else None


def changed(given: Iterable[Option]) -> list[Option]:
    """The options with what -set says of them put in; such a -set is no option any more, others stay."""
    found: list[Option] = []
    named: dict[tuple[str, str], int] = {}
    for option in given:
        apart = taken_apart(option) if option.name == "set" else None
        if apart is not None and apart[0] not in FIXED and apart[0] != "device":
            name = OPTIONS.get(apart[0], apart[0])
            at = named.get((name, apart[1]))
            if at is not None:
                if name not in AT_ONCE:
                    found[at] = _with(found[at], *apart[2:])
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
