"""A request's devices written back into the command line that they came from."""

from __future__ import annotations

import json

from qrules.configs.options import Option, json_pairs, options, pairs, read_pairs
from qrules.configs.quoting import joined
from qrules.machine.request import DeviceRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def device_text(device: DeviceRequest) -> str:
    """A device as -device takes it: JSON where it came as such."""
    named = {"driver": device.driver, "id": device.id, "bus": device.bus}
    members = {key: value for key, value in named.items() if value is not None} | dict(device.properties)
    if device.json:
        return json.dumps(members)
    rest = [f"{key}={value_text(value)}" for key, value in members.items() if key != "driver"]
    return ",".join((value_text(device.driver), *rest))


def as_written(argv: Sequence[str], device: DeviceRequest) -> str:
    """A device as -device takes it, in the user's own words wherever these say the same: order, spelling, form."""
    at = device.where.argument if device.where is not None else 0
    if not 0 < at < len(argv) or argv[at - 1].lstrip("-") != "device":
        return device_text(device)
    text = argv[at]
    named = {"driver": device.driver, "id": device.id, "bus": device.bus}
    wanted = {key: value for key, value in named.items() if value is not None} | dict(device.properties)
    if device.json:
        members = {pair.key: wanted.pop(pair.key) for pair in json_pairs(text, at) if pair.key in wanted} | wanted
        from qrules.configs.json_text import emulators

        return text if members == emulators(text) else json.dumps(members)
    pieces = []
    last = {pair.key: pair for pair in pairs(text, "driver")}  # what is said twice counts as said last
    for pair in last.values():
        value = wanted.pop(pair.key, None)
        if value is not None:
            same = value_text(value) == value_text(pair.value)
            key = "" if pair.key == "driver" else f"{pair.key}="
            pieces.append(text[pair.start : pair.end] if same else key + value_text(value))
    return ",".join((*pieces, *(f"{key}={value_text(value)}" for key, value in wanted.items())))


def value_text(value: object) -> str:
    """A value as text; a comma in it is doubled."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value).replace(",", ",,")


def rewritten(argv: Sequence[str], devices: Sequence[DeviceRequest]) -> list[str]:
    """The command line with these devices in place of its -device options, where the first of those stood."""
    old = [option.word for option in options(list(argv)) if option.name == "device" and option.has_argument]
    gone = {word for at in old for word in (at, at + 1)}
    new = [word for device in devices for word in ("-device", as_written(argv, device))]
    first = old[0] if old else len(argv)
    before = [word for at, word in enumerate(argv) if at < first]
    return [*before, *new, *(word for at, word in enumerate(argv) if at > first and at not in gone)]


def with_machine(argv: Sequence[str], machine: str | None, changes: Mapping[str, object]) -> list[str]:
    """The command line with another machine (None: the same) or other options of it, in its last -machine option."""
    told = [option for option in options(list(argv)) if option.name in ("M", "machine") and option.has_argument]
    if not told:
        named = ",".join((machine or "", *(f"{key}={value_text(value)}" for key, value in changes.items()))).lstrip(",")
        at = 1 if argv and not argv[0].startswith("-") else 0
        return [*argv[:at], "-machine", named, *argv[at:]]
    members = {pair.key: pair.value for pair in read_pairs(told[-1], "type")} | dict(changes)
    name = machine or members.get("type")
    members.pop("type", None)
    parts = [*([str(name)] if name is not None else []), *(f"{key}={value_text(value)}" for key, value in members.items())]
    words = list(argv)
    words[told[-1].word + 1] = ",".join(parts)
    return words


def words_of(argv: Sequence[str], option: Option) -> list[str]:
    """The one or two words of an option, as they stand."""
    return [argv[option.word], *([option.argument] if option.has_argument and option.name else [])]


def lines(argv: Sequence[str]) -> list[str]:
    """A command line as a shell takes it, an option with its argument a line."""
    rows: list[list[str]] = []
    if argv and not argv[0].startswith("-"):
        rows.append([argv[0]])
    for option in options(list(argv)):
        rows.append(words_of(argv, option))
    return [joined(row) for row in rows]
