"""What a running binary tells of a board: its parts in the order of their birth, the buses that they make, what options change.

Everything that is tried follows from compiled rules: which option silences a role, what rules ask for where a machine does not
start bare, which words a drive's interface can be. `drafting` writes what was learnt as rules, `proving` compiles and compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.linked.addresses import Scheme
from qrules.numerals import whole_number
from qrules.qemu import process, qtree
from qrules.qemu.rules_known import samples, silencers, usual_roles, wishers
from qrules.qemu.trials import bearing_options

MOST_STARTS = 250  # of one board
_CARDS_TRIED = 4  # on each bus
_PROCESSORS_TRIED = 8
_TYPES_TRIED = 80  # that a machine may list for its system bus
_NOTHING_ELSE = frozenset(("on", "off"))
Progress: TypeAlias = Callable[[int], None]
Key: TypeAlias = tuple[str, str, str]  # type, bus, address


class Part(NamedTuple):
    """A device as it stands. `at` is its address where its bus has some, `role` silences it, `when` is the option it takes."""

    type: str
    id: str
    bus: str
    kind: str
    at: str
    buses: tuple[tuple[str, str], ...]  # kind and name of those that it makes, the first one first
    ports: int = 0  # of the buses whose addresses are named places
    values: tuple[tuple[str, str], ...] = ()  # parts of an address that is not one text, where they are not 0
    role: str = ""
    when: str = ""

    @property
    def key(self) -> Key:
        """What tells it from others in another start of the machine."""
        return (self.type, self.bus, self.at)


class Learnt(NamedTuple):
    """What was found out. `needs` are words without which it does not start, and `says` what the binary says then.

    `starts_bare`: it needs them with -nodefaults alone.
    """

    machine: MachineFacts
    needs: tuple[str, ...]
    says: str
    parts: tuple[Part, ...]
    options: tuple[tuple[str, bool], ...]  # switches, and whether they change any device
    attributes: tuple[tuple[str, Any], ...]
    first_slots: dict[str, int]  # of buses whose first free place is not the lowest
    refused: tuple[tuple[str, str], ...]  # lines that were tried, and what the binary said
    starts: int
    starts_bare: bool = False
    roots: frozenset[str] = frozenset()  # buses that begin a tree of such


class NoStart(Exception):
    """The machine does not start, and nothing that rules know of helps. The message is the binary's."""


