"""What a release changes: its catalogue against the one before, and its binary against the rules, by cause.

Whatever differs is grouped by what both sides say of it, once all that is a name is left out; a group that the older binary shows
too is no change of this release. A new machine without rules is not verified, however well the others agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from qrules.explain.reasons import RuleLine
from qrules.knowledge.model import Knowledge
from qrules.knowledge.vendors import versions_of
from qrules.plugging.board import Board
from qrules.qemu.news import News, new_types, news
from qrules.qemu.printed import printed
from qrules.qemu.process import DEFAULT_TIMEOUT
from qrules.qemu.release_trials import Plugged, newest, planned, plugged
from qrules.qemu.several import in_turn
from qrules.qemu.trials import Trial
from qrules.qemu.verify import Checked, check, with_needs

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^']*'")
_NUMBER = re.compile(r"\b(?:0x[0-9a-f]+|\d+)\b")
_OPTION = re.compile(r"^-([A-Za-z][\w-]*)", re.MULTILINE)

Progress = Callable[[str, int, int], None]


class Group(NamedTuple):
    """Differences with one cause. `rules` and `binary` are the words of the first one, as they were said.

    `how` is start, or plug for a device that was added to a running machine. `older`: the older binary shows the same.
    """

    how: str
    what: str
    rules: str
    binary: str
    starts: int
    machines: tuple[str, ...]
    types: tuple[str, ...]
    argv: tuple[str, ...]
    where: tuple[RuleLine, ...]
    older: bool


class Release(NamedTuple):
    """What was found. `news` is what the catalogues tell, `groups` what the binary does otherwise than the rules say, by cause.

    `no_rules` are new machines that no rules describe, `fresh` the new types.
    """

    old: str
    new: str
    arch: str
    news: tuple[News, ...]
    groups: tuple[Group, ...]
    fresh: tuple[str, ...]
    no_rules: tuple[str, ...]
    starts: int
    plugs: int

    @property
    def verified(self) -> bool:
        """Whether the rules say all that the new binary does, as far as it was tried, and describe its new machines."""
        return not self.no_rules and all(group.older for group in self.groups)


class Sides(NamedTuple):
    """A binary and the machines of its version."""

    binary: str
    board: Board


def release(
    old: Sides,
    new: Sides,
    machines: tuple[str, ...] = (),
    types: tuple[str, ...] = ("*",),
    progress: Progress | None = None,
    jobs: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> Release:
    """Compares two versions of one architecture.

    `machines` are patterns of those that are started (none: the newest of each family), `types` patterns of the device types that
    are tried besides the new ones, `timeout` seconds for a start. Raises the errors of `process.resolve`, and NotQemu.
    """
    was, now = old.board.knowledge, new.board.knowledge
    told = (*news(was, now), *_help(old.binary, new.binary, timeout))
    listed = newest(now, machines)
    found = _Groups(old, timeout)
    starts = plugs = 0
    for number, facts in enumerate(listed):
        asked = [each for trial in dict.fromkeys(planned(was, now, facts, types)) for each in with_needs(new.board, trial)]
        for done, checked in enumerate(in_turn(lambda trial: check(new.binary, new.board, trial, timeout), asked, jobs), 1):
            starts += 1
            found.add(checked)
            if progress is not None:
                progress(facts.name, done, len(asked))
        names = [n for n, (status, *_) in now.shared["types"].items() if status == "user"] if types else new_types(was, now)
        for each in plugged(new.binary, new.board, facts, names, timeout):
            plugs += 1
            found.add_plugged(each, facts.name)
        if progress is not None:
            progress(facts.name, number + 1, len(listed))
    bare = tuple(n for each in told if (each.what, each.how, each.spoken) == ("machine", "new", False) for n in each.names)
    return Release(
        was.version, now.version, now.arch, told, tuple(found.groups()), tuple(new_types(was, now)), bare, starts, plugs
    )


def _help(old: str, new: str, timeout: float) -> Iterator[News]:
    """Options that only one binary's help has."""
    before, after = (dict.fromkeys(_OPTION.findall(printed(binary, ["-help"], timeout))) for binary in (old, new))
    fresh, gone = tuple(f"-{n}" for n in after if n not in before), tuple(f"-{n}" for n in before if n not in after)
    if fresh:
        yield News("option", "new", fresh, "-help", spoken=False)
    if gone:
        yield News("option", "gone", gone, "-help")


