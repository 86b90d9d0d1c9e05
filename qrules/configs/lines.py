"""Bulk questions: one JSON object a line, a config with what is to be added while it runs.

``{"id": ..., "argv": [...], "arch": "x86_64", "qemu": "10.0", "hotplug": {"driver": ...}, "profile": ["qemu"]}``; all but
``argv`` may be left out. A line that can't be read says why, and stops no other.
"""

from __future__ import annotations

from qrules.machine.request import DeviceRequest
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEYS = ("id", "argv", "arch", "qemu", "hotplug", "profile")
MAX_LINE = 4 * 1024 * 1024  # bytes; the longest command line that Linux passes to a program is half of that


class Line(NamedTuple):
    """A question as read. `hotplug` are the devices that are added in turn while the machine runs."""

    id: Any
    argv: list[str]
    arch: str | None
    qemu: str | None
    hotplug: tuple[DeviceRequest, ...]
    profiles: tuple[str, ...]


class Unreadable(Exception):
    """A line that is no question. `id` is its id where that much could be read."""

    def __init__(self, message: str, identity: Any = None) -> None:
        self.id = identity
        super().__init__(message)


def members_of(raw: bytes) -> dict[str, Any]:
    """The members of a line of at most `MAX_LINE` bytes. Raises `Unreadable`."""
    if len(raw) > MAX_LINE:
        raise Unreadable(f"more than {MAX_LINE // 1024 // 1024} MiB in one line")
    return _object(raw)


def read_line(raw: bytes) -> Line:
    """The question of a line of at most `MAX_LINE` bytes. Raises `Unreadable`, with the line's id where that could be read."""
    members = members_of(raw)
    identity = members.get("id")
    for key in members:
        if key not in _KEYS:
            raise Unreadable(f"'{key}' is not a member of a question; expected: {', '.join(_KEYS)}", identity)
    return Line(
        identity,
        _argv(members, identity),
        _text(members, "arch", identity),
        _text(members, "qemu", identity),
        tuple(added(device, identity) for device in _listed(members, "hotplug")),
        _profiles(members, identity),
    )


def _object(raw: bytes) -> dict[str, Any]:
    from qrules.configs.json_text import NotJson, strict

    try:
        members = strict(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start} is not UTF-8 text") from error
    except NotJson as error:
        raise Unreadable(f"this is not JSON: {error}") from error
    if not isinstance(members, dict):
        raise Unreadable('JSON, but not an object; expected: {"id": ..., "argv": [...]}')
    if b"\\u" in raw:
        from qrules.configs.json_text import whole_characters

        if not whole_characters(members):
            raise Unreadable("half of a surrogate pair, which is no character; expected: text", members.get("id"))
    return members


def _argv(members: dict[str, Any], identity: Any) -> list[str]:
    argv = members.get("argv")
    if not isinstance(argv, list) or not all(map(str.__instancecheck__, argv)):
        raise Unreadable('"argv" is no list of texts; expected: the words of a command line', identity)
    return argv


def _text(members: dict[str, Any], key: str, identity: Any) -> str | None:
    value = members.get(key)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f'"{key}" is no text', identity)
    return value


def _profiles(members: dict[str, Any], identity: Any) -> tuple[str, ...]:
    profiles = _listed(members, "profile")
    if not all(isinstance(p, str) for p in profiles):
        raise Unreadable('"profile" is neither a text nor a list of texts', identity)
    return tuple(profiles)


def _listed(members: dict[str, Any], key: str) -> list[Any]:
    """A member that is one value or a list of such."""
    value = members.get(key)
    return [] if value is None else value if isinstance(value, list) else [value]


def added(members: Any, identity: Any = None) -> DeviceRequest:
    """A device as QMP's device_add takes it. Raises `Unreadable`."""
    if not isinstance(members, dict) or not isinstance(members.get("driver"), str):
        raise Unreadable('"hotplug" names no device; expected: {"driver": TYPE, ...} or a list of such', identity)
    rest = {key: value for key, value in members.items() if key not in ("driver", "id", "bus")}
    name, bus = (members.get(key) for key in ("id", "bus"))
    if isinstance(name, (list, dict)) or isinstance(bus, (list, dict)):
        raise Unreadable('"id" and "bus" of a device are texts', identity)
    return DeviceRequest(
        members["driver"], None if name is None else str(name), None if bus is None else str(bus), rest, json=True
    )
