"""What of a config nobody looked at: options that no rule reads, and values whose type is known by its name alone.

It follows from what the engine did. `configs/looked` took note of what no reader of the command line took; here is what the
machine was given and took as it stands, since no `domain` says what such a value has to be.
"""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked.domains import is_read
from qrules.linked.kinds import Kinds
from qrules.machine.frames import CONTEXT, new_frame
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest, Request, Where
from qrules.machine.state import State
from qrules.records import NamedTuple, as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from qrules.explain.reasons import Reason
    from qrules.machine.contracts import DeviceKind


class Unchecked(NamedTuple):
    """Something that was written and not looked at.

    `option` is the option with its dash, `written` the part of its argument that is meant (empty: the option as a whole),
    `span` where that stands. `device` is the position of the device that it was written for, `hotplug` that of one that was
    added later.
    """

    option: str
    written: str
    span: Where | None = None
    device: int | None = None
    hotplug: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


def unchecked(kinds: Kinds, request: Request, state: State | None) -> tuple[Unchecked, ...]:
    """All of a config that nobody looked at; `state` is what stands in the end, None where no machine could be built."""
    found = [Unchecked(one.option, one.written, one.where) for one in request.unread] if request.unread else []
    if state is not None:
        if request.facts or request.options:
            found += _options(kinds.knowledge, request, state)
        found += [one for wish in (*request.wishes, *request.asked) for one in _wish(kinds, wish.kind, wish.values, wish.where)]
        if request.globals:
            found += _globals(kinds, request, state)
    for index, device in enumerate(request.devices):
        kind = kinds.named(device.driver)
        if kind is not None and not kind.read_names.issuperset(device.properties):
            found += of_device(kind, device, index)
    return tuple(found)


def not_refused(found: tuple[Unchecked, ...], reasons: list[Reason]) -> tuple[Unchecked, ...]:
    """Without what a reason speaks of: what is refused was looked at."""
    told = {(r.span.argument, r.about) for r in reasons if r.span is not None and r.about}
    return tuple(u for u in found if u.span is None or (u.span.argument, u.written.partition("=")[0]) not in told)


def of_device(kind: DeviceKind, device: DeviceRequest, index: int) -> Iterator[Unchecked]:
    """What of a device's properties nobody looks at."""
    for name, value in device.properties.items():
        if not kind.reads(name):
            yield Unchecked("-device", f"{name}={value}" if isinstance(value, str) else name, device.where, index)


def _options(knowledge: Knowledge, request: Request, state: State) -> Iterator[Unchecked]:
    """Options of the machine, and what other options say of it."""
    family = state.machine.family
    facts = knowledge.machine(request.machine)
    if family is None or facts is None:
        return
    for name, value in (*request.facts.items(), *request.options.items()):
        clause = family.option(name)
        fact = None if clause is not None else knowledge.catalogued(facts.line, name)
        if (clause is not None and not is_read(clause.domain, knowledge)) or (
            fact is not None and not is_read(["named", fact[0]], knowledge)
        ):
            yield Unchecked("-machine", f"{name}={value}" if isinstance(value, str) else name, request.option_where.get(name))


def _wish(kinds: Kinds, name: str, values: Mapping[str, object], where: Where | None) -> Iterator[Unchecked]:
    """What an option wishes for with a value that has no reader."""
    kind = kinds.wish(name)
    for key, value in values.items():
        if key in kind.read_names:
            continue
        clause = kind.properties.get(key)
        if clause is None or not is_read(clause.domain, kinds.knowledge):
            yield Unchecked("", f"{key}={value}", where)
        else:
            kind.read_names.add(key)  # there are no more than rules have clauses


def _globals(kinds: Kinds, request: Request, state: State) -> Iterator[Unchecked]:
    """Values for all devices of a kind, where such a device stands: of those that do not the emulator looks at none."""
    standing = frozenset[str]().union(*{device.kind.kinds for device in state.devices})
    for told in request.globals:
        kind = kinds.type(told.driver)
        listed = kinds.knowledge.knows_parts  # all properties of parts, too
        if kind is None:
            continue
        if kind.reads(told.property) and (listed or kind.status != "internal" or kind.has_property(told.property)):
            continue
        if told.driver in standing:
            yield Unchecked("-global", f"{told.driver}.{told.property}={told.value}", told.where)


def assumed(request: Request, state: State) -> Iterator[Refusal]:
    """What the options say of which the host alone decides."""
    for one in request.assumed:
        frame = new_frame(state, state.machine)
        frame[CONTEXT["text"]] = one.text
        yield Refusal("assumed", one.note, "says", frame, where=one.where)
