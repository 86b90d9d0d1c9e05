"""Property values: from what was written to what rules compare, by the domain of the property."""

from __future__ import annotations

from qrules.knowledge.model import PLAIN_DOMAINS, Knowledge
from qrules.linked.expressions import build
from qrules.linked.integers import integer as integer
from qrules.linked.integers import integer_or_none as integer_or_none
from qrules.machine.frames import Frame
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.knowledge.patterns import Pattern
    from qrules.machine.contracts import DeviceKind, Family


TEXT = "string"  # the domain of any text
ENUM = "enum"  # the domain whose words are those of a type that the schema alone knows
_ALL_BITS = 0xFFFFFFFFFFFFFFFF
NOTHING = "nothing"  # as `qrules.knowledge.words` has it
_MOST = 256  # patterns that are remembered
_TRUE = frozenset(("on", "yes", "true", "y"))
_FALSE = frozenset(("off", "no", "false", "n"))


class Wrong(NamedTuple):
    """A value outside its domain. `note` is the domain's or the property's own; None where neither has words."""

    occasion: str
    note: int | None
    name: str
    low: Any = None
    high: Any = None


def read(value: object, domain: list[Any], note: int | None, kind: DeviceKind | Family, frame: Frame, json: bool = False) -> Any:
    """The typed value, or `Wrong`. `domain` is compiled; named domains are followed to their definition.

    A value from `json` has to be of the type that the domain takes there. None: an empty text that names nothing.
    """
    domains = kind.knowledge.shared["domains"]
    name = ""
    while domain and domain[0] == "named":
        name = domain[1]
        if name not in domains:
            words = kind.knowledge.enum(name) if name != TEXT else None
            if words is None:  # any text
                return Wrong("mistyped", note, name) if json and note is not None and not isinstance(value, str) else value
            domain, note = ["words", *words], domains[ENUM][1] if ENUM in domains else note
            break
        domain, own_note = domains[name]
        note = own_note if own_note is not None else note
    if json and not _of_type(value, domain):
        return Wrong("mistyped", note, name)
    if domain[0] == "array":
        return value if isinstance(value, list) else Wrong("malformed", note, name)
    if domain[0] in ("range", "bytes"):
        return _number(value, domain, note, name, frame)
    if domain[0] == "words":
        return _word(value, domain[1:], note, name)
    if domain[0] == "like":
        return value if _pattern(domain[1]).matches(str(value)) else Wrong("malformed", note, name)
    if domain[0] == "backend":
        return _backend(value, domain[1:], note, name, frame)
    return _plain(value)


_patterns: dict[str, Pattern] = {}


def _pattern(text: str) -> Pattern:
    """The pattern of a ``like``, read once."""
    found = _patterns.get(text)
    if found is None:
        from qrules.knowledge.patterns import Pattern

        if len(_patterns) >= _MOST:
            _patterns.clear()
        found = _patterns[text] = Pattern(text)
    return found


def resolved(domain: list[Any], knowledge: Knowledge) -> list[Any]:
    """What a domain is by its definition; nothing for one that any text is in."""
    domains = knowledge.shared["domains"]
    while domain and domain[0] == "named":
        domain = domains[domain[1]][0] if domain[1] in domains else []
    return domain if domain and domain[0] in ("range", "words", "backend") else []


def innermost(domain: list[Any], knowledge: Knowledge) -> list[Any]:
    """The domain that says what is asked of a value, by its definition; nothing where any will do."""
    domains = knowledge.shared["domains"]
    while domain and domain[0] == "named":
        if domain[1] not in domains:
            words = knowledge.enum(domain[1]) if domain[1] != TEXT else None
            return [] if words is None else ["words", *words]
        domain = domains[domain[1]][0]
    return domain


def is_read(domain: list[Any], knowledge: Knowledge) -> bool:
    """Whether something is asked of the values of a domain: not where the catalogue names it, and neither a rule nor the schema
    says what it is.
    """
    domains = knowledge.shared["domains"]
    while domain and domain[0] == "named":
        if domain[1] not in domains:
            return domain[1] in PLAIN_DOMAINS or knowledge.enum(domain[1]) is not None
        domain = domains[domain[1]][0]
    return True


def domain_of(kind: DeviceKind, name: str, written: bool) -> tuple[list[Any], int | None] | None:
    """The domain of a property and the note of the clause that gives it; None where neither rules nor catalogue know one."""
    clause = kind.properties.get(name)
    if clause is not None and (not written or kind.has_property(name) or name in kind.knowledge.features_of(kind.line)):
        return clause.domain, clause.note
    fact = kind.catalogued(name) if written else None
    if fact is not None:
        return ["named", fact[0]], None
    feature = kind.knowledge.features_of(kind.line).get(name) if written else None
    return (["named", feature], None) if feature is not None else None


def _of_type(value: object, domain: list[Any]) -> bool:
    """Whether a JSON value is of the type of a domain: numbers for ranges, true and false for switches, else texts."""
    if domain[0] in ("range", "bytes"):
        return isinstance(value, int) and not isinstance(value, bool)
    if domain[0] == "words" and set(domain[1:]) == {"on", "off"}:
        return isinstance(value, bool)
    return isinstance(value, str) if domain[0] in ("words", "backend", "like") else True


def _plain(value: object) -> object:
    return value


def _number(value: object, domain: list[Any], note: int | None, name: str, frame: Frame) -> Any:
    low, high = integer_or_none(build(domain[1])(frame)), integer_or_none(build(domain[2])(frame))
    number = _bytes(value) if domain[0] == "bytes" else integer(value)
    if number is None:
        return Wrong("malformed", note, name, low, high)
    if number < 0 == low and high == _ALL_BITS and (domain[0] == "range" or -number <= 1 << 63):
        return number & _ALL_BITS  # as C's strtoull has it
    if (low is not None and number < low) or (high is not None and number > high):
        return Wrong("outside", note, name, low, high)
    return number


def _bytes(value: object) -> int | None:
    if isinstance(value, str):
        from qrules.linked.numbers import size

        return size(value)
    return integer(value)


def _word(value: object, words: list[Any], note: int | None, name: str) -> Any:
    if isinstance(value, bool):
        return value if "on" in words else Wrong("malformed", note, name)
    text = str(value)
    if len(words) == 2 and "on" in words and "off" in words:  # a switch; among more words each is spelled as it stands
        return True if text in _TRUE else False if text in _FALSE else Wrong("malformed", note, name)
    if text not in words:
        return Wrong("malformed", note, name)
    return text == "on" if text in ("on", "off") else text


def _backend(value: object, kinds: list[Any], note: int | None, name: str, frame: Frame) -> Any:
    if value == "" and NOTHING in kinds:
        return None
    return value if not frame[0].backend_kinds(value).isdisjoint(kinds) else Wrong("missing", note, name)


def is_switch(domain: list[Any], knowledge: Knowledge) -> bool:
    """Whether a property of a domain can be turned on and off; it may know more words, such as ``auto``."""
    words = resolved(domain, knowledge)
    return words[:1] == ["words"] and "on" in words and "off" in words
