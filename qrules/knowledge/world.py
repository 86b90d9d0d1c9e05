"""The names that a target's rules can speak of: kinds with their ancestors, properties, machines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from qrules.diagnostics import Diagnostic, Span, Unusable, did_you_mean
from qrules.knowledge.sources import Target
from qrules.language import tree

_Declared = TypeVar("_Declared", tree.Type, tree.BusType, tree.Interface, tree.MachineType, tree.Group, tree.Term, tree.Block)
MOST_STEPS = 60_000  # of compiling one target
MOST_PROBLEMS = 50  # of one target that are told
SHIPPED = "rules/"  # how files of the shipped rules are shown
ROOTS = ("device", "bus", "machine")  # what every device type, bus kind and machine is
_HOLE = re.compile(r"\\\{(\w+)\\\}")


class Problems(list[Diagnostic]):
    """What was found wrong. Looking on for what else is wrong has an end."""

    def append(self, problem: Diagnostic) -> None:
        """Takes in one more. Raises `Unusable` with all of them where there are so many that nobody reads them."""
        super().append(problem)
        if len(self) >= MOST_PROBLEMS:
            message = f"{MOST_PROBLEMS} errors: what else there may be is not looked at"
            raise Unusable(dict.fromkeys((*self, Diagnostic("QR107", message, problem.span))))


@dataclass(slots=True)
class World:
    """What exists for one target. `elsewhere` holds the names of other versions' catalogues."""

    target: Target
    elsewhere: frozenset[str] = frozenset()
    other_properties: frozenset[str] = frozenset()
    shipped: frozenset[str] = frozenset()  # what shipped catalogues have: a shipped file may name it, whatever else is there
    types: dict[str, tree.Type] = field(default_factory=dict)
    buses: dict[str, tree.BusType] = field(default_factory=dict)
    interfaces: dict[str, tree.Interface] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    machines: dict[str, tree.MachineType] = field(default_factory=dict)
    groups: dict[str, tree.Group] = field(default_factory=dict)
    terms: dict[str, tree.Term] = field(default_factory=dict)
    wishes: dict[str, tree.Block] = field(default_factory=dict)
    without: frozenset[str] = frozenset()  # rules that some machine does without
    problems: Problems = field(default_factory=Problems)
    spent: int = 0
    _aliased: list[tree.Name] = field(default_factory=list)
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _joined: dict[str, list[str]] = field(default_factory=dict)

    def spend(self, steps: int, span: Span) -> None:
        """Counts steps of compiling; `span` is what they are for. Raises `Unusable` (QR230) where there are too many.

        A step is a part of an expression, a clause for a kind, an ancestor of a kind: what a compiled form consists of. Rules
        that use one another twice, or hold for all of many, could ask for any number of them in a few lines.
        """
        self.spent += steps
        if self.spent > MOST_STEPS:
            message = f"the rules become too large when they are compiled: more than {MOST_STEPS:,} parts, of which this is one"
            hint = "look for what is used over and over: terms, lists of parts, or clauses for many kinds"
            raise Unusable([Diagnostic("QR230", message, span, hint=hint)])

    def add(self, statements: Iterable[tree.Statement]) -> None:
        """Takes in what the statements declare; a name declared twice is a problem."""
        for statement in statements:
            match statement:
                case tree.Type():
                    self._declare(self.types, statement.name, statement)
                case tree.BusType():
                    self._declare(self.buses, statement.name, statement)
                case tree.Interface():
                    self._declare(self.interfaces, statement.name, statement)
                case tree.MachineType():
                    self._declare(self.machines, statement.name, statement)
                case tree.Group(name=name) if name.text in self.groups:
                    members = self.groups[name.text].members
                    self.groups[name.text] = replace(self.groups[name.text], members=(*members, *statement.members))
                case tree.Group():
                    self._declare(self.groups, statement.name, statement)
                case tree.Term():
                    self._declare(self.terms, statement.name, statement)
                case tree.Block(what="wish", names=(name, *_)) if name.text in self.wishes:
                    described = self.wishes[name.text].description or statement.description
                    self.wishes[name.text] = replace(self.wishes[name.text], description=described)
                case tree.Block(what="wish"):
                    self._declare(self.wishes, statement.names[0], statement)
                case tree.Block(what="element"):
                    self._declare_element(statement)
                case tree.Alias():
                    self.aliases[statement.name.text] = statement.type.text
                    self._aliased.append(statement.type)
                case _:
                    pass

    def _declare(self, table: dict[str, _Declared], name: tree.Name, statement: _Declared) -> None:
        own_root = table is self.machines and name.text == ROOTS[2]  # a catalogue tells the options that all machines have
        if name.text in ROOTS and table is not self.terms and not own_root:
            message = f"'{name.text}' is there already: a root of all kinds"
            self.problems.append(Diagnostic("QR201", message, name.span, "another name"))
            return
        if name.text in table:
            first = table[name.text].span
            message = f"'{name.text}' is declared twice"
            self.problems.append(Diagnostic("QR201", message, name.span, related=((first, "the first time"),)))
            return
        table[name.text] = statement

    def _declare_element(self, block: tree.Block) -> None:
        """One block of an element says what it is and where it is found; others may say more of it."""
        name = block.names[0]
        first = self.wishes.get(name.text)
        if first is not None and first.what == "element" and not (block.parents or block.paths):
            return
        if first is not None and first.what == "element" and not (first.parents or first.paths):
            del self.wishes[name.text]
        self._declare(self.wishes, name, block)

    # ------------------------------------------------------------------------------ kinds
    def known(self, name: str) -> bool:
        """Whether this target has a kind, group or wish of that name."""
        return (
            name in ROOTS
            or name in self.types
            or name in self.buses
            or name in self.interfaces
            or name in self.groups
            or name in self.machines
            or name in self.wishes
        )

    def all_names(self) -> set[str]:
        """What a name can have been meant for: all that this target has, and what other versions have."""
        return {*self.types, *self.buses, *self.interfaces, *self.groups, *self.machines, *self.wishes, *self.elsewhere}

    def check(self, name: tree.Name, what: str = "kind") -> bool:
        """Whether this target has the name; a name that no catalogue has is a problem, told with near misses."""
        if self.known(name.text):
            return True
        if name.text not in self.elsewhere and not self.may_name(name.text, name.span):
            hint = did_you_mean(name.text, self.all_names())
            expected = "a type, interface, bus kind or machine of a catalogue, or a group"
            self.problems.append(Diagnostic("QR202", f"there is no {what} '{name.text}'", name.span, expected, hint))
        return False

    def may_name(self, name: str, span: Span) -> bool:
        """Whether a name stands in a shipped file, and some shipped catalogue has it."""
        return name in self.shipped and span.file.startswith(SHIPPED)

    def check_kind(self, name: tree.Name, what: str) -> bool:
        """As `check`, for a name that has to be a device type (interface, group) or a bus kind: `what` says which."""
        if not self.check(name, "bus kind" if what == "bus" else "device type"):
            return False
        is_bus, is_machine = name.text in self.buses or name.text == "bus", name.text in self.machines or name.text == "machine"
        if is_machine or is_bus != (what == "bus"):
            found = "a machine" if is_machine else "a bus kind" if is_bus else "a device type"
            expected = "a bus kind" if what == "bus" else "a device type, an interface or a group"
            self.problems.append(Diagnostic("QR214", f"'{name.text}' is {found}", name.span, expected))
            return False
        return True

    def check_restated(self, name: tree.Name, parents: Iterable[tree.Name]) -> None:
        """A block may say again what the catalogue says of its kind (``device X is Y``), but not something else."""
        for parent in parents:
            if self.check(parent) and parent.text not in self.line(name.text):
                declared = self.types.get(name.text) or self.buses.get(name.text) or self.machines.get(name.text)
                line = ", ".join(p.text for p in declared.parents) if declared else ""
                related = ((declared.span, f"here: is {line}"),) if declared else ()
                message = f"'{name.text}' is no '{parent.text}' in the catalogue"
                self.problems.append(Diagnostic("QR224", message, parent.span, "what the catalogue says", related=related))

    def settle(self) -> None:
        """Call once when all is added: spreads groups over their members and checks what names refer to."""
        for group in self.groups.values():
            for member in group.members:
                if self.check(member):
                    self._joined.setdefault(member.text, []).append(group.name.text)
        for table in (self.types, self.buses, self.machines, self.wishes):
            for entry in table.values():
                for parent in entry.parents:
                    self.check(parent)
        for name in self._aliased:
            self.check(name, "device type")
        self._report_cycles()

    def _report_cycles(self) -> None:
        """A kind that is itself, by way of its parents or of groups."""
        safe: set[str] = set()
        for name in (*self.types, *self.buses, *self.machines, *self.groups, *self.wishes):
            path: dict[str, None] = {}
            found = self._cycle(name, path, safe)
            if found is not None:
                way = " is ".join((*path, found))
                self.problems.append(
                    Diagnostic("QR225", f"'{found}' is itself: {way}", self._named(found), "kinds without a circle")
                )
                return

    def _cycle(self, name: str, path: dict[str, None], safe: set[str]) -> str | None:
        """The kind at which the way up from `name` comes round; `path` is the way."""
        if name in path:
            return name
        path[name] = None
        for parent in self.parents(name) if name not in safe else ():
            found = self._cycle(parent, path, safe)
            if found is not None:
                return found
        del path[name]
        safe.add(name)
        return None

    def parents(self, name: str) -> list[str]:
        """Groups first, so that a group's clauses are nearer than those of the QOM parent."""
        declared = self.types.get(name) or self.buses.get(name) or self.machines.get(name) or self.wishes.get(name)
        return [*self._joined.get(name, ()), *(p.text for p in (declared.parents if declared else ()))]

    def line(self, name: str) -> tuple[str, ...]:
        """The kind and all that it is, nearest first; each name once, a name after all that derive from it."""
        if name not in self._lines:
            self._lines[name] = (name,)  # stops a cycle, which `_report_cycles` tells
            order: dict[str, None] = {}
            for parent in self.parents(name):
                line = self.line(parent)
                self.spend(len(line), self._where(name))
                for ancestor in line:
                    order.pop(ancestor, None)
                    order[ancestor] = None
            self._lines[name] = (name, *order)
        return self._lines[name]

    def _named(self, name: str) -> Span:
        """Where the name of a kind or group stands in its declaration."""
        if name in self.wishes:
            return self.wishes[name].names[0].span
        declared = self.types.get(name) or self.buses.get(name) or self.machines.get(name) or self.groups[name]
        return declared.name.span

    def _where(self, name: str) -> Span:
        """Where a kind or group is declared."""
        declared = self.types.get(name) or self.buses.get(name) or self.machines.get(name) or self.groups.get(name)
        return declared.span if declared is not None else Span(name, 0)

    def bus_kind(self, name: str) -> str | None:
        """The kind of bus that a type goes on; None where it stands on none."""
        for kind in self.line(name):
            declared = self.types.get(kind)
            if declared is not None and declared.on is not None:
                return None if declared.on.text == "nothing" else declared.on.text
        return None

    def matching_machines(self, pattern: str) -> dict[str, str]:
        """Concrete machines that a pattern such as ``pc-q35-{version}`` names, with what fills the hole."""
        expression = re.compile(_HOLE.sub(r"([0-9]+(?:\\.[0-9]+)*)", re.escape(pattern)))
        found: dict[str, str] = {}
        if pattern.count("{") > 1:  # two numbers beside each other could be split in many ways
            return found
        for name, machine in self.machines.items():
            match = None if machine.abstract else expression.fullmatch(name)
            if match:
                found[name] = match[1] if match.groups() else ""
        return found
