"""The values of a command line that may be others without another answer: where they stand, and what is asked of each.

Nothing here knows an option or a property by name. A value is a *blank*: what follows ``key=``, a text of JSON behind its key, or
a whole argument. What may be put in its place follows from the rules: where it goes (`Vocabulary`), which values are right there
(domains, and the emulator's own grammar, which is asked with other texts), and what rules look at (`Observed`).
"""

from __future__ import annotations

import re

from qrules.configs.grammar import misread
from qrules.configs.options import Option, options, read_pairs
from qrules.configs.vocabulary import Vocabulary
from qrules.diagnostics import Unusable
from qrules.fleet.observed import Observed, said
from qrules.knowledge.model import ADDRESSED
from qrules.knowledge.patterns import Pattern
from qrules.linked.domains import domain_of, innermost
from qrules.machine.request import Where
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from qrules.linked.kinds import Family, Kinds

    Judge: TypeAlias = Callable[[str], object]

_KEPT = r"[ !#-+\--\[\]-~]"  # what a value is made of: printable, but no comma, quote or backslash
BLANK = re.compile(
    r'([,"\0](?:(?<=[,\0])[\w.-]+=|(?<=")[\w.-]+":\s?"|(?<=\0)--?[a-z-]+\0(?![-{])(?=[^,=\0]+(?:\0|\Z))))'
    rf'({_KEPT}+)(?="|,(?!,)|\0|\Z)'
)
GROUPS = 2  # of it; the second is the value
_TRIED = ("q7wz8kx", "Zt4-9vy/h_2")  # texts that are no switch, number, size or word of the emulator's
_MARK = "q0mark0q"
LONGEST = 100  # characters of a value


class Blank(NamedTuple):
    """What may stand in a blank: `identifier` where it is a name, `bus` where it may be one with a number behind a dot.

    Another value has to be judged like it by each of `judges`. `where` is the place in the words.
    """

    where: Where
    identifier: bool
    bus: bool
    judges: tuple[Judge, ...]


def together(blanks: tuple[Blank | None, ...]) -> Blank | None:
    """What may stand in a blank for each of several boards."""
    found = [blank for blank in blanks if blank is not None]
    if len(found) < len(blanks):
        return None
    return found[0]._replace(
        identifier=any(blank.identifier for blank in found), judges=tuple(judge for blank in found for judge in blank.judges)
    )


