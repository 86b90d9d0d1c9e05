"""The commands that the QMP server knows, with their arguments as QEMU's schema has them. ``x-`` are ours alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from qrules.explain.describing import properties_of
from qrules.records import NamedTuple
from qrules.serve.questions import Questions, Unanswerable
from qrules.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS: dict[str, tuple[type, str]] = {
    "str": (str, "string"),
    "bool": (bool, "boolean"),
    "list": (list, "array"),
    "any": (object, "any"),
}
_QUESTION = {"libvirt-xml": "str?", "libvirt": "str?", "attach": "any?", "arch": "str?", "qemu": "str?", "profile": "any?"}


class Failed(Exception):
    """What the answer to a command is, where there is none: the class and the words of a QMP error."""

    def __init__(self, text: str, kind: str = "GenericError") -> None:
        super().__init__(text)
        self.kind, self.text = kind, text


class Command(NamedTuple):
    """What answers a command, and its arguments: a type each, with ``?`` behind it where it may be left out."""

    run: Callable[[dict[str, Any]], Any]
    arguments: Mapping[str, str] = {}


class Commands:
    """The commands of a server. `served` is the command line that questions without one are about; None: there is none."""

    def __init__(self, questions: Questions, served: Sequence[str] | None = None) -> None:
        self._questions, self._served = questions, list(served) if served is not None else None
        config = {"argv": "list" if served is None else "list?", "arch": "str?", "qemu": "str?"}
        self.known: dict[str, Command] = {
            "query-version": Command(lambda _: self.version()),
            "query-target": Command(lambda _: {"arch": questions.knowledge.arch}),
            "query-commands": Command(lambda _: [{"name": name} for name in self.known]),
            "query-machines": Command(lambda _: questions.machines()),
            "query-device-slots": Command(lambda given: questions.slots(self._with_config(given)), config),
            "qom-list-types": Command(self._types, {"implements": "str?", "abstract": "bool?"}),
            "device-list-properties": Command(self._properties, {"typename": "str"}),
            "x-qrules-check": Command(self._check, {"argv": "list?", "hotplug": "any?", **_QUESTION}),
            "x-qrules-why": Command(lambda given: questions.why(self._with_config(given)), {"device": "any", **config}),
            "x-qrules-place": Command(lambda given: questions.place(self._with_config(given)), config),
            "x-qrules-explain": Command(lambda given: questions.explain(given["message"]), {"message": "str"}),
        }

    def execute(self, name: object, arguments: object) -> Any:
        """The value that a command returns. Raises `Failed`, in QEMU's own words where QEMU has such an error."""
        command = self.known.get(name) if isinstance(name, str) else None
        if command is None:
            raise Failed(f"The command {name} has not been found", "CommandNotFound")
        if not isinstance(arguments, dict):
            raise Failed("QMP input member 'arguments' must be an object")
        _fitting(command.arguments, arguments)
        try:
            return command.run(arguments)
        except Unanswerable as error:
            raise Failed(error.text) from error

    def version(self) -> dict[str, Any]:
        """The version of the emulator that the rules are about, and ours as its package."""
        numbers = [int(part) if part.isdecimal() else 0 for part in self._questions.knowledge.version.split(".")]
        major, minor, micro = (*numbers, 0, 0, 0)[:3]
        return {"qemu": {"major": major, "minor": minor, "micro": micro}, "package": f"qrules {__version__}: no emulator runs"}

    def _with_config(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"argv": self._served, **given}

    def _check(self, given: dict[str, Any]) -> Any:
        if "argv" not in given and "libvirt-xml" not in given:
            if self._served is None:
                raise Failed("Parameter 'argv' is missing")
            given = {**given, "argv": self._served}
        answer = dict(self._questions.check(json.dumps(given).encode()))
        answer.pop("id", None)
        return answer

    def _types(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The device types of the catalogue; what else there is of the type system it does not have."""
        facts: dict[str, Any] = self._questions.knowledge.shared["types"]
        wanted, abstract = given.get("implements"), given.get("abstract", False)
        found: list[dict[str, Any]] = []
        for name, (status, _, kinds, _) in facts.items():
            if (wanted is None or wanted in kinds) and (abstract or status != "abstract"):
                found.append({"name": name, **({"abstract": True} if status == "abstract" else {})})
        return found

    def _properties(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        knowledge = self._questions.knowledge
        facts = knowledge.type_facts(knowledge.real_name(given["typename"]))
        if facts is None:
            raise Failed(f"Device '{given['typename']}' not found", "DeviceNotFound")
        if facts[0] == "abstract":
            raise Failed("Parameter 'typename' expects a non-abstract device type")
        return [
            {"name": one.name, "type": one.type, **({"default-value": one.default} if one.default is not None else {})}
            for one in properties_of(knowledge, tuple(facts[2]))
        ]


def _fitting(known: Mapping[str, str], arguments: Mapping[str, Any]) -> None:
    """Raises `Failed` for arguments that are too few, too many or of another type (qemu:qapi/qobject-input-visitor.c)."""
    for name, kind in known.items():
        if name not in arguments:
            if not kind.endswith("?"):
                raise Failed(f"Parameter '{name}' is missing")
            continue
        expected, told = _KINDS[kind.rstrip("?")]
        if not isinstance(arguments[name], expected):
            raise Failed(f"Invalid parameter type for '{name}', expected: {told}")
    for name in arguments:
        if name not in known:
            raise Failed(f"Parameter '{name}' is unexpected")
