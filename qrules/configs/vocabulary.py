"""Which options the rules know, and what they say of them; found once for each knowledge."""

from __future__ import annotations

from qrules.knowledge.model import Knowledge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from qrules.configs.wildcards import Wildcards

    Way: TypeAlias = tuple[str, str, list[str]]  # a kind of resource, the key that names it, what else has to be said
    Source: TypeAlias = tuple[int, str, Any]  # place in the rules, the key, a constant or what says its value
    Assumed: TypeAlias = tuple[frozenset[str], Wildcards | None, Wildcards | None, int]
    Sources: TypeAlias = tuple[list[Source], dict[str, list[Source]]]

_FLAT = ("keys", "driver")  # ways in which options are read whose keys may be texts of any kind
_PARTS = (".kind", ".rest")  # of a member's value, before and behind a colon
_OWN = ("-M", "-machine", "-nodefaults", "-device", "-global", "-set", "-readconfig")


class Reads:
    """What the rules read of an option: `whole` where its argument is one text, `keys` with any value, `said` with one.

    Where ``*`` is among the keys, all are, but those `without`. `flat`: the schema has flat keys, and those that are more than
    texts are read, too.
    """

    __slots__ = ("flat", "keys", "said", "whole", "without")

    def __init__(
        self, whole: bool, keys: frozenset[str], said: frozenset[tuple[str, str]], without: frozenset[str], flat: bool
    ) -> None:
        self.whole, self.keys, self.said, self.without, self.flat = whole, keys, said, without, flat

    def takes(self, key: str, value: object) -> bool:
        """Whether a key is read where it has this value."""
        if key in self.keys or (key, str(value)) in self.said:
            return True
        return "*" in self.keys and key != "value" and key not in self.without


class Vocabulary:
    """The options of an emulator. Names have their dash.

    `assumed` is what the host decides of them; `absent` maps options that it does not take to the refusal for that, `makers`
    those that make host resources to the ways in which they do; `programs` are ends of programs' names; `values` are the values
    that are known of a key, `known` are all names.
    """

    __slots__ = (
        "_assumed",
        "_judged",
        "_sources",
        "_understood",
        "absent",
        "assumed",
        "ignored",
        "is_identifier",
        "known",
        "makers",
        "nameless",
        "programs",
        "reads",
        "shorthands",
        "unique",
        "values",
        "verbatim",
    )  # fmt: skip

    def __init__(self, knowledge: Knowledge) -> None:
        shared = knowledge.shared
        self.shorthands: dict[str, Any] = shared["shorthands"]
        if "-hda" in self.shorthands:
            self.shorthands = {**self.shorthands, "": self.shorthands["-hda"]}  # what a bare word stands for
        self.ignored = frozenset(shared["ignored"])
        self.verbatim = frozenset(("", *shared["verbatim"]))  # a bare word stands for -hda
        self.unique = frozenset(shared["unique"])
        self.nameless = frozenset(shared["nameless"])
        self.values: dict[str, dict[str, list[str]]] = shared["known"]
        self.assumed: dict[str, list[tuple[list[str], list[str], list[str], int]]] = shared["assumed"]
        self._assumed: dict[str, list[Assumed]] = {}
        self._judged: dict[str, frozenset[str] | None] = {}
        self._understood: dict[str, Reads] = {}
        self._sources: dict[int, Sources] = {}  # by identity: rules stay as long as we do
        self.reads: dict[str, list[Any]] = shared["reads"]
        self.absent = dict.fromkeys(shared["foreign"], "foreign-command-option")
        self.absent.update(dict.fromkeys(shared["gone"], "no-such-command-option"))
        self.is_identifier = knowledge.is_identifier
        self.makers: dict[str, list[Way]] = {}
        for kind, ways in shared["backends"].items():
            for option, key, only in ways:
                self.makers.setdefault(option, []).append((kind, key, only))
        self.programs = tuple(name for name in shared["shorthands"] if not name.startswith("-"))
        self.known = frozenset((*_OWN, *self.absent, *self.ignored, *shared["shorthands"], *self.makers)).difference(
            self.programs
        )

    def assumed_by_host(self, name: str) -> list[Assumed]:
        """What the host decides of an option: keys (none: of all of it), values of which it does and does not, and the note."""
        found = self._assumed.get(name)
        if found is None:
            from qrules.configs.wildcards import Wildcards  # most questions have no such option

            found = self._assumed[name] = [
                (frozenset(keys), Wildcards(values) if values else None, Wildcards(unless) if unless else None, note)
                for keys, values, unless, note in self.assumed[name]
            ]
        return found

    def judged_by_value(self, name: str) -> frozenset[str] | None:
        """The keys of an option whose values say who looks at them, or what the host decides; None where all of it does."""
        if name not in self._judged:
            self._judged[name] = self._judging(name)
        return self._judged[name]

    def _judging(self, name: str) -> frozenset[str] | None:
        found = {key for key, _ in self.understood(name).said}
        for keys, values, unless, _ in self.assumed_by_host(name) if name in self.assumed else ():
            if values is not None or unless is not None:
                if not keys:
                    return None
                found |= keys
        return frozenset(found)

    def targets(self, name: str) -> set[str]:
        """The facts that a shorthand sets."""
        return {target for effects in self.shorthands[name].values() for what, target, *_ in effects if what == "machine"}

    def sources(self, values: list[list[Any]]) -> Sources:
        """What the values of a shorthand come from: those that are always asked for, and by member those that a member gives."""
        found = self._sources.get(id(values))
        if found is None:
            always, by_member = found = self._sources[id(values)] = ([], {})
            for place, (key, value) in enumerate(values):
                plain = isinstance(value, list) and not value[1].endswith(_PARTS)
                (by_member.setdefault(value[1], []) if plain else always).append((place, key, value))
        return found

    def understood(self, name: str) -> Reads:
        """What the rules read of an option."""
        found = self._understood.get(name)
        if found is None:
            found = self._understood[name] = self._read_of(name)
        return found

    def first(self, name: str) -> str:
        """The key of an option's first word; empty where such a word is a switch, as in ``-msg timestamp``."""
        ways = self.reads.get(name)
        return "" if ways and ways[0][0] == "keys" and not ways[0][2] else "value"

    def _read_of(self, name: str) -> Reads:
        keys = {key for _, key, _ in self.makers.get(name, ())} | set(self.values.get(name, ()))
        said: set[tuple[str, str]] = set()
        for meaning, effects in self.shorthands.get(name, {}).items():
            key, equals, value = meaning.partition("=")
            if meaning:
                said.add((key, value) if equals else ("value", key))
            for what, _, _, setting, values in effects:
                keys.update(found for found in map(_key, (setting, *(value for _, value in values))) if found)
                keys.update({"merges": ("*",), "processor": ("*", "value")}.get(what, ()))
        ways = self.reads.get(name, [])
        flat = any(way[0] in _FLAT and way[2] == ways[0][2] for way in ways)
        if ways and not flat:  # visited member by member: what no member takes is refused
            keys.update(("*", "value"))
        if "qom-type" in keys or "driver" in keys:
            keys.add("value")  # the first word, where its key is left out
        without = frozenset((*(key for way in ways for key in way[4]), *(way[2] for way in ways if way[2] != ways[0][2])))
        return Reads(name in self.verbatim and bool(keys), frozenset(keys), frozenset(said), without, flat)


def _key(setting: object) -> str:
    """The key that a shorthand's value stands under, without the half of it that is meant; empty for a constant."""
    if not isinstance(setting, list):
        return ""
    key, _, half = str(setting[1]).rpartition(".")
    return key if half in ("kind", "rest") else str(setting[1])
