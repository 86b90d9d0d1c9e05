"""Questions as objects of JSON, and their answers: what all servers have in common. No file of the host is opened for any."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from qrules.configs.lines import MAX_LINE, Unreadable, read_line
from qrules.diagnostics import Unusable
from qrules.domains.stream import MARK, DomainStream
from qrules.explain.bulk import Bulk
from qrules.explain.messages import Phrases, explain
from qrules.explain.verdicts import nothing_stands
from qrules.explain.why import known_type, why
from qrules.knowledge.model import Knowledge
from qrules.machine.budget import Question
from qrules.machine.request import Request
from qrules.place.policies import place
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.report import domains_json, machines, placing
from qrules.report import json as shapes
from qrules.rulesets.store import Store, open_store
from qrules.serve.slots import device_slots

if TYPE_CHECKING:
    from qrules.configs.lines import Line
    from qrules.machine.state import State

Found = TypeVar("Found")
MOST_MESSAGE = 64 * 1024  # characters of a message of the emulator


class Unanswerable(Exception):
    """A question that can't be read, or that nobody can answer. `text` says what is wrong, in a whole sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Rules(NamedTuple):
    """Whose rules answer: `arch`, `qemu` and `libvirt` hold for questions that do not say."""

    store: Store
    arch: str | None = None
    qemu: str | None = None
    libvirt: str | None = None
    profiles: tuple[str, ...] = ()


class Questions:
    """Answers, one at a time, to whichever thread asks. Each has the budget of steps of `qrules.machine.budget`."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._bulk = Bulk(rules.store, rules.arch, rules.qemu, rules.profiles)
        self._domains = DomainStream(rules.store, rules.libvirt, rules.qemu, rules.profiles)
        self._lock = Lock()

    @property
    def knowledge(self) -> Knowledge:
        """What the rules know of the version and architecture that holds for questions that do not say."""
        return self._bulk.board(self._line({"argv": []})).knowledge

    def check(self, raw: bytes) -> Mapping[str, Any]:
        """The verdict on a line of ``check --jsonl``, as that prints it. Never raises for what stands in it."""
        with self._lock:
            if MARK in raw:
                return domains_json.line(self._domains.answer(raw))
            return shapes.answer(self._bulk.answer(raw))

    def why(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        """Why the device under ``device`` plugs into the machine of ``argv`` or not. Raises `Unanswerable`."""

        def asked(board: Board, request: Request, line: Line) -> Mapping[str, Any]:
            if len(line.hotplug) != 1:
                raise Unanswerable('The question names no device; expected: one under \'device\', such as {"driver": "e1000"}.')
            device = line.hotplug[0]._replace(json=False)
            driver = board.knowledge.real_name(device.driver)
            known_type(board.knowledge, driver)
            store, known = self.rules.store, board.knowledge
            older = store.older(store.resolve(known.version, known.arch))
            wanted = request._replace(devices=(*request.devices, device))
            return shapes.why(why(board, wanted, store.versions_with(known.arch, driver), older))

        given = {key: value for key, value in members.items() if key != "device"}
        return self._about(given | {"hotplug": members.get("device")}, asked)

    def place(self, members: Mapping[str, Any]) -> Mapping[str, Any]:
        """Places for all devices of a config, as ``place --json`` prints it. Raises `Unanswerable`."""

        def asked(board: Board, request: Request, line: Line) -> Mapping[str, Any]:
            return placing.as_json(place(board, request, words=line.argv), request, line.argv)

        return self._about(members, asked)

    def explain(self, message: object) -> Mapping[str, Any]:
        """What a message of the emulator means, as ``explain --json`` prints it. Raises `Unanswerable`."""
        if not isinstance(message, str) or not message.strip() or len(message) > MOST_MESSAGE:
            raise Unanswerable(f"The message is no text of 1 to {MOST_MESSAGE:,} characters.")
        with self._lock:
            return shapes.explained(explain(iter(self._phrases()), message))

    def _phrases(self) -> list[Phrases]:
        """The sentences of the emulator, and those of libvirt beside the shipped rules."""
        found = [Phrases(self.knowledge)]
        if self.rules.store.root is None:
            documents = open_store("libvirt")
            found.append(Phrases(documents.knowledge(documents.resolve(self.rules.libvirt, None))))
        return found

    def machines(self) -> list[dict[str, Any]]:
        """All machines in the shape of QMP's query-machines."""
        with self._lock:
            return machines.queried(self._bulk.board(self._line({"argv": []})))

    def slots(self, members: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The places of a config, free and held. Raises `Unanswerable`."""

        def asked(board: Board, request: Request, line: Line) -> list[dict[str, Any]]:
            return device_slots(board, _standing(board, request))

        return self._about(members, asked)

    def _about(self, members: Mapping[str, Any], asked: Callable[[Board, Request, Line], Found]) -> Found:
        """An answer about the config of a question. Raises `Unanswerable` where that can't be read, or is too large."""
        from qrules.configs import argv

        with self._lock:
            try:
                line = self._line(members)
                board = self._bulk.board(line)
                with Question():
                    return asked(board, argv.read(line.argv, board.knowledge), line)
            except Unreadable as error:
                raise Unanswerable(f"{error}.") from error
            except Unusable as error:
                told = error.diagnostics[0]
                more = f"; expected: {told.expected}" if told.expected else f"; {told.hint}" if told.hint else ""
                raise Unanswerable(f"{told.message}{more} ({told.code}).") from error

    @staticmethod
    def _line(members: Mapping[str, Any]) -> Line:
        raw = json.dumps({key: value for key, value in members.items() if value is not None}).encode()
        if len(raw) > MAX_LINE:
            raise Unreadable(f"more than {MAX_LINE // 1024 // 1024} MiB in one question")
        return read_line(raw)


def _standing(board: Board, request: Request) -> State:
    """What stands once all devices of a config are plugged that can be."""
    facts = board.knowledge.machine(request.machine)
    if facts is None or facts.family is None:
        return nothing_stands(board.knowledge, request)
    return board.run(facts, request, judged=False).state
