"""Asks a real emulator what the tests beside the rules ask of the rules.

Each test becomes command lines, one for each device in it, and what the emulator does is compared with the lines
that it can answer: whether something is accepted and in which words it is not, where a device lands, which buses and
devices stand. Which rule refuses, which kinds a bus takes, and what the rules do not know are no questions for it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from qrules.configs.argv import architecture
from qrules.diagnostics import Span
from qrules.knowledge.model import Knowledge
from qrules.language import tree
from qrules.linked.kinds import Kinds
from qrules.machine.frames import shown
from qrules.paths import rules_folder
from qrules.qemu import process, qtree
from qrules.qemu.several import Heard, in_turn
from qrules.rule_tests.command_line import CannotBeAsked, command_line
from qrules.rule_tests.run import Failure, collect, fits
from qrules.rule_tests.trial import constant, device_request
from qrules.rulesets.store import Entry, open_store

Progress: TypeAlias = Callable[[int, int], None]
_DEVICES = ("device", "json", "plug")
_HMP_ERROR = "Error: "
_SWITCHES = {"true": "on", "false": "off"}


class Asked(NamedTuple):
    """What a binary said to one test. `lines` were compared, `passed_over` are not for a binary to answer.

    `reason` says why a test was not asked at all: it is about another architecture or version (`elsewhere`), or nothing
    on a command line says that.
    """

    title: str
    span: Span
    failures: tuple[Failure, ...] = ()
    lines: int = 0
    passed_over: int = 0
    reason: str = ""
    elsewhere: bool = False
    late: bool | None = None  # whether the first start gave no answer in time; None where there was none


class _Seen(NamedTuple):
    """What became of one start, or of one device that was plugged into it."""

    taken: bool
    message: str
    tree: tuple[qtree.Bus, ...]
    blamed: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        return "accepted" if self.taken else f"refused: {self.message}"


class _PassedOver(Exception):
    """A line that the binary can't answer."""


def ask_tests(
    binary: str,
    root: Path | None = None,
    only: str = "",
    progress: Progress | None = None,
    jobs: int | None = None,
    timeout: float = process.DEFAULT_TIMEOUT,
) -> Iterator[Asked]:
    """Asks the tests of a rule set whose title or file has `only` in it, `jobs` at a time, in their order.

    Raises `Unusable` when the rules can't be used or have no catalogue of the binary's version, and the errors of
    `process.version`.
    """
    version = process.version(binary)
    store = open_store(str(root) if root is not None else None)
    entry = store.resolve(version, architecture([binary]))
    knowledge = store.knowledge(entry)
    tests = [t for t in collect(Path(store.root or rules_folder())) if only in t.title or only in t.span.file]

    def one(test: tree.Test) -> Asked:
        if not concerns(test, entry, knowledge):
            return Asked(test.title, test.span, reason=f"not about {entry.arch} {version}", elsewhere=True)
        try:
            words = command_line(knowledge, test)
        except CannotBeAsked as error:
            return Asked(test.title, test.span, reason=str(error))
        return _Conversation(binary, knowledge, test, words, timeout).result()

    heard = Heard(binary, timeout)
    for done, asked in enumerate(in_turn(one, tests, jobs), 1):
        heard.heed(asked.late)
        if progress is not None:
            progress(done, len(tests))
        yield asked


def concerns(test: tree.Test, entry: Entry, knowledge: Knowledge) -> bool:
    """Whether a test speaks of a machine of this catalogue."""
    return fits(test, entry) and knowledge.machine(test.machine.text) is not None


