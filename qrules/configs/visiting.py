"""Members visited by a record of the schema, in the order and with the complaints of the emulator's visitors.

See qemu:qapi/qobject-input-visitor.c for JSON and pairs, qemu:qapi/opts-visitor.c for options.
"""

from __future__ import annotations

from qrules.diagnostics import Span, unusable
from qrules.linked import numbers
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from qrules.configs.pairs import Pair
    from qrules.knowledge.schema import Member, Part, Record

_SWITCH = frozenset(("on", "off", "yes", "no", "true", "false", "y", "n"))
MOST_DEPTH = 64  # members in members: a limit of ours, within what any Python's stack holds
_NAME = r"(?:__[A-Za-z0-9.-]+_)?[A-Za-z][A-Za-z0-9_-]*"  # of QAPI (qemu:qapi/qapi-util.c "parse_qapi_name")
_LONGEST = 127  # characters of a name between dots


class Complaint(NamedTuple):
    """The engine's refusal that words what is wrong, and what it speaks of."""

    refusal: str
    context: Mapping[str, Any]


def nested(pairs: list[Pair]) -> tuple[dict[str, Any], Complaint | None]:
    """``a.b.0=x`` as members of members and lists (qemu:util/keyval.c "keyval_parse")."""
    members: dict[str, Any] = {}
    for pair in pairs:
        path = _path(pair.key)
        if path is None:
            return {}, Complaint("no-such-key", {"property": pair.key})
        if len(path) > MOST_DEPTH:
            raise too_deep()
        if long := next((step for step in path if len(step) > _LONGEST), None):
            told = {"property": long, "element": "long", "path": "" if len(path) == 1 else "pairs"}
            return {}, Complaint("malformed-member", told)
        at = members
        for step in path[:-1]:
            inner = at.setdefault(step, {})
            if not isinstance(inner, dict):
                return {}, Complaint("malformed-member", {"property": pair.key.rpartition(".")[0], "element": "used"})
            at = inner
        if isinstance(at.get(path[-1]), dict):
            return {}, Complaint("malformed-member", {"property": pair.key, "element": "used"})
        at[path[-1]] = pair.value
    try:
        return {name: _with_lists(value, name) for name, value in members.items()}, None
    except _NoList as wrong:
        return {}, Complaint("malformed-member", {"property": wrong.property, "element": wrong.why})


def _path(key: str) -> list[str] | None:
    """What stands between the dots of a key: names, and behind the first of them numbers; None where it is something else."""
    if "__" not in key:  # a dot in it ends a name
        steps = key.split(".")
        return steps if not _is_index(steps[0]) and all(_is_index(step) or _is_name(step) for step in steps) else None
    import re

    fragment = re.compile(rf"([0-9]++|{_NAME})(?:\.|\Z)")
    found: list[str] = []
    at = 0
    while match := fragment.match(key, at):
        if not found and _is_index(match[1]):
            return None
        found.append(match[1])
        at = match.end()
        if at == len(key) and not match[0].endswith("."):
            return found
    return None


def _is_index(step: str) -> bool:
    return step.isascii() and step.isdigit()


def _is_name(step: str) -> bool:
    """Whether it is a name of QAPI without a vendor's before it."""
    return step.isascii() and step[:1].isalpha() and step.replace("-", "").replace("_", "").isalnum()


class _NoList(Exception):
    def __init__(self, property: str, why: str) -> None:
        self.property, self.why = property, why
        super().__init__(why)


def _with_lists(value: Any, path: str) -> Any:
    """Members that are numbered are a list (qemu:util/keyval.c "keyval_listify"). Raises `_NoList`."""
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(each, f"{path}.{name}") for name, each in value.items()}
    numbered = [name for name in inner if _is_index(name)]
    if not numbered:
        return inner
    if len(numbered) < len(inner):
        raise _NoList(f"{path}.*", "mixed")
    elements = {int(name[-20:]) if len(name) < 20 else len(inner): each for name, each in inner.items()}
    gap = next((number for number in range(len(elements)) if number not in elements), None)
    if gap is not None:
        raise _NoList(f"{path}.{gap}", "gap")
    return [elements[number] for number in range(len(elements))]


