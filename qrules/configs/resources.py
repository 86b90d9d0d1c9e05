"""What the options of a command line make on the host's side: kinds of resources under their ids (``backend`` in the rules)."""

from __future__ import annotations

from qrules.configs.options import Option, in_json, members, where
from qrules.configs.vocabulary import Vocabulary
from qrules.machine.request import Misread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from qrules.configs.vocabulary import Way


_DOTS = 16  # in a key: nothing is nested as deep


class Resources:
    """Takes note of host resources, option by option.

    `made` maps an id to its kind (several with spaces between), `said` to what the option says; `named` are the ids of
    each group of options that is written as ``k=v``.
    """

    def __init__(self, words: Vocabulary) -> None:
        self.made: dict[str, str] = {}
        self.said: dict[str, dict[str, Any]] = {}
        self.named: dict[str, set[str]] = {}
        self._taken: dict[tuple[str, str], bool] = {}  # options with the ids that they gave, and whether in JSON
        self._words = words

    def take(self, option: Option, name: str) -> list[Misread] | None:
        """What is wrong with an option that makes a resource; None where it makes none."""
        ways = self._words.makers.get(name)
        if not ways:
            return None
        implied = "qom-type" if name == "-object" else "driver"
        said = members(option, implied)
        wrong = list(self._unfit_id(option, name, said.get(ways[0][1])))
        if name in self._words.values:
            wrong[:0] = self._unknown_values(option, name, said)
        if "id" in said:
            self.named.setdefault(option.name, set()).add(str(said["id"]))
        self._make(ways, said)
        for inner in _below(said, ways[0][1]):
            self._make(ways, inner)
        return wrong

    def _make(self, ways: list[Way], members: dict[str, Any]) -> None:
        made = identity = ""
        said: set[str] | None = None
        for kind, key, only in ways:
            named = members.get(key)
            if named is None:
                continue
            if only:
                said = said or _sayings(members)
                if said.isdisjoint(only):
                    continue
            made, identity = kind, str(named)
            self.said[identity] = members
        if made:  # resources of different options may have one id; the last one stands last
            before = [kind for kind in self.made.get(identity, "").split() if kind != made]
            self.made[identity] = " ".join((*before, made))

    def _unknown_values(self, option: Option, name: str, members: dict[str, Any]) -> Iterator[Misread]:
        for key, values in self._words.values.get(name, {}).items():
            if key in members and members[key] not in values:
                context = {"kind": option.name, "property": key, "text": str(members[key])}
                yield Misread("no-such-option-value", context, where(option))

    def named_wrongly(self, option: Option, name: str) -> Iterator[Misread]:
        """What is wrong with the id of an option that makes no resource: there is none to have, or it is another option's."""
        identity = members(option).get("id") if "id=" in option.argument else None
        if identity is not None and name in self._words.nameless:
            yield Misread("no-such-key", {"kind": option.name, "property": "id", "text": str(identity)}, where(option))
        elif name not in self._words.makers:
            yield from self._unfit_id(option, name, identity)

    def _unfit_id(self, option: Option, name: str, identity: object) -> Iterator[Misread]:
        """An id has to be well-formed, and no other option of the kind may have it."""
        if name not in self._words.unique or identity is None:
            return
        context, json = {"kind": option.name, "name": str(identity)}, in_json(option)
        if not self._words.is_identifier(str(identity)):
            yield Misread("malformed-id", context, where(option))
        elif (name, str(identity)) in self._taken:
            json = json or self._taken[name, str(identity)]
            yield Misread("duplicate-option-id", {**context, "text": "JSON"} if json else context, where(option))
        self._taken[name, str(identity)] = json


def _sayings(members: dict[str, Any]) -> set[str]:
    """The type that an option names, and its pairs, as rules write them."""
    said = {f"{name}={value}" for name, value in members.items()}
    said.add(str(members.get("qom-type", members.get("driver", members.get("type", "")))))
    return said


def _below(members: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    """What stands inside an option's members and has a name of its own: nested objects, or keys with dots."""
    dotted = "." + key
    found: dict[str, dict[str, Any]] = {name[: -len(key)]: {} for name in members if name.endswith(dotted)}
    if not found and dict not in map(type, members.values()):
        return
    for name, value in members.items():
        if isinstance(value, dict):
            if key in value:
                yield value
            yield from _below(value, key)
        dot = name.find(".") if found else -1
        for _ in range(_DOTS):
            if dot < 0:
                break
            if (inner := found.get(name[: dot + 1])) is not None:
                inner[name[dot + 1 :]] = value
            dot = name.find(".", dot + 1)
    yield from found.values()
