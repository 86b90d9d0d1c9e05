"""What of an option is looked at: its keys that some rule reads, those of which the host alone decides, and the rest.

Which keys those are follows from what the other readers take of an option (`vocabulary`): meanings of shorthands, the keys that
name host resources, known values. Nothing here knows an option by name.
"""

from __future__ import annotations

from qrules.configs.options import in_json, read_pairs, where
from qrules.configs.options import members as members_of
from qrules.machine.request import Assumption, Unread, Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Any

    from qrules.configs.options import Option
    from qrules.configs.vocabulary import Vocabulary
    from qrules.knowledge.model import Knowledge

_MOST_FORMS = 4_096  # forms of options that are remembered
_MOST = 256  # parts of one option that are told; behind them all of it is


class Looked:
    """Takes note, option by option, of what nobody reads (`unread`) and of what the host alone decides (`assumed`)."""

    def __init__(self, words: Vocabulary, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.unread: list[Unread] = []
        self.assumed: list[Assumption] = []
        self._words = words

    def take(self, option: Option, name: str, own: bool = False) -> None:
        """One option that the emulator has; of those that are the reader's `own` all keys are read."""
        if not option.has_argument:
            for _, _, _, note in self._words.assumed.get(name, ()):
                self.assumed.append(Assumption(note, "", where(option)))
            return
        form = None if own else self._form(option, name)
        if form is None:
            self._look(option, name, own)
            return
        whole = self._knowledge.kept("options looked at whole", lambda _: set[tuple[object, ...]]())
        if form not in whole:
            told = len(self.unread) + len(self.assumed)
            self._look(option, name, own)
            if len(self.unread) + len(self.assumed) == told:
                if len(whole) >= _MOST_FORMS:
                    whole.clear()
                whole.add(form)

    def _form(self, option: Option, name: str) -> tuple[Any, ...] | None:
        """The form of an option, where all options of it are looked at alike; None where that is not known."""
        ways = self._words.reads.get(name)
        if ways is None:
            return None
        from qrules.configs.grammar import Forms

        forms = self._knowledge.kept("forms of options", Forms)
        form = forms.of(option, ways)
        judged = self._words.judged_by_value(name) if form is not None else None
        return form if judged is not None and judged.isdisjoint(forms.blanks(option)) else None

    def _look(self, option: Option, name: str, own: bool) -> None:
        reads = self._words.understood(name)
        if reads.whole or own:
            if name in self._words.assumed and (reads.whole or "," in option.argument):
                self._decided(option, name, {"value": option.argument} if reads.whole else members_of(option, "value"))
            return
        members = members_of(option, self._words.first(name)) if reads.keys or reads.flat or name in self._words.assumed else {}
        decided = self._decided(option, name, members) if name in self._words.assumed else ()
        if "" in decided:
            return
        typed = self._typed(name) if reads.flat else ()
        if not reads.keys and not decided and not typed:
            self.unread.append(Unread("-" + option.name, option.argument, where(option)))
            return
        told = "id" if name in self._words.unique or name in self._words.nameless else ""
        left = [k for k, value in _flat(members) if not (k == told or k in decided or k in typed or reads.takes(k, value))]
        if left:
            self.unread += self._places(option, members, left, self._words.first(name))

    def _typed(self, name: str) -> Collection[str]:
        """The flat keys of which the schema says more than that they are texts, and all of which the rules do."""
        typed = self._knowledge.kept("typed keys", lambda _: dict[str, frozenset[str]]())
        if name not in typed:
            record = self._knowledge.option(name)
            found = {m.name for m in record.members if not m.shape or m.type != "string"} if record is not None else set()
            own = [self._knowledge.keys(way[6]) for way in self._words.reads.get(name, ()) if way[6] is not None]
            typed[name] = frozenset(found.union(m.name for record in own for m in record.members))
        return typed[name]

    def decided(self, option: Option, name: str) -> None:
        """Takes note of what the host decides of words that are no option, such as the program's name."""
        if name in self._words.assumed:
            self._decided(option, name, {})

    def skip(self, option: Option) -> None:
        """Takes note of an option that is understood and has no effect here."""
        self.unread.append(Unread("-" + option.name, option.argument, where(option)))

    def _decided(self, option: Option, name: str, members: dict[str, Any]) -> set[str]:
        """The keys of which the host decides; "" where it decides of all of the option."""
        found: set[str] = set()
        flat = [(key, key.rpartition(".")[2], value) for key, value in _flat(members)]
        for keys, values, unless, note in self._words.assumed_by_host(name):
            said = [(key, value) for key, last, value in flat if key in keys or last in keys] if keys else [("", option.argument)]
            for key, value in said:
                text = str(value)
                if (values is None or values.takes(text)) and not (unless is not None and unless.takes(text)):
                    found.add(key)
                    self.assumed.append(Assumption(note, text, where(option)))
        return found

    @staticmethod
    def _places(option: Option, members: dict[str, Any], left: list[str], first: str) -> Iterator[Unread]:
        told = "-" + option.name
        if len(left) > _MOST or any(key not in members for key in left):  # something inside of JSON has no place of its own
            for key in left[:_MOST]:
                yield Unread(told, key, where(option))
            return
        missing = set(left)
        for pair in read_pairs(option, first):
            if pair.key in missing:
                place: Where = where(option, pair)
                whole = option.place is not None or in_json(option)
                written = pair.key if whole else option.argument[pair.start : pair.end]
                yield Unread(told, written, place)


def _flat(members: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """All keys with their values; those of objects inside stand behind a dot."""
    return _nested(members, "") if dict in map(type, members.values()) else members.items()


def _nested(members: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in members.items():
        if isinstance(value, dict):
            yield from _nested(value, f"{above}{key}.")
        else:
            yield above + key, value
