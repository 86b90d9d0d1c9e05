"""What a user asks for, free of any format: a machine with options, and devices in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Where(NamedTuple):
    """Where something stands in the user's own text: characters `start` to `end` of argument `argument` (from 0)."""

    argument: int
    start: int
    end: int


class DeviceRequest(NamedTuple):
    """A device as written. `properties` are all but driver, id and bus; values are text, or typed if they came as JSON."""

    driver: str
    id: str | None = None
    bus: str | None = None
    properties: Mapping[str, object] = {}
    json: bool = False
    where: Where | None = None


class Request(NamedTuple):
    """A whole config: what the machine is, what stands before any device is plugged, and the devices.

    `backends` maps the id of a host resource to its kind; `unread` lists options that the rules do not know.
    """

    machine: str
    options: Mapping[str, object] = {}
    nodefaults: bool = False
    devices: Sequence[DeviceRequest] = ()
    backends: Mapping[str, str] = {}
    silenced: Mapping[str, str] = {}
    machine_where: Where | None = None
    option_where: Mapping[str, Where] = {}
