"""Which of the rules that say such a thing are meant: by the option that it is said of, and by the property that it names."""

from __future__ import annotations

from qrules.explain.nearby import with_near
from qrules.knowledge.model import Knowledge
from qrules.machine.entities import Machine
from qrules.machine.frames import CONTEXT, new_frame
from qrules.machine.refusals import Refusal
from qrules.machine.request import Request
from qrules.machine.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OF = {  # what the engine itself says of one option alone
    **dict.fromkeys(("unreadable-config", "malformed-config"), ("-readconfig",)),
    **dict.fromkeys(("no-such-global", "bad-global", "address-for-all", "incomplete-global"), ("-global",)),
    **dict.fromkeys(("malformed-set", "no-such-option-id"), ("-set",)),
}


_HERE = ("no-such-type", "no-such-machine")  # what is there after all has been said by another build


class Scope:
    """What notes are about, of the rules of one target."""

    def __init__(self, knowledge: Knowledge, told: dict[str, Any]) -> None:
        self._knowledge, self._told = knowledge, told
        self._domains = {note: name for name, (_, note) in knowledge.shared["domains"].items()}

    def allows(self, note: int, option: str) -> bool:
        """Whether a note may be said of an option; where the message names none, any may."""
        of = self._told[str(note)].get("of") or _OF.get(self._knowledge.note(note).name, ())
        return not (option and of) or option in of

    def names(self, note: int, option: str) -> bool:
        """Whether a note is said of this very option."""
        return bool(option) and option in (self._told[str(note)].get("of") or ())

    def is_there(self, note: int, values: dict[str, str]) -> bool:
        """Whether a note says that there is no such type or machine, of one that is in this very catalogue."""
        rule, name = self._knowledge.note(note).name, values.get("name") or values.get("driver", "")
        if rule == "no-such-type":
            return bool(self._knowledge.line_of(name))
        return rule == "no-such-machine" and self._knowledge.machine(name) is not None

    def of_property(self, values: dict[str, str]) -> frozenset[str]:
        """The domains of the property that a message names, where its type is known; none where that is not known."""
        name = values.get("property", "")
        kinds = self._knowledge.shared["kinds"]
        for key in ("driver", "name", "kind", "type"):
            line = self._knowledge.line_of(values.get(key, ""))
            if line and name:
                fact = self._knowledge.catalogued(tuple(line), name)
                said = [kinds[k]["properties"][name][0] for k in line if name in kinds.get(k, {}).get("properties", {})]
                return frozenset(word for form, word, *_ in (["named", fact[0]] if fact else ["", ""], *said) if form == "named")
        return frozenset()

    def of_value(self, note: int, own: frozenset[str]) -> bool:
        """Whether a note is about values of these domains, or of none; where no domains are known, it may be."""
        return not own or self._domains.get(note) in (None, *own)


def named(knowledge: Knowledge, rule: str, note: int, values: dict[str, str]) -> dict[str, str]:
    """Of a name that there is not what is near and where it is at home, as a refusal's words tell it."""
    stub = Machine(values.get("machine", ""), "", knowledge.version, knowledge.arch, None, Request(""), {})
    frame = new_frame(State(stub, frozenset()), None)
    for name in ("name", "property", "element"):
        frame[CONTEXT[name]] = values.get(name)
    if "type" in values and frame[CONTEXT["name"]] is None:
        frame[CONTEXT["name"]] = values["type"]
    found = with_near(knowledge, Refusal(rule, note, "says", frame), Request("")).frame
    said = {"machine.qemu": knowledge.version, "machine.arch": knowledge.arch}
    if found[CONTEXT["homes"]] is None and rule not in _HERE:
        name = str(frame[CONTEXT["name"]])
        at = knowledge.homes("types", name) or knowledge.homes("machines", name)
        found[CONTEXT["homes"]] = " and ".join(dict.fromkeys(f"QEMU {version}" for version, _ in at)) or None
    return {**said, **{name: str(found[CONTEXT[name]]) for name in ("near", "homes") if found[CONTEXT[name]] is not None}}