# ------------------------------------------------------------------------------------- causes
class _Groups:
    """Gathers differences by cause, and asks the older binary about the first of each."""

    def __init__(self, old: Sides, timeout: float) -> None:
        self._old, self._timeout = old, timeout
        self._found: dict[tuple[str, ...], Group] = {}
        self._trials: dict[tuple[str, ...], Trial] = {}
        self._odd: set[tuple[str, tuple[tuple[str, str], ...]]] = set()

    def add(self, checked: Checked) -> None:
        """Takes note of a start; with an option that differs by itself, what a device makes of it is no matter of its own."""
        trial = checked.trial
        if trial.options and trial.device and (trial.machine, trial.options) in self._odd:
            return
        if trial.options and not trial.device and checked.differences:
            self._odd.add((trial.machine, trial.options))
        if checked.verdict == "unknown":
            self._note(("start", "unknown", "unknown", checked.binary), checked.trial, None)
        for difference in checked.differences:
            what = f"{difference.what} {difference.subject}".rstrip()
            key = self._key(checked, what, difference.rules, difference.binary)
            self._note(("start", what, difference.rules, difference.binary), checked.trial, difference.where, key)

    def add_plugged(self, each: Plugged, machine: str) -> None:
        if each.rules == each.binary:
            return
        trial = Trial(machine, True, device=each.driver, words=("(device_add)",))
        self._note(("plug", "plug", each.rules, each.binary), trial, each.where, _plug_key(each, machine))

    def _key(self, checked: Checked, what: str, rules: str, binary: str) -> tuple[str, ...]:
        trial = checked.trial
        return (
            "start",
            _nameless(what, _driver(trial), trial.machine),
            *(_nameless(text, _driver(trial), trial.machine) for text in (rules, binary)),
        )

    def _note(
        self, said: tuple[str, str, str, str], trial: Trial, where: RuleLine | None, key: tuple[str, ...] | None = None
    ) -> None:
        key = key or said
        known = self._found.get(key)
        driver = (_driver(trial),) if trial.device else ()
        if known is None:
            self._trials[key] = trial
            self._found[key] = Group(*said, 1, (trial.machine,), driver, tuple(trial.argv()), (where,) if where else (), False)
            return
        self._found[key] = known._replace(
            starts=known.starts + 1,
            machines=tuple(dict.fromkeys((*known.machines, trial.machine))),
            types=tuple(dict.fromkeys((*known.types, *driver))),
            where=tuple(dict.fromkeys((*known.where, *((where,) if where else ())))),
        )

    def groups(self) -> Iterator[Group]:
        """Those of most starts first."""
        for key, group in sorted(self._found.items(), key=lambda item: (-item[1].starts, item[0])):
            yield group._replace(older=self._is_older(key))

    def _is_older(self, key: tuple[str, ...]) -> bool:
        """Whether the older binary differs from the rules of its version in the same way."""
        trial, board = self._trials[key], self._old.board
        name = twin(board.knowledge, trial.machine)
        driver = _driver(trial)
        if name is None or (driver and board.knowledge.type_facts(board.knowledge.real_name(driver)) is None):
            return False
        if key[0] == "plug":
            facts = board.knowledge.machine(name)
            assert facts is not None
            found = list(plugged(self._old.binary, board, facts, (driver,), self._timeout))
            return any(_plug_key(p, name) == key for p in found)
        if any(board.knowledge.catalogued(_line(board.knowledge, name), option) is None for option, _ in trial.options):
            return False
        checked = check(self._old.binary, board, trial._replace(machine=name), self._timeout)
        again = [self._key(checked, f"{d.what} {d.subject}".rstrip(), d.rules, d.binary) for d in checked.differences]
        return key in again or (checked.verdict == "unknown" and key[1] == "unknown")


def _plug_key(each: Plugged, machine: str) -> tuple[str, ...]:
    return ("plug", "", _nameless(each.rules, each.driver, machine), _nameless(each.binary, each.driver, machine))


def twin(knowledge: Knowledge, machine: str) -> str | None:
    """The machine of a version that is meant by another one's: the same, or the newest of its family."""
    if knowledge.machine(machine) is not None:
        return machine
    known = versions_of(knowledge, machine)
    return known[-1] if known else None


def _line(knowledge: Knowledge, machine: str) -> tuple[str, ...]:
    facts = knowledge.machine(machine)
    return facts.line if facts is not None else ()


def _driver(trial: Trial) -> str:
    """The type of a trial's device, however it is written."""
    if trial.device.startswith("{"):
        match = re.search(r'"driver": *"([^"]*)"', trial.device)
        return match[1] if match else ""
    return trial.device.partition(",")[0]


def _nameless(text: str, driver: str, machine: str) -> str:
    """What is said, without the names in it: of the machine, of the type, of whatever is quoted, and without numbers."""
    for name, stands in ((machine, "MACHINE"), (driver, "TYPE")):
        text = text.replace(name, stands) if name else text
    return _NUMBER.sub("N", _QUOTED.sub("'...'", text))
