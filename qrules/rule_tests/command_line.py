"""The first line of a test, and its settings, as the emulator's own options: the rules' shorthands read backwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qrules.configs.options import WITHOUT_ARGUMENT
from qrules.knowledge.model import Knowledge
from qrules.language import tree
from qrules.machine.frames import shown
from qrules.qemu import process


class CannotBeAsked(Exception):
    """No option that the rules know says what the test sets; its text tells which setting that is."""


def command_line(knowledge: Knowledge, test: tree.Test) -> list[str]:
    """All words before the first device. Raises `CannotBeAsked`."""
    facts = _facts(knowledge, test.machine.text)
    machine = [test.machine.text, *(f"{name}={value}" for name, value in test.options if name not in facts)]
    words = ["-M", ",".join(machine), *(["-nodefaults"] if test.nodefaults else [])]
    words += _together(_fact(knowledge, name, value) for name, value in test.options if name in facts)
    for role in test.without:
        words += _option(knowledge, f"without {role.text}", ["silences", role.text])
    for role, kind in test.roles:
        wanted = ["role", role.text, kind.text] if kind is not None else ["opens", role.text]
        words += _option(knowledge, f"with {role.text}", wanted)
    for kind, names in test.backends:
        for name in names:
            words += _backend(knowledge, kind.text, name)
    return [*words, *test.words]


def _facts(knowledge: Knowledge, machine: str) -> set[str]:
    """The names that are facts of a machine, said by other options than its own."""
    found = knowledge.machine(machine)
    if found is None or found.family is None:
        return set()
    described = [knowledge.family(found.family), *(knowledge.shared["kinds"].get(kind, {}) for kind in found.line)]
    return {name for of in described for name in of.get("facts", ())}


def _effects(knowledge: Knowledge) -> Iterator[tuple[str, str, list[Any]]]:
    for option, meanings in knowledge.shared["shorthands"].items():
        if not option.startswith("-"):  # what a program's name means
            continue
        for argument, effects in meanings.items():
            for effect in effects:
                yield option, argument, effect


def _option(knowledge: Knowledge, setting: str, wanted: list[str]) -> list[str]:
    """The option that has an effect on a role."""
    for option, argument, (what, target, names, *_) in _effects(knowledge):
        said = [[what, target, *names]] if target else [[what, name] for name in names]
        if argument and wanted in said:
            return [option, argument]
    raise CannotBeAsked(f"no option says '{setting}'")


def _fact(knowledge: Knowledge, name: str, value: str) -> list[str]:
    for option, argument, (what, target, _, setting, _) in _effects(knowledge):
        if what not in ("machine", "processor") or target != name:
            continue
        if what == "processor":
            words = [option, value]
        elif isinstance(setting, list):
            words = [option, value if setting[1] == "value" else f"{setting[1]}={value}"]
        elif shown(setting) == value and (argument or option.lstrip("-") in WITHOUT_ARGUMENT):
            words = [option, *([argument] if argument else [])]
        else:
            continue
        if process.contained(words) == words:  # some are ours to say: every emulator is started contained
            return words
    raise CannotBeAsked(f"no option says '{name}={value}'")


def _together(options: Iterator[list[str]]) -> list[str]:
    """Options of one name as one option: a second ``-m`` would not add to the first."""
    found: dict[str, list[str]] = {}
    for option, *arguments in options:
        found.setdefault(option, []).extend(arguments)
    return [word for option, arguments in found.items() for word in (option, *([",".join(arguments)] if arguments else []))]


def _backend(knowledge: Knowledge, kind: str, name: str) -> list[str]:
    samples: dict[str, list[str]] = knowledge.shared["samples"]
    if kind not in samples:
        raise CannotBeAsked(f"the rules have no sample of a {kind}")
    option, argument = samples[kind]
    return [option, argument.replace("{id}", name)]
