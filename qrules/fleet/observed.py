"""What the rules look at of a value: nothing, whether it is the same as another, or what some expression makes of it.

It is read off the compiled rules. Each place where an expression speaks of an attribute (`places`) is one of three: the value is
only compared, held, looked up or told, so that any other one does as well that is equal to the same ones; an expression of this
attribute and constants alone makes something of it, and another value does as well of which the same is *observed*; or neither
can be shown, and the value stays as it is. An attribute that is defined by another one passes on what is looked at of it.
"""

from __future__ import annotations

from qrules.fleet.places import KEPT, PASSED, READS, TOLD, closed, is_value, operator, same
from qrules.knowledge.model import CLAIM, PART, POINTS, PROVIDES
from qrules.linked.expressions import build
from qrules.machine.entities import Entity
from qrules.machine.frames import SUBJECT, new_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from qrules.fleet.places import Above, Place
    from qrules.knowledge.model import Knowledge

    Observer: TypeAlias = Callable[[str], object]

_ORDERS = frozenset(("<", "<=", ">", ">="))
_NUMBERS = frozenset(("count", "sum", "-", "*", "/", "%", "length", "number", "negative", "lettered", "two-to", "free-points"))
_TELLING = ("unknown", "assumes")  # sections of sentences


class _Value(Entity):
    """Something of which one attribute is known."""

    __slots__ = ("_name", "_text")

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text

    def get(self, name: str, state: object) -> Any:
        return self._text if name == self._name else None


def said(key: str) -> str:
    """What stands for the value that an option gives a key of a host resource: an attribute that no rule can name."""
    return f"says {key}"


