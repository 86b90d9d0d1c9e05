"""Options read by the emulator's own grammar: the first thing that is wrong with one, as the emulator finds it.

There are several ways. *keys*: flat keys, each a text that is looked at when it is met (qemu:util/qemu-option.c). *pairs*: keys
with dots, or JSON, that are taken apart and then visited member by member (qemu:util/keyval.c,
qemu:qapi/qobject-input-visitor.c).
*options*: flat keys that are visited like that (qemu:qapi/opts-visitor.c); *later*: the same, once the machine has its options.
*driver*: flat keys, with those of a driver. *accelerator*: properties of the accelerator that stands first. Which option is read
in which way the rules say (``reads``); what there is to write, the schema.
"""

from __future__ import annotations

from qrules.configs.options import Option, in_json, read_pairs, unpaired, where
from qrules.configs.pairs import Pair
from qrules.configs.visiting import Complaint, Visit, nested
from qrules.knowledge.schema import Part
from qrules.linked import numbers
from qrules.machine.request import Misread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from qrules.knowledge.model import Knowledge
    from qrules.knowledge.schema import Record

_LATER = "later"
_PROPERTIES = "accelerator"
_OFTEN = 16  # options of one kind, from which on their forms are remembered
_MOST = 4_096  # forms that are
_LONG = 1_000  # characters of an option whose form is
_TEXT = Part(0, "str", "", (), ())
_ALWAYS = ("id",)  # a key of flat options that none of them lists
_SWITCH = frozenset(("on", "off", "yes", "no", "true", "false", "y", "n"))
_DIGITS = r"\s*([+-]?)(?:0[xX][0-9a-fA-F]+|[0-9]+)"  # of a number that no 64 bits hold


def misread(option: Option, ways: list[Any], knowledge: Knowledge) -> Iterator[Misread]:
    """What is wrong with an option: nothing, or the first thing that the emulator finds. Raises as `read_pairs`."""
    forms = knowledge.kept("forms of options", Forms)
    form = forms.of(option, ways)
    if form is not None and form in forms.right:
        return
    json = in_json(option)
    pairs = read_pairs(option, ways[0][2])
    way = _way(ways, pairs)
    if way is None:  # of such a one the rules say nothing
        return
    how, name, _, _, without, _, own, default = way
    if default and all(pair.key != way[2] for pair in pairs):
        pairs = [Pair(way[2], default, 0, 0), *pairs]
    record = (knowledge.option(name) if name.startswith("-") else knowledge.schema(name)) if name else None
    record = knowledge.keys(own) if own is not None else record or knowledge.option(f"-{option.name}")
    if record is None and how != _PROPERTIES:
        return
    stage = 2 if how == _LATER and not json else 0
    pairs, flat = [pair for pair in pairs if pair.key not in without], how in ("options", _LATER) and not json
    if record is None:
        found, stage = _properties(knowledge.accelerators(), pairs, ways[0][2]), 2
    elif how == "keys":
        found = _keys(record, pairs)
    elif how == "driver":
        found, stage = _driver(record, knowledge.option(f"-{option.name}"), _no_first_word(option, pairs), ways[0][2]), 1
    elif flat:
        found = _options(record, pairs, without)
    else:
        yield from (bare := [] if json or option.members is not None else list(unpaired(option)))
        found = _members(record, pairs, json, without) if not bare else None
        if form is not None and found is None:
            forms.note(form)
    if found is not None:
        yield Misread(found.refusal, {"kind": option.name, **found.context}, where(option), stage)


def _way(ways: list[Any], pairs: list[Pair]) -> Any:
    """The way that holds for what is written: by its first key, by a key that is written anywhere, or by the value of the tag."""
    implied, tag = ways[0][2], ways[0][5]
    first = next((pair.value for pair in pairs if pair.key == tag), None)
    written = {pair.key for pair in pairs}
    foremost = {pair.key for pair in pairs[:1]}
    for way in ways:
        if (way[2] != implied and way[2] in foremost) or (way[2] == implied and way[5] != tag and way[5] in written):
            return way
    return next((way for way in ways if (way[2], way[5]) == (implied, tag) and (not way[3] or first in way[3])), None)