class Learner:
    """Asks one binary about one of its machines. `timeout` is in seconds, for one start."""

    def __init__(
        self, binary: str, knowledge: Knowledge, machine: MachineFacts, timeout: float, progress: Progress | None
    ) -> None:
        self._binary, self._knowledge, self._machine, self._timeout = binary, knowledge, machine, timeout
        self._progress = progress
        self._needs: tuple[str, ...] = ()
        self._bare = False
        self._schemes = {name: Scheme(raw) for name, raw in _schemes(knowledge)}
        self.starts = 0

    def learn(self) -> Learnt:
        """Everything, in at most `MOST_STARTS` starts. Raises `NoStart`, and what `process.ask` raises."""
        says = self._start_somehow()
        base = self._parts(())
        assert base is not None
        roles = self._roles(base)
        changes = dict(self._changes(base))
        parts = tuple(_told(part, roles, changes) for part in base)
        bearing = {when.split()[1].strip("(") for when in changes.values()}
        options = tuple((name, name in bearing) for name in self._switches() if name in bearing or self._own(name))
        attributes, refused = self._attributes(base, roles)
        slots = self._first_slots(base)
        bare = self._bare and bool(self._needs)
        return Learnt(
            self._machine, self._needs, says, parts, options, attributes, slots, refused, self.starts, bare, self._roots(base)
        )

    # ------------------------------------------------------------------------------ starts
    def _start(self, words: Sequence[str], options: str = "") -> tuple[process.Outcome, tuple[qtree.Bus, ...]]:
        self.starts += 1
        if self._progress is not None:
            self._progress(self.starts)
        argv = ["-M", self._machine.name + options, *self._needs, *words]
        outcome, answers = process.ask(self._binary, argv, ("info qtree",), self._timeout)
        return outcome, qtree.parse(answers[0]) if answers else ()

    def _parts(self, words: Sequence[str], options: str = "") -> list[Part] | None:
        """The parts in the order of their birth; None where it does not start, or enough was started."""
        if self.starts >= MOST_STARTS:
            return None
        outcome, tree = self._start(words, options)
        return list(self._born(tree)) if outcome.accepted else None

    def _born(self, buses: Sequence[qtree.Bus]) -> Iterator[Part]:
        for bus in reversed(buses):
            for device in reversed(bus.devices):
                made = tuple((each.kind, each.id) for each in reversed(device.buses))
                ports = max((self._ports(kind, device) for kind, _ in made), default=0)
                at, values = self._at(bus, device), self._values(bus, device)
                yield Part(device.type, device.id, bus.id, bus.kind, at, made, ports, values)
                yield from self._born(device.buses)

    def _scheme(self, kind: str) -> Scheme | None:
        return next((self._schemes[each] for each in self._line(kind) if each in self._schemes), None)

    def _ports(self, kind: str, device: qtree.Device) -> int:
        """How many places a bus of points has, by a property of its device that counts some; one where nothing tells."""
        scheme = self._scheme(kind)
        if scheme is None or not scheme.has_points:
            return 0
        counts = [value for name, value in device.properties.items() if "ports" in name]
        return next((n for n in map(whole_number, counts) if n is not None and 0 < n < 64), 1)

    def _at(self, bus: qtree.Bus, device: qtree.Device) -> str:
        scheme = self._scheme(bus.kind)
        if scheme is None or scheme.has_points:
            return ""
        if scheme.written:
            return device.properties.get(scheme.property, "")
        known = [device.properties[name] for name in scheme.names if name in device.properties]
        return known[0] if len(scheme.names) == 1 and known else ""

    def _values(self, bus: qtree.Bus, device: qtree.Device) -> tuple[tuple[str, str], ...]:
        scheme = self._scheme(bus.kind)
        if scheme is None or scheme.written or scheme.has_points or len(scheme.names) < 2:
            return ()
        found = ((name, device.properties.get(name, "0")) for name in scheme.names)
        return tuple((name, value) for name, value in found if value.isdigit() and value != "0")

    def _line(self, kind: str) -> list[str]:
        found = self._knowledge.shared["buses"].get(kind)
        return list(found[1]) if found else []

    def _start_somehow(self) -> str:
        """Finds what the machine needs to start, with and without -nodefaults; gives what the binary says where it lacks that."""
        outcome, _ = self._start(())
        self._bare = outcome.accepted
        if outcome.accepted:
            outcome, _ = self._start(("-nodefaults",))
            if outcome.accepted:
                return ""
        for words in samples(self._knowledge):
            self._needs = words
            if self._start(())[0].accepted and (not self._bare or self._start(("-nodefaults",))[0].accepted):
                return outcome.message or outcome.ended
        self._needs = ()
        if self._bare:
            return ""
        raise NoStart(outcome.message or outcome.ended)

    # ------------------------------------------------------------------------------ which part comes when
    def _gone(self, base: Sequence[Part], words: Sequence[str], options: str = "") -> Counter[Key] | None:
        there = self._parts(words, options)
        return None if there is None else Counter(p.key for p in base) - Counter(p.key for p in there)

    def _roles(self, base: Sequence[Part]) -> dict[Key, str]:
        """The roles of default devices: what an option silences, or what devices of the type are to other machines."""
        gone = self._gone(base, ("-nodefaults",))
        if not gone:
            return {}
        roles: dict[Key, str] = {}
        for option, word, silenced in silencers(self._knowledge):
            there = self._parts((option, word))
            left = Counter((part.type, part.bus) for part in there or base)  # others may have moved to other places
            fewer = Counter((part.type, part.bus) for part in base) - left
            for key in gone:
                if key[:2] in fewer:
                    roles.setdefault(key, silenced)
        usual = usual_roles()
        return {key: roles.get(key) or usual.get(key[0], "") for key in gone}

    def _switches(self) -> list[str]:
        return [n for n, values in bearing_options(self._knowledge, self._machine).items() if set(values) >= _NOTHING_ELSE]

    def _own(self, name: str) -> bool:
        """Whether an option is the machine's own, and not one of all machines."""
        return name not in self._knowledge.property_names(self._machine.line[-1:])

    def _changes(self, base: Sequence[Part]) -> Iterator[tuple[Key, str]]:
        for name in self._switches():
            for value in ("on", "off"):
                for key in self._gone(base, (), f",{name}={value}") or ():
                    yield key, f"not ({name} = {value})"

    # ------------------------------------------------------------------------------ what rules ask of a machine
    def _attributes(
        self, base: Sequence[Part], roles: dict[Key, str]
    ) -> tuple[tuple[tuple[str, Any], ...], tuple[tuple[str, str], ...]]:
        found: list[tuple[str, Any]] = []
        standing = Counter(part.key for part in base)
        words = self._knowledge.shared["domains"].get("drive-interface", [[]])[0][1:]
        whole, plain = self._heard("-drive", "file=null-co://,format=raw")
        for word in words:
            if (whole, plain) == self._heard("-drive", f"if={word},file=null-co://,format=raw"):
                found.append(("disk-interface", word))
                break
        card = next((part for part in base if roles.get(part.key) == "network"), None)
        line = self._line(card.kind) if card is not None else []
        found.append(("network-bus", line[-2].lower() if len(line) > 1 and card and self._schemes.get(line[-2]) else "none"))
        if card is not None:
            found.append(("default-network-card", card.type))
        refused = []
        for tried in ("-numa node", "-m 64G", "-smp 300", "-cpu foo", "-m 1M"):
            message, there = self._heard(*tried.split())
            if message:
                refused.append((tried, message))
            if tried == "-numa node":
                found.append(("has-numa", there == standing or "not supported" not in message))
        items = next(wishers(self._knowledge, "firmware-item"), "")
        if items and self._heard(items, "name=opt/x,string=y")[0]:
            found.append(("takes-firmware-items", False))
        found += [("min-processors", fewest)] if (fewest := self._fewest()) > 1 else []
        found.append(("sysbus-allowed", tuple(self._allowed(base))))
        return tuple(found), tuple(refused)

    def _fewest(self) -> int:
        """How many processors it has at least."""
        return next((n for n in range(1, _PROCESSORS_TRIED + 1) if not self._heard("-smp", str(n))[0]), 1)

    def _roots(self, base: Sequence[Part]) -> frozenset[str]:
        """Buses with written addresses that begin a tree: what makes them stands on a bus that has none."""
        written = {kind: scheme is not None and bool(scheme.written) for kind in _kinds(base) for scheme in (self._scheme(kind),)}
        return frozenset(name for part in base if not written[part.kind] for kind, name in part.buses if written[kind])

    def _heard(self, *words: str) -> tuple[str, Counter[Key]]:
        """What the binary says of words that it refuses, or what then stands."""
        if self.starts >= MOST_STARTS:
            return "", Counter()
        outcome, tree = self._start(words)
        return outcome.message or outcome.ended, Counter(part.key for part in self._born(tree))

    def _allowed(self, base: Sequence[Part]) -> Iterator[str]:
        """Types of the bus that the board itself stands on, which `-device` may add; those are few of many."""
        root = next((part.kind for part in base), "")
        types = self._knowledge.shared["types"]
        listed = [name for name, (status, kind, *_) in types.items() if status == "user" and kind == root]
        dull: Counter[str] = Counter()
        for name in listed[:_TYPES_TRIED]:
            message, _ = self._heard("-device", name.replace(",", ",,"))
            dull[message] += 1
            if message != max(dull, key=dull.__getitem__) or (not message and len(dull) == 1):
                yield name

    def _first_slots(self, base: Sequence[Part]) -> dict[str, int]:
        """Where a device lands on each bus that chooses addresses, if not on the lowest that is free."""
        found = {}
        for kind, name in dict.fromkeys(bus for part in base for bus in part.buses):
            for card in self._cards(kind):
                there = self._parts(("-device", f"{card},bus={name}"))
                if there is None:
                    continue
                slot = _number(next((p.at for p in there if p.type == card and p.bus == name and p not in base), ""))
                taken = {_number(p.at) for p in base if p.bus == name}
                if slot is not None and slot > next(n for n in range(len(taken) + 1) if n not in taken):
                    found[name] = slot
                break
        return found

    def _cards(self, kind: str) -> list[str]:
        """Some types that go on a bus of a kind whose addresses are written as one text."""
        line = self._line(kind)
        scheme = self._scheme(kind)
        if scheme is None or not scheme.written:
            return []
        types = self._knowledge.shared["types"]
        return [name for name, (status, on, *_) in types.items() if status == "user" and on in line][:_CARDS_TRIED]


def _told(part: Part, roles: dict[Key, str], changes: dict[Key, str]) -> Part:
    """A part with its role and the option it takes; what only -nodefaults leaves out has no role."""
    plain = ["not nodefaults"] if roles.get(part.key) == "" else []
    when = " and ".join([*plain, *([changes[part.key]] if part.key in changes else [])])
    return part._replace(role=roles.get(part.key, ""), when=when)


def _kinds(parts: Sequence[Part]) -> set[str]:
    return {part.kind for part in parts} | {kind for part in parts for kind, _ in part.buses}


def _number(at: str) -> int | None:
    head = at.partition(".")[0]
    return int(head, 16) if head and all(c in "0123456789abcdef" for c in head) else None


def _schemes(knowledge: Knowledge) -> Iterator[tuple[str, Any]]:
    for name in knowledge.shared["buses"]:
        raw = knowledge.shared["kinds"].get(name, {}).get("addressed")
        if raw is not None:
            yield name, raw