class Observed:
    """What the rules of a target look at, attribute by attribute. `words` are all texts that stand in its rules."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.words: set[str] = set()
        self.asks_all = False  # whether an expression asks a resource for a key that it works out
        self._open: set[str] = set()  # attributes of which more is looked at than can be shown
        self._seen: dict[str, list[tuple[Any, str]]] = {}  # what is observed of an attribute, and of which kind alone
        self._into: dict[
            str, dict[tuple[str, str], bool]
        ] = {}  # what others are defined by, of which kind, and whether in a text
        self._parts: set[str] = set()  # attributes that are compared as parts of texts
        self._known: dict[tuple[str, bool], tuple[Observer, ...] | None] = {}
        described = list(_described(knowledge))
        self._defined = _definitions([of for _, of in described])
        self._lines = {name: frozenset(entry[2]) for name, entry in knowledge.shared["types"].items()}
        for name, entry in knowledge.shared["wishes"].items():
            self._lines[name] = self._lines.get(name, frozenset()).union(entry[1])
        self._kind = ""  # whose rules are read
        for self._kind, of in described:
            for section, told in of.items():
                self._section(section, told)
        self._kind = ""
        self.words.update(knowledge.shared["types"], knowledge.shared["aliases"], knowledge.shared["buses"])
        for name, domain in knowledge.shared["domains"].items():
            self._walk(domain[0], ())
            self.words.add(name)
        self._words_of(knowledge.shared["known"])

    def of(self, name: str, identifier: bool) -> tuple[Observer, ...] | None:
        """What is observed of an attribute's value, besides what it is equal to; None where it has to stay as it is.

        Of an `identifier`, in which no separator stands, larger texts can be made without two becoming the same.
        """
        if (name, identifier) not in self._known:
            self._known[name, identifier] = self._found(name, identifier)
        return self._known[name, identifier]

    def _found(self, name: str, identifier: bool) -> tuple[Observer, ...] | None:
        left: list[tuple[tuple[str, str], bool]] = [((name, ""), False)]
        met = {(name, "")}
        seen: list[Observer] = []
        while left:
            (one, kind), inside = left.pop()
            looked = [expr for expr, of in self._seen.get(one, ()) if self._may_be(kind, of)]
            if one in self._open or (inside and looked) or (not identifier and (inside or one in self._parts)):
                return None
            seen += [_observer(expr, one) for expr in looked]
            more = {
                to: inside or part for to, part in self._into.get(one, {}).items() if to not in met and self._may_be(kind, to[1])
            }
            met.update(more)
            left += more.items()
        return tuple(seen)

    def _may_be(self, kind: str, other: str) -> bool:
        """Whether something may be of both kinds; an empty name stands for any."""
        if kind not in self._lines or other not in self._lines:
            return True
        return kind in self._lines[other] or other in self._lines[kind]

    # ------------------------------------------------------------------------------ reading the rules
    def _section(self, section: str, told: Any) -> None:
        if section in ("attributes", "properties", "catalogue"):
            for name, defined in told.items():
                self._attribute(section, name, defined)
        elif section == "claims":
            key = CLAIM.index("key")
            for claim in told:
                for expr in claim[key]:
                    self._walk(expr, ((KEPT, 1),))
                self._others(claim, {key})
        elif section in ("parts", "creates"):
            values, named = PART.index("values"), {PART.index("id"), PART.index("place")}
            for part in told:
                for name, value in part[values].items():
                    self._flow(value, name)
                for at in named:
                    self._walk(part[at], ((TOLD, 1),))
                self._others(part, {values, *named})
        elif section in ("provides", "points"):
            form = PROVIDES if section == "provides" else POINTS
            named = {form.index(word) for word in ("called", "otherwise", "template") if word in form}
            for line in told:
                for at in named:
                    self._walk(line[at], ((TOLD, 1),))
                attributes = form.index("attributes")
                for name, (value, _) in line[attributes].items():
                    self._flow(value, name)
                self._others(line, {*named, attributes})
        elif section == "called":
            for expr in told:
                self._walk(expr, ((TOLD, 1),))
        elif section in _TELLING:
            for text, when, _ in told:
                self._walk(text, ((TOLD, 1),))
                self._walk(when, ())
        else:
            self._walk(told, ())

    def _attribute(self, section: str, name: str, defined: Any) -> None:
        if section == "attributes":
            for line in defined:
                self._flow(line[0], name)
                self._others(line, {0})
        elif section == "properties":
            self._walk(defined[0], ())
            self._flow(defined[1], name)
        else:
            self._words_of(defined)

    def _others(self, line: list[Any], but: set[int]) -> None:
        for at, part in enumerate(line):
            if at not in but:
                self._walk(part, ())

    def _flow(self, expr: Any, target: str) -> None:
        """An expression whose value is that of an attribute."""
        self._walk(expr, (("into", target),))  # type: ignore[arg-type]

    def _walk(self, expr: Any, above: Above) -> None:
        left: list[tuple[Any, Above]] = [(expr, above)]
        while left:
            one, around = left.pop()
            if isinstance(one, str):
                self.words.add(one)
            elif isinstance(one, dict):
                left += [(part, ()) for part in one.values()]
                self.words.update(one)
            elif isinstance(one, list) and one:
                if operator(one) == "backend-says":
                    self.asks_all = self.asks_all or not isinstance(one[2], str)
                    self._read(said(str(one[2])), one, around)
                if operator(one) in READS and isinstance(one[-1], str):
                    self._read(one[-1], one, around)
                    self.words.add(one[-1])
                    left.append((one[1], ((one, 1), *around)))
                    continue
                parts = [part[0] if isinstance(part, list) else part for part in one] if one[0] == "template" else one
                left += [(part, ((one, at), *around)) for at, part in enumerate(parts)]

    def _words_of(self, value: Any) -> None:
        self._walk(value, ())

    def _read(self, name: str, expr: Any, above: Above) -> None:
        """One place where an attribute is read."""
        at, inside = 0, False
        while at < len(above) and operator(above[at][0]) in PASSED and above[at][0] is not TOLD and is_value(above[at]):
            inside = inside or above[at][0][0] == "template"
            at += 1
        if at == len(above):
            self._open.add(name)
        elif above[at][0] == "into":
            target = (str(above[at][1]), self._kind)
            known = self._into.setdefault(name, {})
            known[target] = known.get(target, False) or inside
        elif same(above[at]) or self._without_order(above[at]):
            if inside and above[at][0] is not TOLD:
                self._parts.add(name)
        elif (found := closed(name, expr, above)) is None:
            self._open.add(name)
        else:
            of = self._kind if _slot(expr) == SUBJECT else ""  # the subject of the block is of its kind
            if (found, of) not in self._seen.setdefault(name, []):
                self._seen[name].append((found, of))

    def _without_order(self, place: Place) -> bool:
        """Whether a text at some place is compared with a number, to which it has no order."""
        whole, at = place
        return operator(whole) in _ORDERS and self._numeric(whole[3 - at], 4)

    def _numeric(self, expr: Any, depth: int) -> bool:
        """Whether a value is a number, or unset."""
        if not isinstance(expr, list):
            return type(expr) is int
        if operator(expr) == "attr" and depth:
            defined = self._defined.get(expr[2])
            return bool(defined) and all(self._numeric(one, depth - 1) for one in defined or ())
        return operator(expr) in _NUMBERS


def _definitions(described: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """What attributes are defined as; a text stands for what is not worked out."""
    found: dict[str, list[Any]] = {}
    for of in described:
        for name, lines in of.get("attributes", {}).items():
            found.setdefault(name, []).extend(line[0] for line in lines)
        for section in ("properties", "catalogue"):
            for name in of.get(section, ()):
                found.setdefault(name, []).append("")
        for line in of.get("provides", ()):
            for name, (value, _) in line[PROVIDES.index("attributes")].items():
                found.setdefault(name, []).append(value)
    return found


def _described(knowledge: Knowledge) -> Iterator[tuple[str, dict[str, Any]]]:
    """All kinds, wishes and families of a target by name."""
    yield from knowledge.shared["kinds"].items()
    yield from knowledge.piece("wishes").items()
    families = {entry[0] for entry in knowledge.piece("machines").values()} - {None}
    for number in sorted(families):
        yield "", knowledge.family(number)


def _observer(expr: Any, name: str) -> Observer:
    closure, slot = build(expr), _slot(expr)
    frame = new_frame(_Nothing(), None)

    def observe(text: str) -> object:
        frame[slot] = _Value(name, text)
        return closure(frame)

    return observe


def _slot(expr: Any) -> int:
    """The variable that an expression speaks of."""
    if isinstance(expr, list):
        if expr[0] == "var":
            return int(expr[1])
        return next((found for part in expr[1:] if (found := _slot(part)) >= 0), -1)
    return -1


class _Nothing:
    """A state in which nothing stands; steps are not counted."""

    left = 1 << 60
    paid = 1 << 60
    looks = 0
