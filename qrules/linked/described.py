"""What all kinds have in common: attributes by the nearest clause; rules and claims by phase, built once for all of them."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge
from qrules.linked import clauses, steps
from qrules.linked.clauses import Claim, Property, Rule
from qrules.linked.expressions import build
from qrules.machine.entities import DEVICE_BUILT_IN, Entity
from qrules.machine.frames import SUBJECT, Closure, new_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


# what reads nothing but its parts, which themselves are looked at
_STEADY = frozenset(
    ("var", "machine", "else", "when", "and", "or", "not", "holds", "given", "template", "version", "set", "range", "in", "is",
     "lower", "hex", "bytes", "negative", "min", "max", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%")
)  # fmt: skip
_FIXED = ("type", "number", "written", "hotplugged")  # of what all devices have by themselves


class Described:
    """Attributes that clauses give a kind: the nearest clause with a value wins."""

    name: str

    def __init__(self, knowledge: Knowledge, name: str, line: tuple[str, ...]) -> None:
        self.knowledge = knowledge
        self.name = name
        self.line = line
        self.kinds = frozenset(line)
        self.watched = tuple(kind for kind in knowledge.shared["watched"] if kind in self.kinds)
        described = knowledge.shared["kinds"]
        self.telling = [kind for kind in line if kind in described]  # the kinds of the line that have clauses at all
        self.told = [described[kind] for kind in self.telling]
        self.says = frozenset().union(*self.told)  # the sections of clauses that some of them have
        self.heavy = sum(of.get("weight", 0) for of in self.told) // steps.PARTS if "weight" in self.says else 0  # steps
        self._attributes: dict[str, tuple[list[Closure], Any, int]] = {}
        self._defined: dict[str, bool] = {}
        self._steady: dict[str, bool] = {}
        self.asks_machine: set[str] = set()  # attributes of the machine that those which are steady read
        self.is_wish = False  # of such id and bus are there from the beginning, or never

    def attribute(self, name: str, subject: Entity, state: Any) -> Any:
        known = self._attributes.get(name)
        if known is None:
            known = self._attributes[name] = self._settled(name)
        closures, constant, count = known
        if closures:
            if state is not None:
                state.left -= count
                if state.left < 0:
                    raise steps.spent(steps.attribute_place(self.knowledge, self.telling, name))
            try:
                frame = new_frame(state, subject)
                for closure in closures:
                    value = closure(frame)
                    if value is not None:
                        return value
            except RecursionError:
                raise steps.too_deep(steps.attribute_place(self.knowledge, self.telling, name)) from None
        return constant

    def _settled(self, name: str) -> tuple[list[Closure], Any, int]:
        """What is asked for an attribute in turn, the constant that it is where none of that gives a value, and the steps."""
        closures: list[Closure] = []
        count = 1
        for definition in self.definitions(name):
            if not isinstance(definition, list):
                if definition is not None:
                    return closures, definition, count
            else:
                closures.append(build(definition))
                count += steps.weight(definition) if self.heavy else 0
        return closures, None, count

    def defines(self, name: str) -> bool:
        """Whether an attribute can have a value where nobody wrote one."""
        found = self._defined.get(name)
        if found is None:
            found = False
            for of in self.told:
                if _gives(of, name):
                    found = True
                    break
            self._defined[name] = found
        return found

    def steady(self, name: str) -> bool:
        """Whether an attribute surely never changes once its device or wish stands: nothing of the state decides about it."""
        found = self._steady.get(name)
        if found is None:
            self._steady[name] = False  # what is said in terms of itself is not asked again
            found = self._steady[name] = all(self._keeps(definition) for definition in self.definitions(name))
        return found

    def _keeps(self, expr: Any) -> bool:
        """Whether an expression about the device reads nothing but what stays as it is."""
        if not isinstance(expr, list):
            return True
        if expr[0] == "attr":
            return self._keeps_attribute(expr[1], expr[2])
        return (not isinstance(expr[0], str) or expr[0] in _STEADY) and all(map(self._keeps, expr))

    def _keeps_attribute(self, of: Any, name: str) -> bool:
        if of == ["machine"]:
            self.asks_machine.add(name)
            return True
        own = name in _FIXED or (self.is_wish and name in ("id", "bus")) or name not in DEVICE_BUILT_IN
        return bool(of == ["var", SUBJECT]) and own and self.steady(name)

    def definitions(self, name: str) -> Iterator[Any]:
        """What the kind's clauses give an attribute, compiled, the nearest first."""
        for of in self.told:
            yield from attribute_values(of, name)
            if name in of.get("properties", ()):
                yield Property(*of["properties"][name]).default
            if name in of.get("catalogue", ()):
                yield of["catalogue"][name][1]

    # ------------------------------------------------------------------------------ clauses, built once a kind
    def _built(self, kind: str, what: str, build_one: Callable[[list[Any]], Any]) -> list[Any]:
        """What one kind's clauses say. Types share what their ancestors say: it is built once for all of them."""
        built = self.knowledge.built
        key = (kind, what)
        if key not in built:
            raw = self.knowledge.shared["kinds"][kind][what]
            built.setdefault(key, [build_one(r) for r in raw])  # one for all threads
        return built[key]

    def all_built(self, what: str, build_one: Callable[[list[Any]], Any]) -> list[Any]:
        if what not in self.says:
            return []
        told = [kind for kind, of in zip(self.telling, self.told, strict=True) if what in of]
        return [each for kind in told for each in self._built(kind, what, build_one)]

    def by_phase(self) -> dict[str, list[Rule | Claim]]:
        """Rules and claims by phase: those of the most general kind first, in the order of the text."""
        found: dict[str, list[Rule | Claim]] = {}
        for kind, of in zip(reversed(self.telling), reversed(self.told), strict=True):
            own: list[Rule | Claim] = self._built(kind, "rules", clauses.Rule) if "rules" in of else []
            if "claims" in of:  # rules alone are in the order of their notes
                own = sorted(own + self._built(kind, "claims", clauses.Claim), key=lambda c: c.note)
            for check in own:
                found.setdefault(check.phase or "realize", []).append(check)
        return found


def _gives(of: dict[str, Any], name: str) -> bool:
    """Whether the clauses of a kind give an attribute: by itself, or as the default of a property."""
    if name in of.get("attributes", ()):
        return True
    catalogue, properties = of.get("catalogue", ()), of.get("properties", ())
    return (name in catalogue and of["catalogue"][name][1] is not None) or (
        name in properties and of["properties"][name][1] is not None
    )


def attribute_values(of: dict[str, Any], name: str) -> Iterator[Any]:
    for value, _ in of.get("attributes", {}).get(name, ()):
        yield value
