"""One test on one board: each line that expects something is compared with what came of the lines above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from qrules.configs.argv import read
from qrules.configs.options import pairs
from qrules.diagnostics import Span
from qrules.explain.reasons import Reason, reason
from qrules.knowledge.model import MachineFacts
from qrules.language import tree
from qrules.language.tree import Expr
from qrules.machine.entities import Device
from qrules.machine.frames import shown
from qrules.machine.request import DeviceRequest, Request
from qrules.numerals import whole_number
from qrules.plugging.board import Board

Found = tuple[Span, str, str]  # where, what was expected, what came
_MACHINE = -1  # the index that stands for the machine itself


class Trial:
    """A test that has been run. Raises `NoRules` where no rules describe its machine."""

    def __init__(self, board: Board, facts: MachineFacts, test: tree.Test) -> None:
        self._board, self._facts, self._test = board, facts, test
        self._written: list[DeviceRequest] = []
        self._run()

    def _run(self) -> None:
        """Runs the config as far as it has been read: a line speaks of what stands above it."""
        outcome = self._board.run(self._facts, self._request(self._facts, self._written))
        self._state = outcome.state
        self._devices: list[Device | None] = list(outcome.devices)
        self._refusals = list(outcome.refusals)

    def _request(self, facts: MachineFacts, devices: list[DeviceRequest]) -> Request:
        test, family = self._test, self._board.family(facts)
        said = read(["-M", facts.name, *test.words], self._board.knowledge)
        return said._replace(
            machine=facts.name,
            options={**said.options, **{name: value for name, value in test.options if name not in family.facts}},
            facts={**said.facts, **{name: value for name, value in test.options if name in family.facts}},
            nodefaults=test.nodefaults or said.nodefaults,
            devices=[*said.devices, *devices],
            backends={**said.backends, **{name: kind.text for kind, names in test.backends for name in names}},
            said={**said.said, **{name: self._sample(kind.text) for kind, names in test.backends for name in names}},
            silenced={**said.silenced, **{role.text: "test" for role in test.without}},
            opened={**said.opened, **{role.text: kind.text if kind else None for role, kind in test.roles}},
        )

    def _sample(self, kind: str) -> dict[str, object]:
        """What the sample of a kind of host resource says of it: a test names no more than the kind."""
        _, argument = self._board.knowledge.shared["samples"].get(kind, ("", ""))
        return {pair.key: pair.value for pair in pairs(argument)}

    def failures(self) -> Iterator[Found]:
        """Every line that does not hold, in order."""
        about = _MACHINE
        deciding = self._board.knowledge.shared["deciding"]  # what others say of a bare machine, a test need not expect
        broken = [r for r in self._reasons(_MACHINE) if r.severity == "reject" and r.profile in deciding]
        if broken and self._test.steps[0].what not in ("refused", "unknown"):
            yield self._test.machine.span, f"the machine {self._test.machine.text}", self._came(_MACHINE)
        checks: dict[str, Callable[[tree.Step, int], Found | None]] = {
            "accepted": self._accepted,
            "refused": self._refused,
            "warned": self._warned,
            "unknown": self._unknown,
            "bus": self._bus,
            "no-bus": self._no_bus,
            "has": self._has,
            "types": self._types,
        }
        for step in self._test.steps:
            if step.what in ("device", "json", "plug"):
                if step.what != "plug" and len(self._devices) > len(self._written):
                    yield step.span, "all devices before the first 'plug'", "the machine runs already"
                about = self._add(step)
            elif step.what == "machine":
                about = _MACHINE
            else:
                found = checks[step.what](step, about)
                if found is not None:
                    yield found

    def _add(self, step: tree.Step) -> int:
        index = len(self._devices)
        if step.what == "plug":
            device, refusals = self._board.hotplug(self._state, index, device_request(step))
            self._devices.append(device)
            self._refusals.extend(refusals)
        else:
            self._written.append(device_request(step))
            self._run()
        return index

    # ------------------------------------------------------------------------------ verdicts
    def _reasons(self, about: int) -> list[Reason]:
        index = None if about == _MACHINE else about
        return [reason(self._board.knowledge, r) for r in self._refusals if r.device == index]

    def _came(self, about: int) -> str:
        reasons = self._reasons(about)
        if reasons:
            return "; ".join(f"{_VERBS[r.severity]} by {r.rule}: {r.emulator_message or r.message}" for r in reasons)
        device = self._devices[about] if about != _MACHINE else None
        if device is None or device.bus is None:
            return "accepted"
        at = self._state.shown_address(device)
        return f'accepted on "{device.bus.id}"' + (f' at "{at}"' if at else "")

    def _accepted(self, step: tree.Step, about: int) -> Found | None:
        refused = [r for r in self._reasons(about) if r.severity != "warn"]
        device = self._devices[about] if about != _MACHINE else None
        place = device.bus.id if device is not None and device.bus is not None else None
        at = self._state.shown_address(device) if device is not None else None
        if refused or (step.place is not None and step.place != place) or (step.at is not None and step.at != at):
            where = "" if step.place is None else f' on "{step.place}"' + (f' at "{step.at}"' if step.at is not None else "")
            return step.span, "accepted" + where, self._came(about)
        wrong = (self._value(device, v) for v in step.values) if device is not None else iter(())
        return next((w for w in wrong if w is not None), None)

    def _value(self, device: Device, wanted: tree.Attribute) -> Found | None:
        expected, came = constant(wanted.value), device.get(wanted.name, self._state)
        if expected == came or expected == shown(came):
            return None
        return wanted.span, f"{wanted.name} = {shown(expected)}", f"{wanted.name} = {'unset' if came is None else shown(came)}"

    def _refused(self, step: tree.Step, about: int) -> Found | None:
        return self._told(step, about, "reject", "refused")

    def _warned(self, step: tree.Step, about: int) -> Found | None:
        return self._told(step, about, "warn", "warned")

    def _told(self, step: tree.Step, about: int, severity: str, verb: str) -> Found | None:
        reasons = [r for r in self._reasons(about) if r.severity == severity]
        named = [r for r in reasons if step.name in ("", r.rule)]
        if not named:
            return step.span, verb + (f" by {step.name}" if step.name else ""), self._came(about)
        return _words(step, named[0])

    def _unknown(self, step: tree.Step, about: int) -> Found | None:
        known = all(r.severity != "unknown" for r in self._reasons(about))
        return (step.span, "unknown", self._came(about)) if known else None

    # ------------------------------------------------------------------------------ what stands
    def _bus(self, step: tree.Step, about: int) -> Found | None:
        kinds = [b.kind.name for b in self._state.buses if b.id == step.name]
        if step.kind in kinds:
            return None
        return step.span, f"bus {step.name} is {step.kind}", f"it is {' and '.join(kinds)}" if kinds else self._no_such_bus()

    def _no_such_bus(self) -> str:
        return "there is no such bus among " + ", ".join(b.id for b in self._state.buses)

    def _no_bus(self, step: tree.Step, about: int) -> Found | None:
        there = any(b.id == step.name for b in self._state.buses)
        return (step.span, f"no bus {step.name}", "there is one") if there else None

    def _has(self, step: tree.Step, about: int) -> Found | None:
        count = sum(step.kind in e.kinds for e in (*self._state.devices, *self._state.buses))
        return None if count == step.count else (step.span, f"{step.count} {step.kind}", f"{count}")

    def _types(self, step: tree.Step, about: int) -> Found | None:
        room = [b for b in self._state.buses if not self._state.is_full(b)]
        came = sorted({name for b in room for name in b.kind.accepted(b, self._state)})
        return None if came == sorted(step.names) else (step.span, ", ".join(sorted(step.names)), ", ".join(came))


_VERBS = {"reject": "refused", "warn": "warned", "unknown": "unknown"}


def _words(step: tree.Step, found: Reason) -> Found | None:
    """The sentences under ``refused by``, compared with those that came."""
    notes = step.notes
    wanted = (
        [] if notes is None else [("says", dict(notes.words).get("says")), ("because", notes.because), ("instead", notes.instead)]
    )
    came = {"says": found.emulator_message, "because": found.message, "instead": found.instead}
    for what, expr in wanted:
        if expr is not None and constant(expr) != came[what]:
            return expr.span, f'{what} "{constant(expr)}"', f'{what} "{came[what]}"'
    return None


def constant(expr: Expr) -> Any:
    """The value of a literal, or a bare word as its text."""
    return expr.args[0] if expr.op == "literal" or (expr.op == "path" and len(expr.args) == 1) else None


def device_request(step: tree.Step) -> DeviceRequest:
    """The device that a step writes."""
    json = step.what == "json"
    given: dict[str, object] = {name: _json_value(value) if json else value for name, value in step.options}
    identity, bus = given.pop("id", None), given.pop("bus", None)
    return DeviceRequest(step.name, _text(identity), _text(bus), given, json)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _json_value(text: str) -> object:
    """What stands in a JSON device: a number or a boolean where the text is one."""
    number = whole_number(text)
    return number if number is not None else {"on": True, "off": False}.get(text, text)
