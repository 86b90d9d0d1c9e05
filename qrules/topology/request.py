"""What a user asks for, free of any format: a machine with options, and devices in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qrules.records import NamedTuple


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

    `options` are those of -machine, `facts` what other options say of the machine. `backends` maps the id of a host
    resource to its kind, `said` to what the option that makes it says of it. `silenced` are the roles whose default
    device is not wanted, `opened` those that are wanted in any case, with the type where one was named. `unmodelled`
    says what the config asks for that the rules do not model.
    """

    machine: str
    options: Mapping[str, object] = {}
    facts: Mapping[str, object] = {}
    nodefaults: bool = False
    devices: Sequence[DeviceRequest] = ()
    backends: Mapping[str, str] = {}
    said: Mapping[str, Mapping[str, object]] = {}
    silenced: Mapping[str, str] = {}
    opened: Mapping[str, str | None] = {}
    unmodelled: Sequence[str] = ()
    machine_where: Where | None = None
    option_where: Mapping[str, Where] = {}
