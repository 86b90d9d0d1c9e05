"""What options mean for the machine, by the rules (``shorthand`` statements): facts, default devices, wishes, devices."""

from __future__ import annotations

from qrules.configs.options import members as members_of
from qrules.configs.options import unpaired, where
from qrules.machine.request import DeviceRequest, Misread, Processor, Wish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.configs.options import Option
    from qrules.configs.vocabulary import Source, Vocabulary
    from qrules.machine.request import Where


class Shorthands:
    """Takes note of what options mean, one by one; the fields are those of a `Request`.

    `silenced` also has roles that another option opens. `options` and `devices` take what -machine and -device say, too:
    of what is said twice the last counts, whichever option says it.
    """

    def __init__(self, words: Vocabulary) -> None:
        self.options: dict[str, object] = {}
        self.facts: dict[str, object] = {}
        self.where: dict[str, Where] = {}  # of facts
        self.devices: list[DeviceRequest] = []
        self.silenced: dict[str, str] = {}
        self.opened: dict[str, str | None] = {}
        self.wishes: list[Wish] = []
        self.asked: list[Wish] = []
        self.unmodelled: list[str] = []
        self.misread: list[Misread] = []
        self.processor: Processor | None = None
        self._words = words

    def take(self, option: Option, name: str, known: bool = False) -> bool:
        """Whether the rules tell the meaning of this option. Other arguments of a `known` option mean nothing more."""
        meanings = self._words.shorthands.get(name)
        if meanings is None:
            return False
        members = members_of(option, self._words.first(name)) if option.has_argument else {}
        if name in self._words.verbatim:
            members = {"value": option.argument}
        value = str(members.get("value", ""))
        effects = meanings.get(value) if value in meanings else meanings.get("")
        added = [effect for said in _sayings(members) for effect in meanings.get(said, ())] if len(meanings) > 1 else []
        if added:
            effects = [*(effects or ()), *added]
        if effects is None and known:
            return False
        if effects is None:
            self.unmodelled.append(f"what {name} {option.argument} brings is not modelled")
            return True
        for what, target, names, setting, values in effects:
            self._effect(option, what, target, names, setting, values, members)
        return True

    def _effect(
        self,
        option: Option,
        what: str,
        target: str,
        names: list[str],
        setting: Any,
        values: list[list[Any]],
        members: dict[str, Any],
    ) -> None:
        if what == "machine":
            resolved = _setting(setting, members)
            if resolved is not None:
                self.facts[target] = resolved
                self.options.pop(target, None)  # of an option that stands twice the last one counts
                self.where[target] = where(option)
        elif what == "merges":
            self.misread.extend(unpaired(option))
            for key in members:
                if key != "value":
                    self._effect(option, "machine", f"{target}.{key}", [], ["key", key], [], members)
        elif what == "processor":
            self._processor(option, target)
        elif what == "silences":
            if option.place is not None:  # what a file of -readconfig says is taken in without a look at the defaults
                return
            for role in names:
                self.opened.pop(role, None)  # of two options the last one counts
            self.silenced.update(dict.fromkeys(names, f"-{option.name} {option.argument}".strip()))
        elif what == "opens":
            self.opened.update({role: self.opened.get(role) for role in names})
        elif what == "role":
            self.opened[target] = names[0]
        elif what in ("wish", "asks"):
            wanted: dict[str, object] = {}
            for key, found in self._said(values, members):
                wanted.setdefault(key, found)
            (self.wishes if what == "wish" else self.asked).append(Wish(names[0], wanted, where(option)))
        elif what == "device":
            given = dict(self._said(values, members))
            identity, bus = given.pop("id", None), given.pop("bus", None)
            self.devices.append(DeviceRequest(names[0], identity, bus, given, False, where(option)))
        else:
            self.unmodelled.append(str(setting))

    def _said(self, values: list[list[Any]], members: dict[str, Any]) -> list[tuple[str, Any]]:
        """What an option says of a thing, key by key in the order of the rules, which know dozens: two or three are written."""
        always, by_member = self._words.sources(values)
        sources = [*always, *(one for member in members for one in by_member.get(member, ()))]
        sources.sort(key=_place)
        return [(key, found) for _, key, value in sources if (found := _setting(value, members)) is not None]

    def _processor(self, option: Option, fact: str) -> None:
        """A model, and behind it what is said of it."""
        model, *features = option.argument.split(",")
        self.facts[fact], self.where[fact] = model, where(option)
        self.processor = Processor(model, tuple(feature for feature in features if feature), where(option))


def _place(source: Source) -> int:
    return source[0]


def _setting(value: Any, members: dict[str, Any]) -> Any:
    """A shorthand's value: a constant, or what the user wrote under a key of the option."""
    if not isinstance(value, list):
        return value
    if value[1] in members:
        return members[value[1]]
    key, _, half = value[1].partition(".")
    if half not in ("kind", "rest"):
        return None
    kind, colon, rest = str(members.get(key, "")).partition(":")
    if kind.startswith("/"):
        return "" if half == "kind" else str(members[key])
    return kind if half == "kind" else rest if colon else None


def _sayings(members: dict[str, Any]) -> list[str]:
    """The pairs of an option as rules write them."""
    return [f"{key}={value}" for key, value in members.items()]
