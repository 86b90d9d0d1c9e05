"""What to try on a binary: machines with their options, and devices on them. All of it comes out of compiled rules.

A trial is a command line, read by the same reader as a user's own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.knowledge.scopes import SELF

_SWITCH = {"on", "off"}
_PROBED = 8  # of so many lines an older version of a machine is asked one


class Scope(NamedTuple):
    """How much to try.

    `machines` and `types` are patterns such as ``virt-*``; no types: machines only. `options` tries each value of each
    option that bears on devices; `combinations` adds so many random pairs and triples of them for each machine, drawn
    with `seed`. Each type is tried as it stands, and with the host resources that its properties name. `probes` tries the command
    lines that rules have for machines: all of them on the newest of a family, some on each other one. `more` are words that
    stand on every command line.
    """

    machines: tuple[str, ...] = ("*",)
    modes: tuple[bool, ...] = (False, True)
    options: bool = True
    combinations: int = 0
    types: tuple[str, ...] = ()
    seed: int = 0
    probes: bool = False
    more: tuple[str, ...] = ()


class Trial(NamedTuple):
    """One start: a machine with options, the words that make host resources, a device, and other words."""

    machine: str
    nodefaults: bool = False
    options: tuple[tuple[str, str], ...] = ()
    backends: tuple[str, ...] = ()
    device: str = ""
    words: tuple[str, ...] = ()

    def argv(self) -> list[str]:
        """The command line, without the name of the binary."""
        machine = ",".join((self.machine, *(f"{name}={value}" for name, value in self.options)))
        plain = ["-nodefaults"] if self.nodefaults else []
        return ["-M", machine, *plain, *self.backends, *(("-device", self.device) if self.device else ()), *self.words]

    def __str__(self) -> str:
        return " ".join(self.argv())


def machines(knowledge: Knowledge, scope: Scope) -> list[MachineFacts]:
    """The machines of a scope, whether rules describe them or not."""
    listed = [knowledge.machine(name) for name in knowledge.machine_names()]
    return [m for m in listed if m is not None and any(_matches(m, pattern) for pattern in scope.machines)]


def _matches(machine: MachineFacts, pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in (machine.name, *machine.aliases))


def trials(knowledge: Knowledge, facts: MachineFacts, scope: Scope) -> Iterator[Trial]:
    """All that a scope tries on one machine."""
    choices = bearing_options(knowledge, facts)
    plans: list[tuple[tuple[str, str], ...]] = [()]
    if scope.options:
        plans += [((name, value),) for name, values in choices.items() for value in values]
    for nodefaults in scope.modes:
        for options in plans:
            yield Trial(facts.name, nodefaults, options)
    draw = random.Random(f"{scope.seed} {facts.name}")
    for _ in range(scope.combinations if len(choices) > 1 else 0):
        picked = draw.sample(sorted(choices), min(len(choices), draw.choice((2, 3))))
        yield Trial(facts.name, draw.choice(scope.modes), tuple((name, draw.choice(choices[name])) for name in picked))
    for backends, device in _devices(knowledge, scope):
        for nodefaults in scope.modes:
            yield Trial(facts.name, nodefaults, (), backends, device)
    if scope.probes:
        for line in probes(knowledge, facts):
            yield Trial(facts.name, words=tuple(line.split()))


# ------------------------------------------------------------------------------------- probes
def probes(knowledge: Knowledge, facts: MachineFacts) -> list[str]:
    """The command lines that rules have for a machine: all for the newest of its family, for others every eighth.

    Beginning with another one each, so that among the versions of a machine all are asked.
    """
    known = {facts.name, *facts.line}
    lines = list(dict.fromkeys(line for names, those in knowledge.piece("probes") if known.intersection(names) for line in those))
    family = knowledge.kept("families", _families).get(facts.family, [facts.name])
    if facts.name == family[-1]:
        return lines
    return lines[family.index(facts.name) % _PROBED :: _PROBED]


def _families(knowledge: Knowledge) -> dict[int | None, list[str]]:
    """The machines of each family, the newest last."""
    found: dict[int | None, list[str]] = {}
    for name in knowledge.machine_names():
        facts = knowledge.machine(name)
        if facts is not None:
            found.setdefault(facts.family, []).append(name)
    return found


# ------------------------------------------------------------------------------------- options
def bearing_options(knowledge: Knowledge, facts: MachineFacts) -> dict[str, tuple[str, ...]]:
    """The options of a machine that may bear on devices, with the values to try.

    These are the options that rules ask for, and every other option of the catalogue that turns something on or off.
    """
    asked = _asked(knowledge, facts)
    found = {}
    for name in knowledge.property_names(facts.line):
        values = _values(knowledge, _domain(knowledge, facts, name))
        if values and (name in asked or set(values) >= _SWITCH):
            found[name] = values
    return found


def _domain(knowledge: Knowledge, facts: MachineFacts, name: str) -> list[Any]:
    places = [knowledge.family(facts.family)] if facts.family is not None else []
    places += [knowledge.shared["kinds"].get(kind, {}) for kind in facts.line]
    for place in places:
        if name in place.get("properties", {}):
            domain: list[Any] = place["properties"][name][0]
            return domain
    fact = knowledge.catalogued(facts.line, name)
    return ["named", fact[0]] if fact else []


def _values(knowledge: Knowledge, domain: list[Any]) -> tuple[str, ...]:
    """What an option takes, as words; none where its values cannot be counted up."""
    while domain and domain[0] == "named":
        domain = knowledge.shared["domains"].get(domain[1], [[]])[0]
    return tuple(str(word) for word in domain[1:]) if domain and domain[0] == "words" else ()


def _asked(knowledge: Knowledge, facts: MachineFacts) -> set[str]:
    """The options that conditions speak of: the machine's own, and those of all kinds of devices."""
    own = [knowledge.shared["kinds"].get(kind) for kind in facts.line]
    if facts.family is not None:
        own.append(knowledge.family(facts.family))
    found: set[str] = set()
    _collect(own, ["var", SELF], found)
    _collect([own, knowledge.shared["kinds"], knowledge.piece("wishes")], ["machine"], found)
    return found


