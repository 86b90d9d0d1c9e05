"""What would make a refused config start: edits of the user's own config, each tried on the rules before it is shown.

A search over drafts: of the cheapest one that is still refused, the first refusal is mended in every way that its rule or
the refusal itself offers (`mending`), its devices are placed anew, and at last what is refused is left out. What is shown was
read from the very words that are shown, and accepted as a whole.

Costs are the rules' (attributes of the machine, ``repair-move`` and its like); an added controller costs what its type says.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools

from qrules.configs.rewriting import device_text
from qrules.explain.printed import as_pasted
from qrules.explain.verdicts import Verdict, judge_outcome
from qrules.machine.budget import TooLarge
from qrules.machine.refusals import Refusal
from qrules.machine.request import Request
from qrules.place.answer import Nowhere, Placed
from qrules.place.changing import Wound
from qrules.place.drafts import Desk, Draft
from qrules.place.mending import UNREAD, Mending
from qrules.place.placing import place
from qrules.place.refusing import NOT_PLACES, blame, refuses, roots, sign, turn
from qrules.place.relaxing import Relaxing, leaving
from qrules.place.shown import Repair, merged, unlike
from qrules.place.wants import Wants
from qrules.plugging.board import Board, Outcome
from qrules.solve.answers import Infeasible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.place.refusing import Sign

_UNDECLARED = 10  # the cost of an edit where the rules declare none
_STEPS = 3000  # devices that are plugged and options that are judged for it, in all
_JUDGE = 4  # steps that building a machine counts
_PLACE = 12  # steps that placing a device counts
_PLACED = 5  # drafts that are placed anew
_MOST_PLACED = 1_000  # devices of such a draft
_PER_REFUSAL = 5  # what a refusal that is left counts in the order of the search
_WORSE = 10  # above twice the cost of the cheapest repair
_ALIKE = 3  # of the ways out of a refusal so many, the first ones, are tried on all that are alike
_READ = 200_000  # characters that are read again for that
_MORE = 1  # refusals that an edit may bring: what is added has needs of its own
_DEEP = 8  # edits in turn
_ROOTS = 4  # refusals that are looked at, until something may be done about one
_ELSEWHERE = 2  # what it costs more to leave the bus that was written


def repairs(
    board: Board, request: Request, profiles: tuple[str, ...] = (), limit: int = 3, argv: Sequence[str] = ()
) -> list[Repair]:
    """The cheapest repairs, at most `limit`, each tried. Empty where the config is accepted, or nothing helps.

    `profiles` are those that are heeded (none: all). `argv` is the command line that the request was read from; without it
    the devices alone are written. Nothing is raised for a config.
    """
    words = list(argv) or _written(request)
    return _Search(board, request, profiles, words).best(limit)


def _written(request: Request) -> list[str]:
    options = "".join(f",{name}={value}" for name, value in request.options.items())
    alone = ["-nodefaults"] if request.nodefaults else []
    return ["-machine", request.machine + options, *alone, *(w for d in request.devices for w in ("-device", device_text(d)))]


class _Search:
    def __init__(self, board: Board, request: Request, profiles: tuple[str, ...], words: Sequence[str]) -> None:
        self.board, self.profiles = board, profiles
        self.desk = Desk(board, request, words)
        self.mending = Mending(self.desk, self.cost)
        self.left, self.places = _STEPS, _PLACED
        self.found: list[Repair] = []
        self.seen: set[tuple[str, ...]] = set()
        self.freed: set[tuple[str, ...]] = set()  # of which places were given up: what does not stand so may do with more
        self.queue: list[tuple[int, int, Draft, Verdict, Outcome | None]] = []
        self.order = itertools.count()
        self.nearest: tuple[int, int, int, Draft] | None = None  # the draft that is still refused for the fewest reasons
        facts = board.knowledge.machine(request.machine)
        self.state = board.build_machine(facts, request)[0] if facts is not None and facts.family is not None else None

    def cost(self, what: str) -> int:
        """The cost of an edit of a kind, as the rules have it."""
        said = self.state.machine.get(f"repair-{what}", self.state) if self.state is not None else None
        return said if isinstance(said, int) else _UNDECLARED

    def spend(self, devices: int) -> bool:
        """Whether there is time to run so many devices through the rules."""
        self.left -= devices + _JUDGE
        return self.left > 0

    # ------------------------------------------------------------------------------ the search
    def best(self, limit: int) -> list[Repair]:
        with contextlib.suppress(TooLarge):  # what was found until then was tried
            self._search(limit)
        useful = unlike(sorted((r for r in self.found if not self._does_more(r)), key=lambda r: r.cost))
        dropping = [r for r in useful if any(e.kind == "drop" for e in r.edits)]
        return [r for r in useful if r not in dropping[1:]][:limit]  # of several that leave something out the cheapest

    def _search(self, limit: int) -> None:
        first = self.desk.first()
        verdict, outcome = judge_outcome(self.board, first.request, self.profiles)
        if verdict.verdict != "reject" or (
            self.state is None and self.board.knowledge.machine(first.request.machine) is not None
        ):
            return
        self.before = {r.rule for r in verdict.reasons if r.severity == "warn"}
        self._push(first, verdict, outcome)
        while self.queue and self.left > 0:
            rank, _, draft, verdict, outcome = heapq.heappop(self.queue)
            costs = sorted(r.cost for r in self.found)
            if (len(costs) >= limit and rank >= costs[limit - 1]) or (costs and rank > 2 * costs[0] + _WORSE):
                break  # what follows is no cheaper, or nobody would take it
            self._expand(draft, verdict, outcome)
        self._without(first)
        if self.nearest is not None:
            self._without(self.nearest[-1])  # what can be mended is, and only the rest goes

    def _expand(self, draft: Draft, verdict: Verdict, outcome: Outcome | None) -> None:
        found = roots(self.board, draft, outcome)
        if not found or draft.depth >= _DEEP:
            return
        first = sorted(found, key=turn)[:_ROOTS]
        before = blame(self.board, draft, outcome)
        refusal = next((r for r in first if self._mend(draft, r, found, before, outcome)), first[0])
        if all(r.phase not in NOT_PLACES for r in found if r.device is not None):
            strange = sum(self.mending.means_another(Wound(draft, r, outcome)) for r in found if r.device is not None)
            self._place(draft, strange * (self.cost("controller") - 1), [r.device for r in found if r.device is not None])
        if not draft.edits and refusal.rule not in UNREAD and refusal.phase not in ("reading", "properties"):
            self._machines(draft)

    def _mend(
        self, draft: Draft, refusal: Refusal, together: Sequence[Refusal], before: set[Sign], outcome: Outcome | None
    ) -> bool:
        """Tries what may be done about one refusal; whether there was anything."""
        target, found = sign(draft, refusal), False
        alike = [
            r for r in together if r is not refusal and (r.rule, r.note) == (refusal.rule, refusal.note) and r.device is not None
        ]
        ways = self.mending.drafts(Wound(draft, refusal, outcome))
        for number, one in enumerate(ways) if self.left > draft.request.size else ():
            found = found or one is not None
            changed = self._alike(one, number, alike, outcome) if one is not None else None
            if changed is None or changed.words in self.seen:
                continue
            if not self.spend(changed.request.size):
                break
            self.seen.add(changed.words)
            self._try(changed._replace(depth=draft.depth + 1), target, before)
        return found

    def _alike(self, draft: Draft, number: int, alike: list[Refusal], outcome: Outcome | None) -> Draft:
        """The draft with the same done about all refusals that are alike, where that can be written."""
        if number >= _ALIKE or (number + 1) * len(alike) * sum(map(len, draft.words)) > _READ:
            return draft
        changed = draft
        for refusal in alike:
            same = next(itertools.islice(self.mending.drafts(Wound(changed, refusal, outcome)), number, None), None)
            if same is None or len(same.origin) != len(draft.origin) or len(same.edits) == len(changed.edits):
                return draft
            changed = same
        return changed

    def _try(self, draft: Draft, target: Sign | None, before: set[Sign]) -> None:
        """Judges a draft; one that is still refused is kept, if it is nearer to an end."""
        verdict, outcome = judge_outcome(self.board, draft.request, self.profiles)
        if verdict.verdict in ("accept", "warn"):
            self._take(draft, verdict)
        elif verdict.verdict == "reject":
            now = blame(self.board, draft, outcome)
            if (
                target is None
                or (target not in now and len(now) <= len(before) + _MORE)
                or draft.edits[-1].kind in ("model", "machine")
            ):
                self._push(draft, verdict, outcome)

    def _push(self, draft: Draft, verdict: Verdict, outcome: Outcome | None) -> None:
        left, number = len(roots(self.board, draft, outcome)), next(self.order)
        heapq.heappush(self.queue, (draft.cost + _PER_REFUSAL * left, number, draft, verdict, outcome))
        if draft.edits:
            self.nearest = min(self.nearest or (left, draft.cost, number, draft), (left, draft.cost, number, draft))

    # ------------------------------------------------------------------------------ places, machines, leaving out
    def _place(self, draft: Draft, more: int, refused: Sequence[int]) -> None:
        """All devices placed anew, with controllers added, and no more changed than has to be; it costs so much `more`.

        Where that can't be, the places that stand in the way are given up, or those of what is `refused`.
        """
        devices = len(draft.request.devices)
        if self.places <= 0 or devices > _MOST_PLACED or not self.spend(min(_PLACE * (devices + 1), _STEPS // 2)):
            return
        self.places -= 1
        placed = place(self.board, draft.request, Wants(profiles=self.profiles), conflicts=1, reasons=False)
        if not isinstance(placed, Placed):
            self._unpinned(draft, placed.found if isinstance(placed, Nowhere) else None, refused)
        else:
            relaxed = Relaxing(self.board, draft.request, self.profiles, self.spend).relaxed(placed)
            changed = self.desk.placed(draft, relaxed.devices, placed.origin, placed.cost)
            if changed is not None and self.spend(devices):
                moving = sum(self.cost(e.kind) for e in changed.edits[len(draft.edits) :] if e.kind in ("move", "reorder"))
                moving += _ELSEWHERE * leaving(draft.request, self.state, relaxed.devices, placed.origin)
                self._try(changed._replace(cost=changed.cost + moving + more), None, set())

    def _unpinned(self, draft: Draft, found: Infeasible | None, refused: Sequence[int]) -> None:
        """The config with those places given up that the solver says stand in the way, or else those of what is refused."""
        in_the_way = [
            [int(name) for part in correction.parts if part.what == "pin" for name in part.names[: part.number]]
            for correction in (found.corrections if found is not None else ())
        ]
        for indices, bus in itertools.product([given for given in in_the_way if given] or [list(refused)], (True, False)):
            changed: Draft | None = draft
            for index in indices:
                changed = self._freed(changed, index, bus) or changed
            fresh = changed is not None and changed is not draft and changed.words not in self.freed
            if changed is not None and fresh and self.spend(draft.request.size):
                self.freed.add(changed.words)
                self._try(changed, None, set())

    def _freed(self, draft: Draft | None, index: int, bus: bool) -> Draft | None:
        """The draft without the address that was written for a device; `bus`: it stays on its bus."""
        from qrules.place.fitting import without_place

        if draft is None:
            return None
        device = draft.request.devices[index]
        freed = without_place(self.board.kinds, device)
        cost = self.cost("move")
        if bus:
            freed = freed._replace(bus=device.bus)
        elif device.bus is not None:
            cost += _ELSEWHERE
        return self.desk.device(draft, index, freed, "move", cost)

    def _machines(self, draft: Draft) -> None:
        """Machines of other families, by their alias, with the options that they have too."""
        knowledge = self.board.knowledge
        now = knowledge.machine(draft.request.machine)
        for name in knowledge.machine_names():
            other = knowledge.machine(name)
            if other is None or other.family in (None, now.family if now is not None else None) or not other.aliases:
                continue
            known = {k: None for k in draft.request.options if knowledge.catalogued(other.line, k) is not None}
            changed = self.desk.machine(draft, other.aliases[0], known, self.cost("machine"))
            if changed is not None and self.spend(draft.request.size):
                self._try(changed, None, set())

    def _without(self, first: Draft) -> None:
        """What is refused, left out, and then what is refused for want of it."""
        draft, indices = first, list[int]()
        for _ in range(_DEEP):
            verdict, outcome = judge_outcome(self.board, draft.request, self.profiles)
            if verdict.verdict in ("accept", "warn"):
                self._take(draft, verdict)
                return
            refused = [r for r in (outcome.refusals if outcome is not None else ()) if not r.unknown and refuses(self.board, r)]
            indices = sorted({r.device for r in refused if r.device is not None})
            changed = self.desk.without(draft, indices, self.cost("drop") * len(indices)) if indices else None
            if not indices:
                changed = next(filter(None, (self._without_option(Wound(draft, r, outcome)) for r in refused)), None)
            if changed is None:
                return
            draft = changed

    def _without_option(self, wound: Wound) -> Draft | None:
        """The draft without what an option says that is refused."""
        refused = sign(wound.draft, wound.refusal)
        for changed in self.mending.option_of(wound) if self.left > wound.draft.request.size else ():
            if changed is not None and self.spend(changed.request.size):
                now, outcome = judge_outcome(self.board, changed.request, self.profiles)
                if refused not in blame(self.board, changed, outcome) or now.verdict != "reject":
                    return changed
        return None

    # ------------------------------------------------------------------------------ what was found
    def _take(self, draft: Draft, verdict: Verdict) -> None:
        """Takes an accepted config as a repair, unless it is there already; what it is advised against for is a cost."""
        if not draft.edits or any(r.argv == draft.words for r in self.found) or not self._holds(draft):
            return
        advised = len({r.rule for r in verdict.reasons if r.severity == "warn"} - self.before)
        cost = draft.cost + advised * self.cost("advice")
        self.found.append(Repair(cost, merged(draft.edits), draft.request, draft.origin, draft.words))

    def _holds(self, draft: Draft) -> bool:
        """Whether the config is the same once its printed text has gone through a shell: the law of every proposal."""
        words = as_pasted(draft.words)
        if words == list(draft.words):
            return True
        again = self.desk.read(words)
        return again is not None and judge_outcome(self.board, again, self.profiles)[0].verdict in ("accept", "warn")

    def _does_more(self, repair: Repair) -> bool:
        """Whether another repair needs only a part of its edits, and costs no more."""
        what = {(e.device, e.after) for e in repair.edits}
        found = (({(e.device, e.after) for e in other.edits}, other.cost) for other in self.found)
        return any(part < what and cost <= repair.cost for part, cost in found)


def _size(request: Request) -> int:
    """What is judged of a config: its devices, and what options say."""
    return len(request.devices) + len(request.wishes) + len(request.globals) + len(request.asked)