class _Conversation:
    """One test and one binary. A refused device is left out of what comes after it, as the rules do."""

    def __init__(self, binary: str, knowledge: Knowledge, test: tree.Test, words: list[str], timeout: float) -> None:
        self._binary, self._knowledge, self._test, self._timeout = binary, knowledge, test, timeout
        self._words = words
        self._plugs: list[str] = []
        self._about: tree.Step | None = None  # the device that lines speak of; none: the machine
        self._late: bool | None = None
        self._before = self._stands = self._start()
        self._last: _Seen | None = self._stands
        self._lines = self._passed_over = 0
        self._checks: dict[str, Callable[[tree.Step], Failure | None]] = {
            "accepted": self._accepted,
            "refused": self._refused,
            "bus": self._bus,
            "no-bus": self._no_bus,
            "has": self._has,
        }

    def result(self) -> Asked:
        failures = tuple(self._failures())
        return Asked(self._test.title, self._test.span, failures, self._lines, self._passed_over, late=self._late)

    def _failures(self) -> Iterator[Failure]:
        if not self._stands.taken and self._test.steps[0].what not in ("refused", "unknown"):
            yield Failure(self._test.machine.span, f"the machine {self._test.machine.text}", self._stands.told)
            return
        whole = False  # whether lines speak of the config as a whole, of which no binary says why
        for step in self._test.steps:
            if step.what in _DEVICES:
                self._add(step)
                whole = False
                continue
            whole = whole or step.what == "machine"
            try:
                if whole:
                    raise _PassedOver
                found = self._checks.get(step.what, _no_answer)(step)
                self._lines += 1
            except _PassedOver:
                self._passed_over += 1
                continue
            if found is not None:
                yield found

    # ------------------------------------------------------------------------------ starts
    def _add(self, step: tree.Step) -> None:
        """Starts with one device more, and notes what becomes of it."""
        self._about, self._before = step, self._stands
        plugged, text = step.what == "plug", _device(step)
        more = self._plugs if plugged else self._words
        more += [text] if plugged else ["-device", text]
        seen = self._start(plugged)
        if seen.taken:
            self._last = self._stands = seen
        elif plugged or seen.blamed == ("-device", text):
            del more[-1 if plugged else -2 :]
            self._last = seen
        else:  # the whole is refused: of a device after that, nothing can be told
            again = not self._stands.taken and seen.message == self._stands.message
            self._last, self._stands = None if again else seen, seen

    def _start(self, plugged: bool = False) -> _Seen:
        commands = [f"device_add {text}" for text in self._plugs]
        outcome, answers = process.ask(self._binary, self._words, (*commands, "info qtree"), self._timeout)
        if self._late is None:
            self._late = outcome.timed_out
        if outcome.timed_out:
            return _Seen(False, "no answer in time", ())
        if plugged and answers and _HMP_ERROR in answers[-2]:
            return _Seen(False, answers[-2].partition(_HMP_ERROR)[2].partition("\n")[0], ())
        return _Seen(
            outcome.accepted, outcome.message or outcome.ended, qtree.parse(answers[-1]) if answers else (), outcome.blamed
        )

    def _answer(self) -> _Seen:
        """What the emulator said of the last device, or of the machine."""
        if self._last is None:
            raise _PassedOver
        return self._last

    def _tree(self) -> tuple[qtree.Bus, ...]:
        if not self._stands.taken:
            raise _PassedOver
        return self._stands.tree

    # ------------------------------------------------------------------------------ verdicts
    def _refused(self, step: tree.Step) -> Failure | None:
        if step.name and not _emulators_own(self._knowledge, step.name):
            raise _PassedOver
        seen = self._answer()
        if seen.taken:
            return Failure(step.span, "refused", "accepted")
        says = dict(step.notes.words).get("says") if step.notes is not None else None
        wanted = str(constant(says)).partition("\n")[0] if says is not None else seen.message
        return None if wanted == seen.message else Failure(says.span if says else step.span, wanted, seen.message)

    def _accepted(self, step: tree.Step) -> Failure | None:
        wanted = "accepted" + ("" if step.place is None else f" on {step.place}") + ("" if step.at is None else f" at {step.at}")
        seen = self._answer()
        if not seen.taken:
            return Failure(step.span, wanted, seen.told)
        if self._about is None or (step.place is None and not step.values):
            return None
        found = self._places(self._about, [v.name for v in step.values])
        at = [p for p in found if step.place in (None, p.bus) and step.at in (None, self._address(p))]
        if step.place is not None and not at:
            came = " or ".join(f"on {p.bus} at {self._address(p)}" for p in found)
            return Failure(step.span, wanted, f"accepted {came}" if came else "accepted, but on no bus")
        return next((f for v in step.values if (f := self._value(v, at)) is not None), None)

    def _places(self, about: tree.Step, names: list[str]) -> list[qtree.DevicePlace]:
        """Where the last device stands: what is new with its type and id, or all such where nothing looks new.

        The emulator may have named a device that was written without an id.
        """
        request = device_request(about)
        kind, identity = self._knowledge.real_name(request.driver), request.id or ""
        shown_names = qtree.ADDRESS_PROPERTIES.union(names)
        here = [p for p in qtree.device_places(self._tree(), shown_names) if p.type == kind and identity in ("", p.id)]
        before = Counter(map(repr, qtree.device_places(self._before.tree, shown_names)))
        return [p for p in here if not before[repr(p)]] or here

    def _address(self, place: qtree.DevicePlace) -> str:
        scheme = Kinds(self._knowledge).bus(place.kind).scheme
        if scheme is None:
            return ""
        if scheme.shown and len(scheme.names) > 1:
            return place.address.get(scheme.told_as, "")
        return ":".join(place.address[name] for name in scheme.names if name in place.address)

    def _value(self, wanted: tree.Attribute, places: list[qtree.DevicePlace]) -> Failure | None:
        came = [_SWITCHES.get(p.address[wanted.name], p.address[wanted.name]) for p in places if wanted.name in p.address]
        expected = shown(constant(wanted.value))
        if not came:
            self._passed_over += 1
        if not came or expected in came:
            return None
        return Failure(wanted.span, f"{wanted.name} = {expected}", f"{wanted.name} = {' or '.join(came)}")

    # ------------------------------------------------------------------------------ what stands
    def _bus(self, step: tree.Step) -> Failure | None:
        buses = qtree.bus_places(self._tree())
        kinds = [b.kind for b in buses if b.id == step.name]
        if step.kind in kinds:
            return None
        came = f"it is {' and '.join(kinds)}" if kinds else "there is none among " + ", ".join(b.id for b in buses)
        return Failure(step.span, f"bus {step.name} is {step.kind}", came)

    def _no_bus(self, step: tree.Step) -> Failure | None:
        there = any(b.id == step.name for b in qtree.bus_places(self._tree()))
        return Failure(step.span, f"no bus {step.name}", "there is one") if there else None

    def _has(self, step: tree.Step) -> Failure | None:
        shared = self._knowledge.shared
        if any(step.kind in facts[2] and facts[1] is None for facts in shared["types"].values()):
            raise _PassedOver  # what stands on no bus is not in the tree
        walked = list(qtree.walk(self._tree()))
        lines = [(shared["buses"].get(bus.kind) or [0, ()])[1] for bus, _, _ in walked]
        lines += [(shared["types"].get(d.type) or [0, 0, ()])[2] for bus, _, _ in walked for d in bus.devices]
        count = sum(step.kind in line for line in lines)
        return None if count == step.count else Failure(step.span, f"{step.count} {step.kind}", str(count))


def _no_answer(step: tree.Step) -> Failure | None:
    raise _PassedOver


def _emulators_own(knowledge: Knowledge, rule: str) -> bool:
    """Whether the emulator itself refuses by a rule: other profiles speak of what one should do, or of other programs."""
    profiles = {entry[3] for entry in knowledge.piece("notes")["entries"].values() if entry[2] == rule}
    return not profiles or bool(profiles & {"", process.PROFILE})


def _device(step: tree.Step) -> str:
    """The argument of -device, or of the monitor's device_add."""
    request = device_request(step)
    members = {"driver": request.driver, "id": request.id, "bus": request.bus, **request.properties}
    given = {name: value for name, value in members.items() if value is not None}
    if request.json:
        return json.dumps(given)
    return ",".join([request.driver, *(f"{n}={str(v).replace(',', ',,')}" for n, v in given.items() if n != "driver")])
