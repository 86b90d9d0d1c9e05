"""What is asked of the machine's processors: properties behind their model, which are values for all of their type.

QEMU reads them before the board is made (qemu:hw/core/cpu-common.c "parse_cpu_option") and sets them when it makes the first
processor. Other types of which it makes one before any part of the board are looked at here, too.
"""

from __future__ import annotations

from qrules.machine.entities import Device
from qrules.machine.refusals import Refusal
from qrules.machine.request import Global, Processor
from qrules.plugging.plug import Plugger

_MADE = "address"  # the phase of what makes a processor impossible on any board, whoever asks for it


def features(plugger: Plugger) -> list[Refusal]:
    """Adds what is said of processors to the machine's values for all devices of a type. Gives what can't be read."""
    machine = plugger.state.machine
    asked: Processor | None = machine.request.processor
    if asked is None or not asked.features:
        return []
    model = _type(plugger)
    found: list[Refusal] = []
    said: list[Global] = []
    loose = machine.get("features-as-words", plugger.state)
    if model is None and (loose or machine.get("cpu-suffix", plugger.state)):  # then the model is what is wrong
        return []
    for feature in asked.features:
        name, equals, value = feature.partition("=")
        if loose:
            name = name.replace("_", "-")
        if loose and feature[0] in "+-":
            said.append(Global(model or "", feature[1:].replace("_", "-"), feature[0] == "+", asked.where))
        elif model is None and equals:
            continue
        elif equals or loose:
            said.append(Global(model or "", name, value if equals else "on", asked.where))
        else:
            refused = plugger.refuse("feature-without-value", None, name=feature)
            found += [r._replace(where=asked.where, phase="type") for r in refused.refusals]
    machine.request = machine.request._replace(globals=(*machine.request.globals, *said))
    machine.fitting = {}
    return found


def _type(plugger: Plugger) -> str | None:
    """The type of the machine's processors; None where it is not known."""
    machine = plugger.state.machine
    asked: Processor | None = machine.request.processor
    if asked is None:
        return machine.values.get("default-cpu-type")
    models = plugger.knowledge.models()
    found = models.get(asked.model) or next((m for name, m in models.items() if name.lower() == asked.model.lower()), None)
    return found.type if found is not None else None


def first(plugger: Plugger) -> list[Refusal]:
    """What is wrong with values for all devices of the types that the machine has before its board is made."""
    names = plugger.state.machine.get("makes-first", plugger.state) if plugger.state.machine.request.globals else ()
    return [refusal for name in names or () for refusal in _tried(plugger, name)]


def made(plugger: Plugger) -> list[Refusal]:
    """What is wrong with values for the machine's processors."""
    state = plugger.state
    if not state.machine.request.globals and state.machine.request.processor is None:
        return []
    name = _type(plugger)
    kind = plugger.kinds.type(name) if name is not None else None
    if kind is None:
        return []
    stand_in = Device(-1, kind)
    return plugger.properties.tried(stand_in) + plugger.checker.judged(kind.checks.get(_MADE, ()), stand_in, _MADE)


def _tried(plugger: Plugger, name: str | None) -> list[Refusal]:
    kind = plugger.kinds.type(name) if name is not None else None
    return plugger.properties.tried(Device(-1, kind)) if kind is not None else []