class Blanks:
    """Finds what may stand in the blanks of command lines for one board."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds, self._knowledge = kinds, kinds.knowledge
        self.observed = Observed(kinds.knowledge)
        self._words = kinds.knowledge.kept("vocabulary", Vocabulary)
        self._placed = _placed(kinds.knowledge.shared["kinds"].values())

    def of(self, argv: list[str], places: list[Where], machine: str) -> list[Blank | None]:
        """What may stand at each of some places; None where the value stays as it is."""
        facts = self._knowledge.machine(machine)
        family = self._kinds.family(facts.family, facts.line) if facts is not None and facts.family is not None else None
        arguments = {
            option.word + 1: option for option in options(argv, self._words.known) if option.has_argument and option.name
        }
        return [
            self._blank(arguments[place.argument], place, family) if family is not None and place.argument in arguments else None
            for place in places
        ]

    def _blank(self, option: Option, place: Where, family: Family) -> Blank | None:
        name = "-" + option.name
        if name in self._words.absent or (name not in self._words.known):
            return None
        text = option.argument
        key = self._key(option, name, text[: place.start], text[place.end :])
        if key is None:
            return None
        found = self._of_device(option, key) if name == "-device" else self._of_option(option, name, key, family, place)
        if found is None:
            return None
        identifier, judges = found
        return Blank(place, identifier, name == "-device" and key == "bus", judges)

    def _key(self, option: Option, name: str, before: str, behind: str) -> str | None:
        """The key that a blank's value stands under; None where it is not one value, and all of it."""
        if name in self._words.verbatim and name != "-device":
            return "value" if not before and not behind else None
        first = "driver" if name == "-device" else self._words.first(name)
        marked = option._replace(argument=before + _MARK + behind)
        try:
            pairs = list(_flat([(pair.key, pair.value) for pair in read_pairs(marked, first)]))
        except Unusable:
            return None
        keys = [key for key, value in pairs if value == _MARK]
        if len(keys) != 1 or sum(key == keys[0] for key, _ in pairs) != 1:  # of a key that stands twice the last one counts
            return None
        return keys[0] if keys[0] != first or name != "-device" else None

    # ------------------------------------------------------------------------------ devices
    def _of_device(self, option: Option, key: str) -> tuple[bool, tuple[Judge, ...]] | None:
        pairs = {pair.key: pair.value for pair in read_pairs(option, "driver")}
        if key == "bus":
            return True, ()
        if key == "id":
            return self._observed(("id",), True, ())
        return self._of_property(str(pairs.get("driver", "")), key)

    def _of_property(self, driver: str, key: str) -> tuple[bool, tuple[Judge, ...]] | None:
        kind = self._kinds.named(driver)
        if kind is None or key in self._placed:
            return None
        found = domain_of(kind, key, True)
        return None if found is None else self._in_domain(found[0], (key,))

    def _in_domain(
        self, domain: list[Any], attributes: tuple[str, ...], identifier: bool = False
    ) -> tuple[bool, tuple[Judge, ...]] | None:
        """What may be another value of a domain, of which rules may look at some attributes."""
        asked = innermost(domain, self._knowledge)
        if not asked:
            return self._observed(attributes, identifier, ())
        if asked[0] == "like":
            return self._observed(attributes, identifier, (Pattern(asked[1]).matches,))
        return self._observed(attributes, True, ()) if asked[0] == "backend" else None

    def _observed(
        self, attributes: tuple[str, ...], identifier: bool, judges: tuple[Judge, ...]
    ) -> tuple[bool, tuple[Judge, ...]] | None:
        for attribute in attributes:
            seen = self.observed.of(attribute, identifier)
            if seen is None:
                return None
            judges = (*judges, *seen)
        return identifier, judges

    # ------------------------------------------------------------------------------ other options
    def _of_option(
        self, option: Option, name: str, key: str, family: Family, place: Where
    ) -> tuple[bool, tuple[Judge, ...]] | None:
        words, last = self._words, key.rpartition(".")[2]
        if name in ("-M", "-machine", "-global", "-set", "-readconfig") or self.observed.asks_all:
            return None
        if key in words.values.get(name, {}) or not self._takes_any(option, name, place):
            return None
        judges: list[Judge] = []
        for keys, values, unless, _ in words.assumed_by_host(name) if name in words.assumed else ():
            if not keys and (values or unless):
                return None
            if key in keys or last in keys:
                judges.append(lambda text, v=values, u=unless: (v is None or v.takes(text), u is not None and u.takes(text)))  # type: ignore[misc]
        makes = {way for _, way, _ in words.makers.get(name, ())}
        if any(one.partition("=")[0] == key for _, _, only in words.makers.get(name, ()) for one in only if "=" in one):
            return None
        identifier = last in makes or (key == "id" and (name in words.unique or name in words.nameless))
        asked = [self._observed((said(key), said(last)), identifier, ())]
        asked += [self._at(target, family, identifier) for target in self._targets(name, key)]
        for found in asked:
            if found is None:
                return None
            identifier = identifier or found[0]
            judges += found[1]
        return identifier, tuple(judges)

    def _targets(self, name: str, key: str) -> Iterator[tuple[str, str, str]]:
        """Where a shorthand takes the value of a key: (what, kind, attribute); empty where that is not one attribute."""
        for meaning, effects in self._words.shorthands.get(name, {}).items():
            if meaning and meaning.partition("=")[0] == key:
                yield "", "", ""
            if meaning and "=" not in meaning and key == "value":
                yield "", "", ""
            for what, target, names, setting, values in effects:
                settings = [(target, setting), *(values if isinstance(values, list) else [])]
                for attribute, value in settings:
                    if not isinstance(value, list):
                        continue
                    if value[1] == key:
                        yield what, names[0] if names else "", attribute
                    elif value[1] in (f"{key}.kind", f"{key}.rest"):
                        yield "", "", ""
                if what in ("merges", "processor"):
                    yield "", "", ""

    def _at(self, target: tuple[str, str, str], family: Family, identifier: bool) -> tuple[bool, tuple[Judge, ...]] | None:
        what, kind, attribute = target
        if what == "machine":
            clause = family.option(attribute)
            if clause is None:
                fact = self._knowledge.catalogued(family.line, attribute)
                domain = ["named", fact[0]] if fact is not None else []
            else:
                domain = clause.domain
        elif what in ("wish", "asks"):
            wished = self._kinds.wish(kind).properties.get(attribute)
            domain = wished.domain if wished is not None else []
        elif what == "device" and attribute not in ("id", "bus"):
            return self._of_property(kind, attribute)
        else:
            return None
        return self._in_domain(domain, (attribute,), identifier) if domain else self._observed((attribute,), identifier, ())

    def _takes_any(self, option: Option, name: str, place: Where) -> bool:
        """Whether the emulator's grammar takes any text in a blank, as far as texts that it does not know can tell."""
        ways = self._words.reads.get(name)
        if not ways:
            return True
        text = option.argument
        for tried in _TRIED:
            other = option._replace(argument=text[: place.start] + tried + text[place.end :])
            try:
                if any(True for _ in misread(other, ways, self._knowledge)):
                    return False
            except Unusable:
                return False
        return True


def _flat(pairs: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for key, value in pairs:
        if isinstance(value, dict):
            yield from _flat([(f"{key}.{inner}", of) for inner, of in value.items()])
        elif isinstance(value, list):
            yield from _flat([(f"{key}.{at}", of) for at, of in enumerate(value)])
        else:
            yield key, value


def _placed(kinds: Any) -> frozenset[str]:
    """The properties that are addresses, or parts of them."""
    written, dimensions = ADDRESSED.index("property"), ADDRESSED.index("dimensions")
    schemes = [of["addressed"] for of in kinds if of.get("addressed")]
    return frozenset([s[written] for s in schemes] + [d[0] for s in schemes for d in s[dimensions]])
