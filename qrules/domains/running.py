"""Running stages: what their steps do with each item, in the order that the rules give."""

from __future__ import annotations

from qrules.domains.items import Item, Standing
from qrules.domains.procedures import Adds, Procedures, Step
from qrules.domains.seeking import Seeker, ranked
from qrules.domains.writing import Written, written
from qrules.explain.reasons import reason
from qrules.linked.kinds import Kinds
from qrules.linked.rules import Claim
from qrules.machine.budget import MOST_TOLD
from qrules.machine.frames import CONTEXT, MANY, SELF, SUBJECT, Frame, new_frame
from qrules.machine.refusals import Refusal
from qrules.plugging.checks import Checker, cells_of, held
from qrules.plugging.judging import unknowns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TOLD = "told"  # among the facts of a refusal: its reason
_MOST_ITEMS = 4_000  # that steps add to one document
_MOST_GROWN = 600  # times that one item lets something grow
_STEPS = 20_000  # of evaluating rules, for each item that is added


class Runner:
    """Runs the steps of one document. `refusals` and `written` grow: what is wrong, each with the item that it is about as
    its subject, and the options of the command line. Behind `MOST_TOLD` refusals nothing is looked at; `hasty`: nor behind the
    first thing that is no mere advice."""

    def __init__(self, kinds: Kinds, state: Standing, procedures: Procedures, stage: str = "") -> None:
        self.kinds, self.state, self.procedures = kinds, state, procedures
        self.hasty, self.wrong = False, False
        self.checker = Checker(kinds.knowledge, state)
        self.refusals: list[Refusal] = []
        self.written: list[Written] = []
        self.stage = stage
        self.only: int | None = None  # steps are done with items of this number among those added later alone,
        self.whole_too = False  # and with the whole document
        self._told: set[tuple[int, int | None, str]] = set()
        self.seeker = Seeker(state)
        self._added = 0

    # ------------------------------------------------------------------------------ stages
    def run(self, stage: str) -> None:
        """All steps of a stage; nothing where the rules have no stage of the name."""
        self.stage = stage
        for rehearsed, names in self.procedures.stages.get(stage, ()):
            if rehearsed:
                self._rehearse(names)
            else:
                for name in names:
                    self._step(name)

    @property
    def enough(self) -> bool:
        """Whether so much is wrong that the rest is not looked at."""
        return (self.hasty and self.wrong) or len(self.refusals) > MOST_TOLD

    def _rehearse(self, names: list[str]) -> None:
        """Runs steps and undoes them, but for the items that they added to stay (``lasting``)."""
        state = self.state
        before = [(item, dict(item.values)) for item in self._items()]
        holders = state.holders.copy()
        state.rehearsing = True
        state.put(state.machine, "rehearsing", True)  # type: ignore[arg-type]
        for name in names:
            self._step(name)
        known = {item.number for item, _ in before}
        staying = [item for item in self._items() if item.number not in known and item.get("lasting", state) is True]
        state.rehearsing = False
        for item, values in before:
            item.values = values
        for item in staying:
            item.values = dict(item.first)
        state.machine.values.pop("rehearsing", None)
        state.replace_all([*(item for item, _ in before), *staying], holders)

    def _items(self) -> list[Item]:
        return list(self.state.devices)  # type: ignore[arg-type]

    def _step(self, name: str) -> None:
        if self.enough:
            return
        items = [d for d in self.state.of_kind(self.procedures.kinds[name]) if isinstance(d, Item)]
        if items:
            self._do_all(self.procedures.steps[name], items)
        self.ask(name)

    def _do_all(self, step: Step, items: list[Item]) -> None:
        self.seeker.begin()
        what, when, order = f"the step '{step.name}'", step.when, step.order
        items = [item for item in items if not item.refused and self._meant(item)]
        if order is not None:
            if when is not None and not any(when(new_frame(self.state, item)) for item in items):
                return  # where nothing is done their order does not matter
            items.sort(key=lambda item: ranked(order(new_frame(self.state, item))))
        frame = new_frame(self.state, None)
        for item in items:
            if self.enough:
                break
            if item.refused:
                continue
            frame[SELF] = frame[SUBJECT] = item
            if when is None or when(frame):
                self._do(step, item, frame)
                self.state.pay(what)
                frame = new_frame(self.state, None)  # a refusal keeps the one that it had
        self.state.pay(what)

    def _meant(self, item: Item) -> bool:
        """Whether steps are done with an item."""
        whole: object = self.state.machine
        return self.only is None or item.attach == self.only or (self.whole_too and item is whole)

    def ask(self, phase: str) -> None:
        """Asks the rules of a phase of all items that nothing is wrong with; those of no phase (``realize``) of all."""
        last = phase == "realize"
        asked: dict[str, list[Any]] = {}  # of each kind
        for item in self._items():
            if self.enough:
                return
            kind = item.kind
            rules = asked.get(kind.name)
            if rules is None:
                rules = asked[kind.name] = [r for r in kind.checks.get(phase, ()) if not isinstance(r, Claim)]
            if last and kind.unknowns:
                for open_question in unknowns(kind.unknowns, new_frame(self.state, item), None):
                    self._blame(item, open_question)
            if not rules:
                continue
            if not item.refused or (last and item.given.keys() <= item.values.keys()):
                for found in self.checker.judged(rules, item, phase):
                    self._blame(item, found)
            self.state.pay(f"what is asked of {kind.name}")

    # ------------------------------------------------------------------------------ one item
    def _do(self, step: Step, item: Item, frame: Frame) -> None:
        if step.seeks and not self._found(step, item, frame):
            note = self.kinds.knowledge.note(step.note)
            if "full" in note.words or note.because is not None:
                self._blame(item, Refusal(step.name, step.note, "full", frame))
            return
        for what, *line in step.lines:
            if what == "set":
                name, value = line
                given = value(frame)
                if given is not None:
                    self.state.put(item, name, given)
                    self.seeker.changed(item)
            elif what == "add":
                self._add(line[0], frame)
            elif what == "writes":
                self.written.append(written(line[0], item, frame))
            elif what == "drop":
                if line[0] is None or line[0](frame):
                    self.state.remove(item)
                    self.seeker.begin()
                    return
            elif what == "forgets":
                self._forget(item, frame, *line)
            elif not self._hold(item, frame, *line):
                return

    def _forget(self, item: Item, frame: Frame, names: list[str], when: Any) -> None:
        """Unsets values of an item."""
        for name in names if when is None or when(frame) else ():
            if name in item.values:
                self.state.forget(item, name)
        self.seeker.changed(item)

    def _found(self, step: Step, item: Item, frame: Frame) -> bool:
        """Whether all that is sought was found; what the rules let grow for it is added, then it is sought again."""
        for _ in range(_MOST_GROWN):
            if self.seeker.found(step, frame):
                return True
            self.state.pay(f"the step '{step.name}'")
            if not sum(self._add(grow, frame) for grow in step.grows):
                return False
        return False

    def _add(self, adds: Adds, frame: Frame) -> int:
        """Adds items, and gives how many."""
        if adds.when is not None and not adds.when(frame):
            return 0
        many = adds.many(frame) if adds.many is not None else 1
        many = min(many, MANY) if type(many) is int else 0
        for n in range(many):
            self._added += 1
            if self._added > _MOST_ITEMS:
                return 0
            item = Item(self.state.next_number("device"), self.kinds.wish(adds.kind), origin=adds.note)
            subject = frame[SUBJECT]
            item.attach = subject.attach if isinstance(subject, Item) and subject.attach is not None else self.only
            frame[CONTEXT["n"]] = n
            item.values = {name: given for name, value in adds.values if (given := value(frame)) is not None}
            item.first = dict(item.values)
            self.state.add_device(item)
            self.state.grant(_STEPS)
            self.seeker.came(item)
        return max(many, 0)

    def _hold(self, item: Item, frame: Frame, pools: list[str], when: Any) -> bool:
        """Lets an item take what its claims on some pools name; False where somebody has it."""
        if when is not None and not when(frame):
            return True
        claims = [c for checks in item.kind.checks.values() for c in checks if isinstance(c, Claim) and c.pool in pools]
        for claim in claims:
            own = new_frame(self.state, item)
            cells = [c for c in cells_of(claim, own) if item not in self.state.holders.get(c, ())]
            refusal = held(claim, own, cells)
            if refusal is not None:
                self._blame(*self._turned(item, refusal))
                return False
            for cell in cells:
                self.state.hold(cell, item)
                self.seeker.held(cell)
        return True

    def _turned(self, item: Item, refusal: Refusal) -> tuple[Item, Refusal]:
        """A refusal of something that stands in no document is one of what holds its place."""
        holder = refusal.frame[CONTEXT["holder"]]
        if item.get("hidden", self.state) is not True or not isinstance(holder, Item):
            return item, refusal
        frame = list(refusal.frame)
        frame[SELF] = frame[SUBJECT] = holder
        frame[CONTEXT["holder"]] = item
        return holder, refusal._replace(frame=frame)

    def _blame(self, item: Item, refusal: Refusal) -> None:
        item.refused = True
        key = (item.number, refusal.note, refusal.occasion)
        if key not in self._told:
            self._told.add(key)
            told = reason(self.kinds.knowledge, refusal)  # while all is as it was when this went wrong
            self.wrong = self.wrong or told.severity != "warn"
            self.refusals.append(refusal._replace(phase=self.stage, facts=(*refusal.facts, (TOLD, told))))
