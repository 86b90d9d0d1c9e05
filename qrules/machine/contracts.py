"""What the entities of a machine need of the rules, without knowing any: protocols, for type checkers alone.

`qrules.linked` offers kinds, address schemes and lines, `qrules.plans` offers plans and shapes. Nothing here is loaded while
the program runs. Entities and states are `Any` in it, since their files import this one; what only rooms above make
(clauses, closures over frames) is `Any`, too.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from qrules.machine.chain import Chain

Closure: TypeAlias = Callable[[list[Any]], Any]  # over a frame, as in `qrules.machine.frames`
Cell: TypeAlias = tuple[Any, ...]  # the pool, the key of the scope, and the parts of the key
Checks: TypeAlias = "dict[str, list[Any]]"  # rules and claims, by phase


class View(Protocol):
    """What attributes that are built in ask of a state."""

    @property
    def machine(self) -> Any: ...

    looks: int
    chain: Chain

    def looked(self) -> bool: ...
    def frame_for(self, subject: Any, n: int) -> list[Any]: ...
    def shown_address(self, device: Any) -> str: ...
    def own_bus(self, device: Any, n: int = 0) -> Any: ...
    def point_of(self, device: Any) -> Any: ...


class Scheme(Protocol):
    """How a kind of bus numbers what stands on it."""

    property: str
    note: int
    packed: bool
    shared: bool
    written: str | None
    shown: str | None
    has_points: bool
    names: tuple[str, ...]
    dimensions: list[Any]

    @builtins.property
    def main(self) -> Any: ...
    def says(self, name: str) -> bool: ...
    def parse(self, value: object, frame: list[Any]) -> dict[str, Any] | None: ...
    def text(self, address: dict[str, Any]) -> str: ...
    def place_text(self, name: str, value: Any) -> str: ...
    def public(self, address: dict[str, Any]) -> dict[str, Any]: ...
    def key(self, bus: Any, address: dict[str, Any]) -> Cell: ...
    def place(self, state: Any, device: Any, bus: Any, given: dict[str, Any]) -> Any: ...
    def settle(self, state: Any, device: Any, bus: Any) -> None: ...


class Kind(Protocol):
    """What rules say of all entities of a kind. `kinds` are all that they are, `watched` those of them that are looked for.

    `heavy` are the steps that a device counts for what is said of its kind: none where that is an ordinary amount.
    """

    name: str
    heavy: int
    kinds: frozenset[str]
    line: tuple[str, ...]
    watched: tuple[str, ...]

    def attribute(self, name: str, subject: Any, state: Any) -> Any: ...
    def definitions(self, name: str) -> Iterator[Any]: ...
    def steady(self, name: str) -> bool: ...

    @builtins.property
    def asks_machine(self) -> set[str]: ...


class DeviceKind(Kind, Protocol):
    """A device type, with its clauses in the order in which they are used."""

    knowledge: Any
    status: str
    bus_kind: str | None
    description: str
    filled: frozenset[str]
    read_names: set[str]
    checks: Checks
    properties: dict[str, Any]
    fills: dict[str, list[Any]]
    provides: list[Any]
    points: list[Any]
    creates: list[Any]
    creates_before: list[Any]
    unknowns: list[tuple[Closure, Closure | None, int]]
    unknown_conditions: list[Any]
    assumptions: list[tuple[Closure, Closure | None, int]]

    def checks_for(self, device: Any) -> Checks: ...
    def defines(self, name: str) -> bool: ...
    def has_property(self, name: str) -> bool: ...
    def reads(self, name: str) -> bool: ...
    def catalogued(self, name: str) -> list[Any] | None: ...
    def leaves_open(self, name: str, value: Any) -> bool: ...
    def claims_reading(self, name: str) -> list[Any]: ...


class BusKind(Kind, Protocol):
    """A kind of bus; `scheme` is None where nothing on it has an address."""

    checks: Checks
    whole_rules: list[Any]

    @property
    def scheme(self) -> Scheme | None: ...
    def accepted(self, bus: Any, state: Any) -> list[str]: ...


class Family(Kind, Protocol):
    """The definition that a machine's versions share. `facts` are what options besides -machine may say of it."""

    knowledge: Any
    facts: set[str]
    properties: dict[str, Any]

    def option(self, name: str) -> Any: ...
    def late_parts(self) -> Sequence[Any]: ...
    def roles(self) -> dict[int, str]: ...
    def rules(self, *phases: str | None) -> Sequence[Any]: ...
    def needs(self, *phases: str | None) -> Sequence[tuple[Any, tuple[str, ...]]]: ...


class Line(Protocol):
    """A ``provides`` line that made a bus."""

    @property
    def note(self) -> int: ...
    @property
    def attributes(self) -> dict[str, Closure]: ...
    @property
    def accepts(self) -> list[str]: ...
    @property
    def compiled(self) -> dict[str, Any]: ...


class Shape(Protocol):
    """What is certain of a bus. `boundless`: it has no capacity; `invariant`: an attribute that never changes."""

    kinds: frozenset[str]
    boundless: bool

    def invariant(self, name: str) -> bool: ...
    def reach(self, dimension: Any) -> range | None: ...


class Plan(Protocol):
    """What is left to ask of a device like others. `whole` are tests of the rules that see the whole config."""

    unknown: bool
    whole: tuple[Closure, ...]


class Plans(Protocol):
    """The plans of a machine. Devices with numbers below `own` are those that it brings itself."""

    own: int

    def standing(self, device: Any) -> Plan: ...
    def fast_path(self, state: Any) -> Any: ...
