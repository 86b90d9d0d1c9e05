"""Compiled expressions (JSON lists, as `qrules.knowledge.resolve` writes them) to closures over a frame.

`build` finds what each operator means: references and texts here, what is true in `conditions`, what is computed in
`arithmetic`, what only the state knows in `questions`.
"""

from __future__ import annotations

from _operator import itemgetter

from qrules.linked import arithmetic, conditions, questions
from qrules.linked.steps import spend_text
from qrules.machine.entities import Entity
from qrules.machine.frames import STATE, Build, Closure, Frame, Quoting, Telling, Value, shown
from qrules.visible import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def build(expr: Any) -> Closure:
    """The closure of a compiled expression. Anything but a list is a constant."""
    if not isinstance(expr, list):
        return lambda frame: expr
    return _BUILDERS[expr[0]](expr, build)


def build_optional(expr: Any) -> Closure | None:
    """As `build`, with None for an absent expression."""
    return None if expr is None else build(expr)


def _var(expr: Any, build: Build) -> Closure:
    return itemgetter(expr[1])


def _machine(expr: Any, build: Build) -> Closure:
    return lambda frame: frame[STATE].machine


def _attr(expr: Any, build: Build) -> Closure:
    base, name = build(expr[1]), expr[2]
    if isinstance(expr[1], list) and expr[1][0] == "var":
        slot = expr[1][1]

        def get_of_variable(frame: Frame) -> Value:
            entity = frame[slot]
            return entity.get(name, frame[STATE]) if isinstance(entity, Entity) else None

        return get_of_variable

    def get(frame: Frame) -> Value:
        entity = base(frame)
        return entity.get(name, frame[STATE]) if isinstance(entity, Entity) else None

    return get


def _address(expr: Any, build: Build) -> Closure:
    """A part of the address of a device that has it for certain."""
    slot, name = expr[1:]
    return lambda frame: frame[slot].address[name]


def _values(expr: Any, build: Build) -> Closure:
    """A property of a device that it was given for certain."""
    slot, name = expr[1:]
    return lambda frame: frame[slot].values[name]


def _bus(expr: Any, build: Build) -> Closure:
    """The bus of a device that stands on one for certain."""
    slot = expr[1]
    return lambda frame: frame[slot].bus


def _version(expr: Any, build: Build) -> Closure:
    value = tuple(expr[1])
    return lambda frame: value


_LONG = 4_000  # characters of what stands in a sentence; the features that a processor lacks take half of that
_LONG_WORD = 200  # characters of a word in it: a name that somebody gave


def _told(text: str) -> str:
    """What stands in a sentence: a list of many words may be long, a word may not."""
    return shortened(text, _LONG if max(map(len, text.split()), default=0) <= _LONG_WORD else _LONG_WORD)


_ARTICLES = (" a ", " an ")


def with_articles(parts: list[str]) -> list[str]:
    """Pieces of a sentence, of which each that ends with an article has the one that the next piece wants: ``an IDE bus``."""
    told = list(parts)
    for i, part in enumerate(parts[:-1]):
        if f" {part}".endswith(_ARTICLES):
            told[i] = part.removesuffix("an ").removesuffix("a ") + ("an " if sounds_open(parts[i + 1]) else "a ")
    return told


def sounds_open(word: str) -> bool:
    """Whether a name begins with the sound of a vowel: ``e1000``, ``an HDA``, but ``a usb-hub``."""
    if word[:2].isupper():  # spelled out, letter by letter
        return word[0] in "AEFHILMNORSX"
    if word[:1].isdigit():
        return word.startswith(("8", "11", "18"))
    return word[:1].lower() in tuple("aeio") or (word[:1].lower() == "u" and word[:2].lower() not in ("us", "uf", "uh", "ua"))


def _template(expr: Any, build: Build) -> Closure:
    parts = [(p, None, "") if isinstance(p, str) else ("", build(p[0]), p[1]) for p in expr[1:]]
    articles = any(isinstance(p, str) and f" {p}".endswith(_ARTICLES) for p in expr[1:-1])

    def text(frame: Frame) -> str:
        joined = "".join([literal if closure is None else shown(closure(frame), how) for literal, closure, how in parts])
        own = type(frame) is Telling and articles
        if own or (len(joined) > _LONG and type(frame) in (Telling, Quoting)):
            told = [p if c is None else _told(shown(c(frame), how)) for p, c, how in parts]
            return "".join(with_articles(told) if own else told)
        if len(joined) > 1_000:
            spend_text(frame[STATE], joined)
        return joined

    return text


def holes(expr: Any) -> list[Closure]:
    """The closures of a template's holes: a name whose hole is unset can't be given."""
    if not isinstance(expr, list) or expr[0] != "template":
        return []
    return [build(p[0]) for p in expr[1:] if not isinstance(p, str)]


def _of_lists(expr: Any, build: Build) -> Closure:
    """What only JSON can say: few rules ask for it."""
    from qrules.linked import lists

    made: Closure = getattr(lists, expr[0])(expr, build)
    return made


def _of_texts(expr: Any, build: Build) -> Closure:
    """What looks into texts: rules about documents ask for it."""
    from qrules.linked import texts

    made: Closure = getattr(texts, expr[0].replace("-", "_"))(expr, build)
    return made


_BUILDERS: dict[str, Callable[[Any, Build], Closure]] = {
    "var": _var, "machine": _machine, "attr": _attr, "address": _address, "values": _values, "bus": _bus, "version": _version,
    "template": _template,
    "and": conditions.conjunction, "or": conditions.disjunction, "not": conditions.negation, "holds": conditions.holds,
    "when": conditions.when, "else": conditions.otherwise, "=": conditions.equal, "!=": conditions.unequal,
    "<": conditions.ordered, "<=": conditions.ordered, ">": conditions.ordered, ">=": conditions.ordered,
    "is": conditions.is_kind, "names": conditions.names_kind, "in": conditions.contained, "meets": conditions.meets,
    "under": conditions.under, "range": conditions.between, "set": conditions.set_of,
    "+": arithmetic.arithmetic, "-": arithmetic.arithmetic, "*": arithmetic.arithmetic, "/": arithmetic.arithmetic,
    "%": arithmetic.arithmetic, "negative": arithmetic.negative, "min": arithmetic.extreme, "max": arithmetic.extreme,
    "lower": arithmetic.lowered, "hex": arithmetic.as_hex, "bytes": arithmetic.in_bytes,
    "given": questions.given, "role-open": questions.role_open, "role-replaced": questions.role_replaced,
    "holder": questions.holder, "backend-kind": questions.backend_kind, "backend-says": questions.backend_says,
    "free-points": questions.free_points, "apply": questions.apply, "some": questions.quantified, "no": questions.quantified,
    "every": questions.quantified, "count": questions.quantified, "the": questions.quantified,
    "child-bus": questions.nth_bus, "those-on": questions.those, "those-off": questions.those,
    "sum": questions.quantified, "length": arithmetic.length, "members": _of_lists, "holding": _of_lists,
    "repeated": _of_lists, "largest": _of_lists, "last": _of_lists, "twice": arithmetic.twice, "later": arithmetic.later,
     "power-of-two": conditions.power_of_two,
     **dict.fromkeys(("begins", "matches", "after", "before-last", "split", "lettered", "number"), _of_texts),
     **dict.fromkeys(("piece", "ipv4", "two-to", "strange"), _of_texts),
     "emulator-has": _of_texts, "emulator-machine": _of_texts,
}  # fmt: skip