class Forms:
    """Options that were right, so that others of the same form need not be read again: a stream has the same with other names.

    A form is an option's keys with those of their values that decide anything: any text is right for some members (``str``).
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._met: dict[str, int] = {}
        self._free: dict[str, frozenset[str]] = {}  # by option: the keys that take any text
        self.right: set[tuple[Any, ...]] = set()

    def of(self, option: Option, ways: list[Any]) -> tuple[Any, ...] | None:
        """The form of an option that is written as pairs; None for others, and while too few of its kind have come."""
        name, text = option.name, option.argument
        free = self._free.get(name)
        if free is None:
            met = self._met[name] = self._met.get(name, 0) + 1
            if met < _OFTEN:
                return None
            free = self._free[name] = self._any_text(option, ways)
        if option.members is not None or ",," in text or text[:1] == "{" or text[-1:] == "," or len(text) > _LONG:
            return None
        form: list[str] = [name]
        for piece in text.split(","):
            key, equals, value = piece.partition("=")
            if not equals:
                return None
            form.append(key)
            form.append("" if key in free else value)
        return tuple(form)

    def blanks(self, option: Option) -> frozenset[str]:
        """The keys of an option of which a form leaves the values out; none before too few of its kind have come."""
        return self._free.get(option.name, frozenset())

    def note(self, form: tuple[Any, ...]) -> None:
        """Keeps a form of which nothing is wrong."""
        if len(self.right) >= _MOST:
            self.right.clear()
        self.right.add(form)

    def _any_text(self, option: Option, ways: list[Any]) -> frozenset[str]:
        """The keys that every way to read an option takes with any text."""
        known = self._knowledge
        records = [known.option(f"-{option.name}")]
        for _, name, _, _, _, _, own, _ in ways:
            records.append((known.option(name) if name.startswith("-") else known.schema(name)) if name else None)
            records.append(known.keys(own) if own is not None else None)
        free: set[str] = set()
        other = {key for way in ways for key in (way[2], way[5])}
        left, seen = [record for record in records if record is not None], set[str]()
        while left:
            record = left.pop()
            if record.name in seen:
                continue
            seen.add(record.name)
            for member in record.members:
                (free if not record.plain and member.shape == (_TEXT,) else other).add(member.name)
            left += [case for value in record.cases if (case := record.case(value)) is not None]
        return frozenset(free - other)


def _keys(record: Record, pairs: list[Pair]) -> Complaint | None:
    types = record.types
    for pair in pairs:
        if pair.key in _ALWAYS:
            continue
        if pair.key not in types:
            return Complaint("no-such-key", {"property": pair.key, "text": str(pair.value)})
        if unfit := _unfit(types[pair.key], pair):
            return unfit
    return None


def _properties(accelerators: dict[str, dict[str, str]], pairs: list[Pair], key: str) -> Complaint | None:
    """Properties of the accelerator that stands first; one that there is not is no matter here."""
    own = accelerators.get(next((str(pair.value) for pair in pairs if pair.key == key), ""))
    for pair in pairs if own is not None else ():
        name, text = pair.key.replace("_", "-"), str(pair.value)
        if name == key or name in _ALWAYS:
            continue
        assert own is not None
        if name not in own:
            return Complaint("no-such-property", {"name": f"{pairs[0].value}-accel", "property": name, "text": text})
        if own[name] == "bool" and text not in _SWITCH:
            return Complaint("malformed-key", {"property": name, "text": text, "element": "boolean"})
        if own[name].startswith(("uint", "int")) and numbers.integer(text) is None:
            return Complaint("malformed-member", {"property": name, "text": text, "element": "uint32", "path": "json"})
    return None


def _no_first_word(option: Option, pairs: list[Pair]) -> list[Pair]:
    """The pairs of an option whose first word is a switch, as its others are."""
    word = option.argument.partition(",")[0]
    if not pairs or "=" in word or option.members is not None:
        return pairs
    return [pairs[0]._replace(key=word, value="on"), *pairs[1:]]


def _driver(record: Record, common: Record | None, pairs: list[Pair], key: str) -> Complaint | None:
    """Keys that are common to all, and those of the driver that stands under one of them."""
    types = common.types if common is not None else {}
    name = next((str(pair.value) for pair in reversed(pairs) if pair.key == key), "")  # of a key that stands twice the last one
    own = record.case(name)
    for pair in pairs:
        if pair.key in types and (unfit := _unfit(types[pair.key], pair)):
            return unfit
    if own is None and name:
        return Complaint("no-such-driver-key", {"element": name})
    for pair in pairs:
        known = pair.key in types or pair.key in record.types or pair.key in _ALWAYS
        if "." in pair.key or known or (pair.key in own.types if own is not None else _taken_by_any(record, pair.key)):
            continue
        return Complaint("no-such-driver-key", {"property": pair.key, "text": str(pair.value), "element": name or None})
    return None


def _taken_by_any(record: Record, key: str) -> bool:
    """Whether a case of the record has a member: where nobody says which case it is, one of these may be meant."""
    return any(case is not None and key in case.types for case in map(record.case, record.cases))


def _unfit(type_: str, pair: Pair) -> Complaint | None:
    """What is wrong with the value of a flat key (qemu:util/qemu-option.c "qemu_opt_parse"): a negative number goes round."""
    text = str(pair.value)
    if type_ == "boolean":
        fits = text in _SWITCH
    elif type_ == "number":
        fits = numbers.integer(text) is not None
    else:
        fits = type_ != "size" or numbers.size(text) is not None
    if fits:
        return None
    import re

    beyond = re.fullmatch(_DIGITS, text) if type_ != "boolean" else None
    path = None if beyond is None else "below" if beyond[1] == "-" else "above"
    return Complaint("malformed-key", {"property": pair.key, "text": text, "element": type_, "path": path})


def _options(record: Record, pairs: list[Pair], without: list[str]) -> Complaint | None:
    members: dict[str, list[str]] = {}
    for pair in pairs:
        members.setdefault(pair.key, []).append(str(pair.value))
    return Visit("options", without).record(record, members, "")


def _members(record: Record, pairs: list[Pair], json: bool, without: list[str]) -> Complaint | None:
    if json:
        return Visit("json", without).record(record, {pair.key: pair.value for pair in pairs}, "")
    members, wrong = nested(pairs)
    return wrong or Visit("pairs", without).record(record, members, "")
