"""Options of the machine: values of -machine, and what other options say of it, typed by the rules' domains."""

from __future__ import annotations

from qrules.knowledge.model import MachineFacts
from qrules.linked.domains import Wrong, read
from qrules.linked.kinds import Family
from qrules.machine.frames import new_frame
from qrules.machine.refusals import Refusal
from qrules.plugging.plug import Plugger
from qrules.plugging.properties import in_turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def read_options(plugger: Plugger, family: Family, facts: MachineFacts) -> list[Refusal]:
    """Types the options of -machine, and what other options say of the machine, into the machine's values."""
    refusals: list[tuple[str, Refusal]] = []
    machine = plugger.state.machine
    given = machine.request
    gap = _gap(given.options)
    if gap is not None:
        refused = plugger.refuse("malformed-member", None, property=gap, element="gap", path="pairs", kind="machine")
        refusals += [("", refusal._replace(phase="options")) for refusal in refused.refusals]
    for name, value in (*given.facts.items(), *given.options.items()):
        if name in family.facts and name in given.options:
            found: Any = _no_such_option(plugger, facts, name, value)
        else:
            found = _option(plugger, family, facts, name, value)
        if isinstance(found, Refusal):
            refusals.append((name.partition(".")[0] if name not in family.facts else "", found))
        else:
            machine.values[name] = found
    told = [refusal for name, refusal in refusals if not name]
    return told + in_turn([(name, refusal) for name, refusal in refusals if name])


def _gap(names: Iterable[str]) -> str | None:
    """The first element that a list lacks: members that are numbered are a list (qemu:util/keyval.c "keyval_listify")."""
    lists: dict[str, set[int]] = {}
    for name in names:
        steps = name.split(".") if "." in name else ()
        for at, step in enumerate(steps[:9]):
            if at and step.isascii() and step.isdigit() and len(step) < 10:
                lists.setdefault(".".join(steps[:at]), set()).add(int(step))
    for path, found in lists.items():
        for number in range(len(found)):
            if number not in found:
                return f"{path}.{number}"
    return None


def _option(plugger: Plugger, family: Family, facts: MachineFacts, name: str, value: object) -> Any:
    knowledge, state, machine = plugger.knowledge, plugger.state, plugger.state.machine
    clause = family.option(name)
    fact = None if name in family.facts or "." in name else knowledge.catalogued(facts.line, name)
    listed = any(kind in knowledge.piece("properties") for kind in facts.line)  # else the rules alone know options
    member = "." in name and knowledge.catalogued(facts.line, name.partition(".")[0]) is not None  # no catalogue lists these
    described = clause is not None and (name in family.facts or not listed or member)
    if fact is None and not described:
        return _no_such_option(plugger, facts, name, value)
    domain, note = (clause.domain, clause.note) if clause else (["named", fact[0]] if fact else [], None)
    typed = read(value, domain, note, family, new_frame(state, machine))
    if not isinstance(typed, Wrong):
        return typed
    bad = new_frame(state, machine, None, text=value, property=name, low=typed.low, high=typed.high)
    return Refusal(typed.name or name, typed.note, typed.occasion, bad, phase="options")


def _no_such_option(plugger: Plugger, facts: MachineFacts, name: str, value: object) -> Refusal:
    """A name that is no option: of ``a.b`` it may be ``b`` that the option ``a`` does not have."""
    structured, dot, _ = name.partition(".")
    known = dot and plugger.knowledge.catalogued(facts.line, structured) is not None
    told = name if known or not dot else structured
    refused = plugger.refuse("no-such-member" if known else "no-such-option", None, property=told, name=facts.name, text=value)
    return refused.refusals[0]._replace(phase="options")