def too_deep() -> Exception:
    """What to raise for members that stand in one another deeper than is looked at (QR403)."""
    limit = f"members stand in one another more than {MOST_DEPTH} deep"
    return unusable("QR403", limit, Span("the command line", 0), expected="members that are options of their own")


class Visit:
    """A visit of one option. `way` is ``json``, ``pairs`` or ``options``; in the last every value is a list of texts.

    `without` are members that the option has by itself.
    """

    def __init__(self, way: str, without: Collection[str] = ()) -> None:
        self.way, self._without = way, without
        self._depth = 0

    def record(self, record: Record, members: Any, path: str, within: bool = False) -> Complaint | None:
        """The first complaint about members that stand for a record."""
        if not isinstance(members, dict):
            return self._mistyped(path, "object", members)
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise too_deep()
        seen: set[str] = set()
        found = self._members(record, members, path, seen)
        if found is None and not within:
            strange = next((name for name in members if name not in seen), None)
            if strange is not None:
                found = self._strange(members, strange, path)
        self._depth -= 1
        return found

    def _strange(self, members: dict[str, Any], name: str, path: str) -> Complaint:
        if self.way == "options":
            return Complaint("no-such-key", {"property": name, "text": members[name][-1]})
        below = self.way == "pairs" and isinstance(members[name], (dict, list))
        return Complaint("no-such-member", {"property": _joined(path, name), "element": "below" if below else None})

    def _members(self, record: Record, members: dict[str, Any], path: str, seen: set[str]) -> Complaint | None:
        within: Record | None = record
        while within is not None:  # a case of a case, and so on
            found, within = self._own(within, members, path, seen)
            if found is not None:
                return found
        return None

    def _own(self, record: Record, members: dict[str, Any], path: str, seen: set[str]) -> tuple[Complaint | None, Record | None]:
        """The first complaint about the members of a record itself, and the record that its case has besides."""
        case: Record | None = None
        for member in record.members:
            seen.add(member.name)
            if member.name not in members:
                if member.needed and (path or member.name not in self._without):
                    return Complaint("missing-member", {"property": _joined(path, member.name)}), None
                continue
            value = members[member.name]
            if member.name == record.tag and not member.shape:
                word = value[-1] if self.way == "options" else value
                if not isinstance(word, str):
                    return self._mistyped(_joined(path, member.name), "string", word), None
                case = record.case(word)
                if case is None:
                    return self._no_such_word(member.name, word), None
                continue
            found = self._value(record, member, value, _joined(path, member.name))
            if found is not None:
                return found, None
        return None, case

    def _value(self, record: Record, member: Member, value: Any, path: str) -> Complaint | None:
        if len(member.shape) == 1:
            return self._part(record, member.shape[0], value, path)
        if not member.shape:
            return None
        for part in member.shape:  # the kind of JSON decides; pairs know texts, objects and lists
            if self._of_kind(part, value):
                return self._part(record, part, value, path)
        return self._mistyped(path, "one of several", value)

    def _of_kind(self, part: Part, value: Any) -> bool:
        if part.lists:
            return isinstance(value, list)
        if part.record:
            return isinstance(value, dict)
        if isinstance(value, str):
            return part.type != "null" and (self.way != "json" or bool(part.words) or part.type == "str")
        if value is None or isinstance(value, (dict, list)):
            return value is None and part.type == "null"
        return part.type not in ("str", "null") and (part.type == "bool") == isinstance(value, bool)

    def _part(self, record: Record, part: Part, value: Any, path: str) -> Complaint | None:
        if self.way == "options":
            return self._texts(record, part, value, path)
        if part.lists:
            if not isinstance(value, list):
                return self._mistyped(path, "array", value)
            inner = part._replace(lists=part.lists - 1)
            for number, each in enumerate(value):
                place = f"{path}[{number}]" if self.way == "json" else f"{path}.{number}"
                found = self._either(record, inner, each, place)
                if found is not None:
                    return found
            return None
        return self._either(record, part, value, path)

    def _either(self, record: Record, part: Part, value: Any, path: str) -> Complaint | None:
        if part.lists:
            return self._part(record, part, value, path)
        for form in part.either:
            if self._of_kind(form, value):
                return self._part(record, form, value, path)
        if part.record:
            inner = record.of(part)
            return self.record(inner, value, path) if inner is not None else None
        return self._scalar(part, value, path)

    def _texts(self, record: Record, part: Part, texts: list[str], path: str) -> Complaint | None:
        """Values of flat options: of a list every text is one, otherwise the last one counts."""
        inner = record.of(part)
        if inner is not None:  # a record in a list of options has one member, and the text is it
            part = inner.members[0].shape[0] if inner.members and inner.members[0].shape else part
        for text in texts if part.lists or inner is not None else texts[-1:]:
            ends = text.split("-", 1) if part.lists and part.type in _RANGES else [text]
            for end in ends if not part.record else ():
                found = self._scalar(part._replace(lists=0), end, path)
                if found is not None:
                    return found._replace(context={**found.context, "kind": "list"}) if part.lists else found
        return None

    @staticmethod
    def _no_such_word(name: str, word: str) -> Complaint:
        return Complaint("no-such-option-value", {"property": name, "text": word})

    # ------------------------------------------------------------------------------ single values
    def _scalar(self, part: Part, value: Any, path: str) -> Complaint | None:
        if self.way != "json" and isinstance(value, (dict, list)):
            return Complaint("no-such-member", {"property": path, "element": "below"})
        if part.words:
            if not isinstance(value, str):
                return self._mistyped(path, "string", value)
            return None if value in part.words else self._no_such_word(path.rpartition(".")[2], value)
        if self.way == "json":
            return self._json(part.type, value, path)
        return None if self._spelled(part.type, value) else self._mistyped(path, part.type, value)

    def _spelled(self, type_: str, text: str) -> bool:
        if type_ == "bool":
            return text in _SWITCH
        if type_ == "size":
            return numbers.size(text) is not None
        if type_ == "int":  # the emulator did not tell which of the two
            return numbers.integer(text) is not None or numbers.size(text) is not None
        if type_ == "number":
            return _is_fraction(text)
        return type_ not in _RANGES or _within(type_, numbers.integer(text))

    def _json(self, type_: str, value: Any, path: str) -> Complaint | None:
        if type_ in _RANGES or type_ in ("int", "size"):
            number = value if isinstance(value, int) and not isinstance(value, bool) else None
            if number is not None and (type_ not in _RANGES or _within(type_, number)):
                return None
            return self._mistyped(path, "outside" if number is not None else type_, value, type_)
        kinds: dict[str, Any] = {"bool": bool, "str": str, "number": (int, float), "null": type(None)}
        right = type_ not in kinds or (isinstance(value, kinds[type_]) and (type_ == "bool" or not isinstance(value, bool)))
        return None if right else self._mistyped(path, type_, value)

    def _mistyped(self, path: str, wanted: str, value: Any, width: str = "") -> Complaint:
        text = value[-1] if self.way == "options" and isinstance(value, list) else value
        number = numbers.integer(text) if isinstance(text, str) and self.way != "json" and wanted in _RANGES else None
        if number is not None and abs(number) < 1 << 64 and not wanted.endswith("64"):
            width, wanted = wanted, "outside"
        told = text if isinstance(text, str) else None
        context = {"property": path, "element": wanted, "path": self.way, "name": f"{width}_t", "text": told}
        return Complaint("malformed-member", context)


_RANGES = {
    **{f"uint{bits}": (0, (1 << bits) - 1) for bits in (8, 16, 32, 64)},
    **{f"int{bits}": (-(1 << bits - 1), (1 << bits - 1) - 1) for bits in (8, 16, 32, 64)},
}


def _within(type_: str, number: int | None) -> bool:
    low, high = _RANGES[type_]
    if number is not None and type_ == "uint64" and number < 0:
        return number >= -high  # as C's strtoull has it
    return number is not None and low <= number <= high


def _is_fraction(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
