"""What would make a refused config start: edits of the user's own config, each tried on the rules before it is shown.

Costs are the rules' (attributes of the machine): ``repair-move``, ``repair-reorder``, ``repair-option``, ``repair-model``,
``repair-machine``, ``repair-drop``; an added controller costs what its type says. ``serves-as`` names what a type is good
for: another type of the same is another model.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from qrules.configs.rewriting import as_written
from qrules.explain.verdicts import Verdict, judge_outcome
from qrules.linked.domains import is_switch
from qrules.machine.request import DeviceRequest, Request
from qrules.place.answer import Nowhere, Placed
from qrules.place.fitting import without_place
from qrules.place.placing import place
from qrules.place.wants import Wants
from qrules.place.writing import pinned
from qrules.plugging.board import Board
from qrules.records import NamedTuple
from qrules.solve.answers import Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from qrules.machine.state import State

    _Blame: TypeAlias = set[tuple[str, tuple[int, ...]]]  # rules that refuse, each with the devices that it blames

_UNDECLARED = 10  # the cost of an edit where the rules declare none
_TRIED = 24  # edits that are tried before it is enough


class Edit(NamedTuple):
    """One change. `kind` is add, move, reorder, option, model, machine or drop; `device` a position in the config as asked."""

    kind: str
    device: int | None
    before: str
    after: str


class Repair(NamedTuple):
    """A config that the rules accept, and how it differs from the one that was asked. `argv` words follow from `request`.

    `cost` is the sum of what the rules declare for its edits and added controllers, 0 or more. `origin` gives for each device
    its position in the config as asked, None for an added one.
    """

    cost: int
    edits: tuple[Edit, ...]
    request: Request
    origin: tuple[int | None, ...]


def repairs(
    board: Board, request: Request, profiles: tuple[str, ...] = (), limit: int = 3, argv: Sequence[str] = ()
) -> list[Repair]:
    """The cheapest repairs, at most `limit`, each tried. Empty where the config is accepted, or nothing helps.

    `profiles` are those that are heeded (none: all). Nothing is raised for a config.

    With `argv`, the command line that the request was read from, edits keep the user's own words.
    """
    return _Search(board, request, profiles, argv).best(limit)


class _Search:
    def __init__(self, board: Board, request: Request, profiles: tuple[str, ...], argv: Sequence[str]) -> None:
        self.board, self.request, self.profiles, self.argv = board, request, profiles, argv
        self.wants = Wants(profiles=profiles)
        self.blame: _Blame = set()
        self.found: list[Repair] = []
        self.seen: set[str] = set()
        facts = board.knowledge.machine(request.machine)
        self.facts = facts if facts is not None and facts.family is not None else None
        self.state: State | None = (
            board.build_machine(facts, request)[0] if self.facts is not None and facts is not None else None
        )

    def cost(self, what: str) -> int:
        """The cost of an edit of a kind, as the rules have it."""
        said = self.state.machine.get(f"repair-{what}", self.state) if self.state is not None else None
        return said if isinstance(said, int) else _UNDECLARED

    def _text(self, device: DeviceRequest) -> str:
        return as_written(self.argv, device)

    def best(self, limit: int) -> list[Repair]:
        verdict, _ = judge_outcome(self.board, self.request, self.profiles)
        if verdict.verdict != "reject" or self.facts is None:
            return []
        self.blame = _blame(verdict)
        blamed = sorted({devices[0] for _, devices in self.blame if devices})
        placed = place(self.board, self.request, self.wants)
        self._keep_placed(placed, (), 0)
        if isinstance(placed, Nowhere):
            self._corrected(placed)
            blamed = sorted({s.device for s in placed.struck}) or blamed
        for edits, cost, changed in itertools.islice(self._edits(blamed), _TRIED):
            if len(self.found) >= limit and cost >= sorted(r.cost for r in self.found)[limit - 1]:
                break  # what follows is no cheaper
            self._attempt(edits, cost, changed)
        useful = sorted((r for r in self.found if not self._does_more(r)), key=lambda r: r.cost)
        dropping = [r for r in useful if any(e.kind == "drop" for e in r.edits)]
        return [r for r in useful if r not in dropping[1:]][:limit]  # of several that leave something out the cheapest

    def _attempt(self, edits: tuple[Edit, ...], cost: int, changed: Request) -> None:
        """Tries edits: the config as they leave it, then with all that may move placed anew, if they do help."""
        verdict, _ = judge_outcome(self.board, changed, self.profiles)
        dropped = {e.device for e in edits if e.kind == "drop"}
        standing = [i for i in range(len(self.request.devices)) if i not in dropped]
        if verdict.verdict in ("accept", "warn"):
            self._keep(edits, cost, changed, tuple(standing))
        elif changed.machine != self.request.machine or dropped or not self.blame <= _blame(verdict):
            self._keep_placed(place(self.board, changed, self.wants), edits, cost, standing)

    def _does_more(self, repair: Repair) -> bool:
        """Whether another repair needs only a part of its edits."""
        return any(set(other.edits) < set(repair.edits) for other in self.found)

    # ------------------------------------------------------------------------------ edits
    def _edits(self, blamed: list[int]) -> Iterator[tuple[tuple[Edit, ...], int, Request]]:
        """Changed configs to try, the cheap ones first."""
        tried = [*self._options(), *self._models(blamed), *self._machines(), *self._without(blamed)]
        yield from sorted(tried, key=lambda edit: edit[1])

    def _without(self, blamed: list[int]) -> Iterator[tuple[tuple[Edit, ...], int, Request]]:
        """What is blamed, left out: all of it."""
        if blamed:
            edits = tuple(Edit("drop", index, self._text(self.request.devices[index]), "") for index in blamed)
            devices = tuple(d for i, d in enumerate(self.request.devices) if i not in blamed)
            yield edits, len(edits) * self.cost("drop"), self.request._replace(devices=devices)

    def _options(self) -> Iterator[tuple[tuple[Edit, ...], int, Request]]:
        """Each switch of the machine that its parts or rules ask about, turned."""
        assert self.facts is not None
        assert self.state is not None
        family = self.board.family(self.facts)
        for name, clause in family.properties.items():
            if name in family.facts or not is_switch(clause.domain, self.board.knowledge):
                continue
            now = self.state.machine.get(name, self.state)
            value = "off" if now is True else "on"
            changed = self.request._replace(options={**self.request.options, name: value})
            yield (Edit("option", None, "", f"{name}={value}"),), self.cost("option"), changed

    def _models(self, blamed: list[int]) -> Iterator[tuple[tuple[Edit, ...], int, Request]]:
        """Other types that serve the same for what is blamed."""
        for index in blamed:
            device = self.request.devices[index]
            for name in serving_as(self.board, device.driver):
                kind = self.board.kinds.type(name)
                assert kind is not None
                kept = {key: value for key, value in device.properties.items() if kind.catalogued(key) is not None}
                written = DeviceRequest(name, device.id, None, kept, device.json, device.where)
                other = without_place(self.board.kinds, written)
                devices = (*self.request.devices[:index], other, *self.request.devices[index + 1 :])
                yield (Edit("model", index, device.driver, name),), self.cost("model"), self.request._replace(devices=devices)

    def _machines(self) -> Iterator[tuple[tuple[Edit, ...], int, Request]]:
        """Machines of other families, by their alias, with the options that they have too."""
        assert self.facts is not None
        for name in self.board.knowledge.machine_names():
            other = self.board.knowledge.machine(name)
            if other is None or other.family in (None, self.facts.family) or not other.aliases:
                continue
            options = {
                k: v for k, v in self.request.options.items() if self.board.knowledge.catalogued(other.line, k) is not None
            }
            changed = self.request._replace(machine=name, options=options)
            yield (Edit("machine", None, self.request.machine, other.aliases[0]),), self.cost("machine"), changed

    def _corrected(self, nowhere: Nowhere) -> None:
        """What the solver says would have to be given up."""
        for correction in nowhere.found.corrections if nowhere.found is not None else ():
            devices: list[DeviceRequest | None] = list(self.request.devices)
            edits: list[Edit] = []
            for part in correction.parts:
                self._give_up(part, devices, edits)
            kept = [i for i, d in enumerate(devices) if d is not None]
            changed = self.request._replace(devices=tuple(d for d in devices if d is not None))
            cost = sum(self.cost(e.kind) for e in edits)
            self._keep_placed(place(self.board, changed, self.wants), tuple(edits), cost, kept)

    def _give_up(self, part: Part, devices: list[DeviceRequest | None], edits: list[Edit]) -> None:
        for name in part.names[: part.number] if part.what in ("item", "pin") else ():
            index = int(name)
            device = devices[index]
            if part.what == "item" or device is None:
                devices[index] = None
                edits.append(Edit("drop", index, self._text(self.request.devices[index]), ""))
            else:
                devices[index] = without_place(self.board.kinds, device)

    # ------------------------------------------------------------------------------ what was tried
    def _keep_placed(self, placed: Any, edits: tuple[Edit, ...], cost: int, standing: Sequence[int] | None = None) -> None:
        """Takes a placed config as a repair, with no more of it changed than has to be.

        `standing` are the positions, in the config as asked, of the devices that were placed: all of them where None.
        """
        if not isinstance(placed, Placed):
            return
        standing = range(len(self.request.devices)) if standing is None else standing
        origin = tuple(None if o is None else standing[o] for o in placed.origin)
        self._keep(edits, cost + placed.cost, self._relaxed(placed, origin, edits), origin)

    def _keep(self, edits: tuple[Edit, ...], cost: int, request: Request, origin: tuple[int | None, ...]) -> None:
        """Takes an accepted config as a repair, unless it is there already."""
        key = repr((request.machine, sorted(request.options.items(), key=str), request.devices))
        if key in self.seen:
            return
        self.seen.add(key)
        told = (*edits, *self._differences(request, origin, edits))
        if told:
            moving = sum(self.cost(e.kind) for e in told if e.kind in ("move", "reorder"))
            self.found.append(Repair(cost + moving, told, request, origin))

    def _relaxed(self, placed: Placed, origin: tuple[int | None, ...], edits: tuple[Edit, ...]) -> Request:
        """Each device as the user wrote it wherever that is accepted too: first all those that land where they landed.

        Of the others the last first, since others may hang on the first.
        """
        edited = {e.device for e in edits}
        request = placed.request
        movable = [
            at
            for at in reversed(range(len(origin)))
            if (index := origin[at]) is not None and index not in edited and request.devices[at] != self.request.devices[index]
        ]
        steady = [at for at in movable if self._lands_alike(placed, at)]
        request = self._as_written(request, origin, steady)
        return self._as_written(request, origin, [at for at in movable if at not in set(steady)])

    def _lands_alike(self, placed: Placed, at: int) -> bool:
        """Whether a device stands where it would land as written."""
        asked, setting = placed.origin[at], placed.setting
        stands = setting.written.devices[asked] if setting is not None and asked is not None else None
        if setting is None or asked is None or stands is None:
            return False
        return pinned(setting.request.devices[asked], stands, setting.written.state) == placed.request.devices[at]

    def _as_written(self, request: Request, origin: tuple[int | None, ...], positions: list[int]) -> Request:
        """The config with as many of these devices as written as the rules accept; halves are tried where all are too many."""
        if not positions:
            return request
        devices = list(request.devices)
        for at in positions:
            index = origin[at]
            assert index is not None
            devices[at] = self.request.devices[index]
        tried = request._replace(devices=tuple(devices))
        verdict, _ = judge_outcome(self.board, tried, self.profiles)
        if verdict.verdict in ("accept", "warn"):
            return tried
        if len(positions) == 1:
            return request
        half = len(positions) // 2
        return self._as_written(self._as_written(request, origin, positions[:half]), origin, positions[half:])

    def _differences(self, request: Request, origin: tuple[int | None, ...], edits: tuple[Edit, ...]) -> Iterator[Edit]:
        changed = {e.device for e in edits}
        for device, index in zip(request.devices, origin, strict=True):
            if index is None:
                yield Edit("add", None, "", self._text(device))
            elif index not in changed and device != self.request.devices[index]:
                yield Edit("move", index, self._text(self.request.devices[index]), self._text(device))
        order = [index for index in origin if index is not None]
        for before, after in itertools.pairwise(order):
            if after < before:
                yield Edit("reorder", after, "", self._text(self.request.devices[after]))


def _blame(verdict: Verdict) -> _Blame:
    """What refuses a config, but for what only follows from other refusals."""
    return {(r.rule, r.devices) for r in verdict.reasons if r.severity == "reject" and r.consequence_of is None}


def serving_as(board: Board, driver: str) -> list[str]:
    """Other types that the rules say serve the same, in the order of their names; none for an unknown type."""
    kinds, types = board.knowledge.shared["kinds"], board.knowledge.shared["types"]
    real = board.knowledge.real_name(driver)
    if real not in types:
        return []
    wanted = _serves(kinds, types[real][2])
    same = [n for n, facts in types.items() if n != real and facts[0] == "user" and wanted and _serves(kinds, facts[2]) == wanted]
    return sorted(same)


def _serves(kinds: dict[str, Any], line: list[str]) -> object:
    for kind in line:
        for value, _ in kinds.get(kind, {}).get("attributes", {}).get("serves-as", ()):
            return value
    return None