def _collect(compiled: Any, subject: list[Any], found: set[str]) -> None:
    """Adds the names of all attributes of `subject` that a compiled expression reads."""
    if isinstance(compiled, Mapping):  # a large one is a table of rows
        compiled = list(compiled.values())
    if not isinstance(compiled, list):
        return
    if compiled[:1] == ["attr"] and compiled[1] == subject:
        found.add(compiled[2])
    for part in compiled:
        _collect(part, subject, found)


# ------------------------------------------------------------------------------------- devices
def _devices(knowledge: Knowledge, scope: Scope) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each user-creatable type of a scope, bare and then with the host resources that it can use."""
    for name, (status, _, line, _) in knowledge.shared["types"].items():
        if status != "user" or not any(fnmatchcase(name, pattern) for pattern in scope.types):
            continue
        written = name.replace(",", ",,")
        yield (), written
        words, properties = _resources(knowledge, tuple(line))
        if words:
            yield words, ",".join((written, *properties))


def _resources(knowledge: Knowledge, line: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
    samples: dict[str, list[str]] = knowledge.shared.get("samples", {})
    words: list[str] = []
    properties: list[str] = []
    for name in knowledge.property_names(line):
        kind = _backend_kind(knowledge, line, name)
        if kind in samples:
            option, argument = samples[kind]
            words += [option, argument.replace("{id}", f"for-{name}")]
            properties.append(f"{name}=for-{name}")
    return tuple(words), properties


def _backend_kind(knowledge: Knowledge, line: tuple[str, ...], name: str) -> str:
    """The kind of host resource that a property names; empty for other properties."""
    for kind in line:
        domain = knowledge.shared["kinds"].get(kind, {}).get("properties", {}).get(name, [[]])[0]
        while domain and domain[0] == "named":
            domain = knowledge.shared["domains"].get(domain[1], [[]])[0]
        if domain and domain[0] == "backend":
            return str(domain[1])
    return ""
