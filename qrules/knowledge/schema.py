"""What can be written to options, objects and properties, as the emulator's own grammar has it: types and members, no verdicts.

`Knowledge` hands these out (`knowledge.schema("netdev")`, `knowledge.enum("OnOffAuto")`); nothing is loaded but what is asked
for. The statements that they come from are in docs/language.md, "The schema".
"""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Part(NamedTuple):
    """One form of a value. Exactly one of `type`, `record`, `words` and `either` is there; the others are empty.

    `lists`: so many lists around it (``list of list of int8`` is 2). `type` is a word: of QAPI ``str``, ``bool``, ``number`` (a
    fraction), ``null``, ``any``, ``int8`` to ``int64`` and ``uint8`` to ``uint64`` (whole numbers), ``size`` (as ``uint64``; a
    text may have a suffix) or ``int`` (a whole number whose width is not known, perhaps a size); of an option with flat keys
    ``string``, ``boolean`` (on or off), ``number`` (whole, 64 bits without sign) or ``size`` (with a suffix). `record` names a
    record (`Record.of` gives it), `words` are those of an enum, `either` are the forms that the elements of the lists have.
    """

    lists: int
    type: str
    record: str
    words: tuple[str, ...]
    either: tuple[Part, ...]


class Member(NamedTuple):
    """A member of a record. `needed`: it can't be left out.

    `shape` has one form, or several where a value may be of several kinds of JSON; it is empty for the tag of a record, whose
    values are `Record.cases`.
    """

    name: str
    needed: bool
    shape: tuple[Part, ...]

    @property
    def type(self) -> str:
        """The word for a value of flat keys; that of a tag is a text."""
        return self.shape[0].type if self.shape else "string"


class Record:
    """Members that are written together.

    `name`; `plain`: flat keys, each a text that QEMU reads by itself (QemuOpts), and not QAPI; `listed`: a value is a list of
    such records; `tag`: the member that decides which case holds, or empty; `members` in the order in which the emulator looks
    at them, which is the order of its complaints (a member that does not exist is told last); of a plain one in no order;
    `cases`: the values that the tag can have.
    """

    __slots__ = ("_by_case", "_find", "_types", "cases", "listed", "members", "name", "plain", "tag")

    def __init__(self, name: str, raw: list[Any], find: Callable[[str], Record | None], plain: bool = False) -> None:
        self.name, self.plain, self._find = name, plain, find
        self.listed: bool = raw[0]
        self.tag: str = raw[1]
        self.members = tuple(_members(raw[2]))
        self._by_case = {value: case for case in raw[3] for value in case[0]}
        self.cases = tuple(self._by_case)
        self._types: dict[str, str] | None = None

    def __repr__(self) -> str:
        return f"Record({self.name!r})"

    @property
    def types(self) -> dict[str, str]:
        """The members with the words for their values (`Member.type`)."""
        if self._types is None:
            self._types = {member.name: member.type for member in self.members}
        return self._types

    def member(self, name: str) -> Member | None:
        """The member of a name; those of cases are in `case`."""
        return next((member for member in self.members if member.name == name), None)

    def case(self, value: str) -> Record | None:
        """What is taken besides where the tag has this value; a record without members where that is nothing, None for no such
        value.
        """
        case = self._by_case.get(value)
        if case is None:
            return None
        return self._find(case[1]) if case[1] else Record(f"{self.name}-{value}", [False, "", case[2], []], self._find)

    def of(self, part: Part) -> Record | None:
        """The record that a form names; None where it names none."""
        return self._find(part.record) if part.record else None


class Model(NamedTuple):
    """A model of processors: the device type that `name` stands for, and whether the emulator calls it deprecated."""

    name: str
    type: str
    deprecated: bool


class Schemas:
    """The schemas of a target, file by file. `load` gives a piece by name; ``schema`` lists the target's files."""

    def __init__(self, load: Callable[[str], Any]) -> None:
        self._load = load
        self._files: list[str] = load("schema")
        self._raw: dict[str, list[Any]] = {}
        self._records: dict[str, Record] = {}
        self._options: dict[str, Record] = {}  # the plain ones

    def record(self, name: str) -> Record | None:
        """The record of a name."""
        found = self._records.get(name)
        if found is None and (raw := self._described(name)) is not None:
            found = self._records[name] = Record(name, raw, self.record)
        return found

    def _described(self, name: str) -> list[Any] | None:
        """A record as it was compiled. What its piece brings besides is kept."""
        if name not in self._raw:
            for file in self._files:
                piece = self._index(file)["records"].get(name)
                if piece is not None:
                    self._raw = {**self._load(f"{file}/{piece}"), **self._raw}
                    break
        return self._raw.get(name)

    def option(self, option: str) -> Record | None:
        """What is written to an option of the command line; None where its grammar is not known."""
        known = self._options.get(option)
        if known is not None:
            return known
        for file in self._files:
            found = self._index(file)["options"].get(option)
            if found == "":
                plain = self._load(f"{file}/plain")[option]
                return self._options.setdefault(option, Record(option, [False, "", plain, []], self.record, plain=True))
            if found is not None:
                return self.record(found)
        return None

    def options(self) -> tuple[str, ...]:
        """All options whose grammar is known, sorted."""
        return tuple(sorted(option for file in self._files for option in self._index(file)["options"]))

    def listed(self, what: str) -> dict[str, Any]:
        """A piece that maps names, of all files; empty where none has it."""
        found: dict[str, Any] = {}
        for file in self._having(what):
            found.update(self._load(f"{file}/{what}"))
        return found

    def properties(self, what: str) -> dict[str, dict[str, str]]:
        """The type of each property by name, for each name of a piece."""
        return {
            owner: {name: type_ for type_, names in types.items() for name in names} for owner, types in self.listed(what).items()
        }

    def models(self) -> dict[str, Model]:
        found: dict[str, Model] = {}
        for file in self._having("processors"):
            regular, others, deprecated = self._load(f"{file}/processors")
            types = {name: name + ending for ending, names in regular.items() for name in names} | others
            found.update({name: Model(name, types[name], name in deprecated) for name in sorted(types)})
        return found

    def fixed(self, machine: str) -> tuple[tuple[tuple[str, ...], str, str], ...] | None:
        """The defaults that a machine fixes for its guests: types (with all below them), property, and value as a text.

        Where several are about one, the last counts. None where the emulator does not tell them.
        """
        told: dict[str, list[Any]] = self.listed("fixes")
        chain: list[list[Any]] = []
        while machine in told:
            chain.append(told[machine][1])
            machine = told[machine][0]
        return tuple((tuple(types), name, value) for lines in reversed(chain) for types, name, value in lines) if chain else None

    def objects(self) -> tuple[str, ...]:
        return tuple(name for file in self._having("objects") for name in self._load(f"{file}/objects"))

    def _having(self, what: str) -> list[str]:
        return [file for file in self._files if what in self._index(file)["pieces"]]

    def _index(self, file: str) -> dict[str, Any]:
        index: dict[str, Any] = self._load(f"{file}/index")
        return index


def _members(raw: list[Any]) -> list[Member]:
    return [Member(name, needed, tuple(map(_part, shape))) for needed, names, shape in raw for name in names]


def _part(raw: list[Any]) -> Part:
    lists, what, value = raw
    return Part(
        lists,
        value if what == "type" else "",
        value if what == "record" else "",
        tuple(value) if what == "words" else (),
        tuple(map(_part, value)) if what == "either" else (),
    )
