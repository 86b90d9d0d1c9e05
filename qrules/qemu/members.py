"""Members of a machine's structured options, such as `smp.cores` and `cxl-fmw.0.size`, asked of a machine that has no parts yet.

QMP does not describe them. But a machine that waits for its configuration (`-preconfig`) takes `qom-set`, and QAPI's visitors say
of a value what does not fit (QEMU, qapi/qobject-input-visitor.c: "is unexpected", "is missing", "Invalid parameter type for").
Which names and words are worth trying, the binary's own help and its schema say; what is written down is what it then took.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qrules.qemu.errors import CommandFailed
from qrules.qemu.process import attempt
from qrules.qemu.qmp import Session
from qrules.qemu.schema_facts import Member, Part, Record, Shape
from qrules.qemu.widths import WIDE, width

MAX_WORDS = 5_000
"""Names, or words of one enum, that are tried; more come from no help of QEMU's."""
MAX_MEMBERS = 200
_AT_ONCE = 60  # names in one value: QEMU reads its monitor slowly
_NOTHING = "qrules-nothing"  # no binary has a member or word of this name
_EXPECTED = re.compile(r"expect(?:s|ed:) (\w+)")
_MISSING = re.compile(r"'(?:[^']*\.)?([\w-]+)' is missing")
_UNEXPECTED = "is unexpected"
_KEY = re.compile(r"(?<![\w-])([a-z][\w-]*)(?:\.\d+)*=")
_WORD = re.compile(r"(?<![\w-])[a-z][\w-]*")
_OPTION = re.compile(r"^(?=-)", re.MULTILINE)
# QAPI's words for the types of values, ours, and a value that is read as such, whatever it means.
_SCALARS: dict[str, tuple[str, object]] = {
    "integer": ("int64", 1), "uint64": ("uint64", 1), "string": ("str", ""), "boolean": ("bool", True), "number": ("number", 1),
}  # fmt: skip


def keys_of(printed_help: str) -> tuple[str, ...]:
    """The words before an equals sign in a text, each once: `cxl-fmw.0.targets.0=x` has `targets`."""
    return tuple(dict.fromkeys(_KEY.findall(printed_help)))


def words_about(prop: str, printed_help: str) -> tuple[str, ...]:
    """The words of the options that speak of a property, or are named like its first word: `-smp` for `smp-cache`."""
    about = (text for text in _OPTION.split(printed_help) if prop in text or text.startswith(f"-{prop.partition('-')[0]} "))
    found = [word for text in about for word in _WORD.findall(text)]
    return tuple(dict.fromkeys([*found, *(word[:-1] for word in found if word.endswith("s"))]))  # `threads` counts a `thread`


class Probe:
    """Asks for the members of properties of the machine of one session, which stands in its first phase."""

    def __init__(self, session: Session, machine: str, keys: Iterable[str], printed_help: str) -> None:
        """`keys` are names that a member may have; `machine` is the session's, as -machine takes it."""
        self._session, self._machine = session, machine
        self.keys, self.help = tuple(dict.fromkeys(keys))[:MAX_WORDS], printed_help

    def record(self, name: str, prop: str) -> Record | None:
        """The members of a property, under the name of its type; None where its value is no record, or nothing of it is found."""
        expected = _expected(self.told(prop, _NOTHING))
        if expected not in ("array", "object"):
            return None
        members = tuple(_Members(self, prop, expected == "array").all())
        return Record(name, "", members, (), expected == "array") if members else None

    def told(self, prop: str, value: object) -> str:
        """What the machine says against a value; empty where it takes it."""
        try:
            self._session.execute("qom-set", path="/machine", property=prop, value=value)
        except CommandFailed as error:
            return error.description
        return ""

    def shown(self, prop: str) -> Any:
        """The value of a property as it is; None where it can't be told."""
        try:
            return self._session.execute("qom-get", path="/machine", property=prop)
        except CommandFailed:
            return None

    def sizes(self, prop: str, key: str) -> bool:
        """Whether a whole number can be written with a suffix: only a command line says."""
        path = f"{prop}.{key}=1K"
        told = attempt(self._session.binary, ["-machine", f"{self._machine},{path}", "-nodefaults"]).message
        return f"{key}' expects" not in told


