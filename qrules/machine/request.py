"""What a user asks for, free of any format: a machine with options, and devices in their order."""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


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


class Wish(NamedTuple):
    """What an option asks the machine for: the kind of wish, what was written with it, and where."""

    kind: str
    values: Mapping[str, object] = {}
    where: Where | None = None


class Misread(NamedTuple):
    """What can't be taken as it is written: the engine's refusal that words it, what it speaks of, and where it stands.

    `stage` is when the emulator finds it: 0 when it reads the option, 1 before the machine's own options are looked at, 2 after.
    """

    refusal: str
    context: Mapping[str, Any] = {}
    where: Where | None = None
    stage: int = 0


class NotKnown(NamedTuple):
    """What of a config could not be looked at, since the text that it comes from does not say it: a sentence, and its place."""

    message: str
    where: Where | None = None


class Unread(NamedTuple):
    """What was written and nobody reads: the option with its dash, the part of its argument as written, where that stands."""

    option: str
    written: str
    where: Where | None = None


class Assumption(NamedTuple):
    """What the host alone decides: the number of the note that says so, the text that it is about, and where that stands."""

    note: int
    text: str
    where: Where | None = None


class Remark(NamedTuple):
    """What is told of a config whatever the verdict: a sentence, where it is known from (file, line, sources), and its place."""

    message: str
    file: str
    line: int
    see: tuple[tuple[str, str], ...] = ()
    where: Where | None = None


class Global(NamedTuple):
    """A value for a property of all devices of a kind, and where it is said."""

    driver: str
    property: str
    value: object
    where: Where | None = None


class Processor(NamedTuple):
    """The model of the machine's processors, and what is said of its properties: pairs, or words such as ``+x``."""

    model: str
    features: tuple[str, ...] = ()
    where: Where | None = None


class Request(NamedTuple):
    """A whole config: what the machine is, what stands before any device is plugged, and the devices.

    `options` are those of -machine, `facts` what other options say of the machine. `backends` maps the id of a host
    resource to its kind (to several, with spaces between, where several have it);
    `said` maps it to what the option that makes it says of it. `silenced` are the roles whose default
    device is not wanted, `opened` those that are wanted in any case, with the type where one was named. `wishes` are
    what options ask the machine for, `globals` are values for all devices of a kind, `misread` is what can't be taken
    as written. `processor` is the model that was asked for, `asked` are options that only have to be right by themselves.
    `unmodelled` says what the config asks for that the rules do not model, `not_known` what nobody but its author
    could tell; `unread` is what nobody reads of the options, `assumed` what the host alone decides of them, `remarks` is said
    whatever the verdict.
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
    wishes: Sequence[Wish] = ()
    globals: Sequence[Global] = ()
    misread: Sequence[Misread] = ()
    not_known: Sequence[NotKnown] = ()
    unread: Sequence[Unread] = ()
    assumed: Sequence[Assumption] = ()
    processor: Processor | None = None
    asked: Sequence[Wish] = ()
    remarks: Sequence[Remark] = ()

    @property
    def size(self) -> int:
        """What there is to judge: the devices, and what options say."""
        return len(self.devices) + len(self.wishes) + len(self.globals) + len(self.asked)