class _Members:
    """The members of one property. The visitor goes through its members in their order and tells the first that does not fit.

    So of many names at once, each with what is no scalar, it tells the first that is a member, which then gets a plausible value.
    """

    def __init__(self, probe: Probe, prop: str, listed: bool) -> None:
        self._probe, self._prop, self._listed = probe, prop, listed
        self._path = re.compile(re.escape(prop + "[0]" * listed) + r"\.([\w-]+)")
        self._shapes: dict[str, Shape] = {}
        self._plausible: dict[str, object] = {}

    def all(self) -> Iterator[Member]:
        """The members in the emulator's order."""
        for some in range(0, len(self._probe.keys), _AT_ONCE):
            self._find(self._probe.keys[some : some + _AT_ONCE])
        for key in self._in_order():
            others = {name: value for name, value in self._plausible.items() if name != key}
            missing = _MISSING.search(self._told({**others, _NOTHING: 0}))
            yield Member(key, missing is not None and missing[1] == key, self._shapes[key])

    def _find(self, keys: Iterable[str]) -> None:
        unlike: dict[str, object] = {key: {} for key in keys}
        while len(self._shapes) < MAX_MEMBERS:
            key = self._first({**unlike, **self._plausible})
            if not key or key in self._shapes:
                return
            self._shapes[key], self._plausible[key] = self._shape(key)

    def _in_order(self) -> list[str]:
        order: list[str] = []
        unlike: dict[str, object] = {key: {} for key in self._shapes}
        while (key := self._first({**unlike, **{name: self._plausible[name] for name in order}})) and key not in order:
            order.append(key)
        return [*order, *(key for key in self._shapes if key not in order)]

    def _first(self, value: Mapping[str, object]) -> str:
        """The first member that is missing or does not fit; empty where all is well, or something is no member."""
        told = self._told(value)
        missing, found = _MISSING.search(told), self._path.search(told)
        return missing[1] if missing else found[1] if found and _UNEXPECTED not in told else ""

    def _told(self, value: Mapping[str, object]) -> str:
        return self._probe.told(self._prop, [value] if self._listed else value)

    def _tried(self, key: str, value: object) -> str:
        return self._told({**self._plausible, key: value, _NOTHING: 0})

    def _shape(self, key: str) -> tuple[Shape, object]:
        """The type of a member, and a value that can be read as it. Members before it have theirs already."""
        expected = _expected(self._tried(key, {}))
        if expected == "array":
            word, plausible = _SCALARS.get(_expected(self._tried(key, [{}])), ("any", None))
            return (Part(1, word),), [plausible]
        if expected == "string" and (words := self._enum(key)):
            return (Part(0, "", words),), words[0]
        word, plausible = _SCALARS.get(expected, ("any", None))
        if word in ("int64", "uint64") and (narrow := width(self._tried(key, WIDE))):
            word = narrow
        if word == "uint64" and self._probe.sizes(f"{self._prop}{'.0' * self._listed}", key):
            word = "size"
        return (Part(0, word),), plausible

    def _enum(self, key: str) -> tuple[str, ...]:
        """The words that an enum takes; none where any text is taken."""
        if not self._refuses(key, _NOTHING):
            return ()
        shown = [str(value) for value in _values(self._probe.shown(self._prop), key)]
        likely = dict.fromkeys([*shown, *words_about(self._prop, self._probe.help)])
        return tuple(word for word in [*likely][:MAX_WORDS] if not self._refuses(key, word))

    def _refuses(self, key: str, word: str) -> bool:
        return "does not accept value" in self._tried(key, word)


def _expected(told: str) -> str:
    found = _EXPECTED.search(told)
    return found[1] if found else ""


def _values(shown: Any, key: str) -> Iterator[object]:
    """What stands under a key in a record or a list of records."""
    for each in shown if isinstance(shown, list) else [shown]:
        if isinstance(each, dict) and key in each:
            yield each[key]
