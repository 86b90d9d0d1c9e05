"""Judging a document: it is read, completed by the steps of each stage, and asked the rules."""

from __future__ import annotations

from qrules.diagnostics import Unusable
from qrules.domains import alternatives
from qrules.domains.answer import Answer, Changed, Finding, Lacking, Placed
from qrules.domains.items import Emulator, Item, Standing
from qrules.domains.procedures import Procedures
from qrules.domains.reading import Reader, paths_of
from qrules.domains.running import TOLD, Runner
from qrules.explain.reasons import reason, worst
from qrules.explain.verdicts import too_large
from qrules.linked.kinds import Kinds, TypeKind
from qrules.linked.steps import TooLong
from qrules.machine.budget import MOST_TOLD, TooLarge, told_so_many
from qrules.machine.frames import SUBJECT, new_frame, shown
from qrules.machine.refusals import Refusal
from qrules.rulesets.store import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from qrules.configs.xml_tree import Element
    from qrules.domains.writing import Written
    from qrules.rulesets.store import Store

NO_ARCH, NO_VERSION = "QR420", "QR421"  # the codes for an architecture without rules, or without those of a version
_STEPS, _MORE = 60_000, 10  # for each element, and so many besides
_LARGE = 100  # elements of a document that may be too large for rules which are in order
DEFINE, START, RUNNING = "define", "start", "running"  # stages that rule files name


class Judge:
    """Judges documents by one rule set in one version. `emulators` are the rules of the emulators that they are for.

    Raises `Unusable` where the rule set has no such version.
    """

    def __init__(self, rules: str, version: str | None = None, emulators: Store | None = None, emulator: str | None = None):
        store = open_store(rules)
        entry = store.resolve(version, None)
        self.kinds = Kinds(store.knowledge(entry))
        self.version = entry.version
        self.procedures = Procedures(self.kinds.knowledge)
        self._emulators, self._emulator = emulators if emulators is not None else open_store(), emulator

    def judge(
        self, root: Element, attach: Sequence[Element] = (), fresh: bool = True, until: str = START, hasty: bool = False
    ) -> Answer:
        """The answer about a document, and about elements that are added in turn while what it describes runs.

        `fresh`: it is new; else it is one that was kept, and is read again. `until` is the last stage that is asked of the
        document itself. `hasty`: it need not be told what else is wrong. Raises `TooLarge` for one that takes more steps than
        there are, and `TooLong` where rules take so many for a small one.
        """
        elements = len(root.children) + sum(len(child.children) for child in root.children)
        try:
            return self._judge(root, attach, fresh, until, hasty)
        except TooLong as error:
            if elements < _LARGE:
                raise
            last = error.place.shown if error.place is not None else ""
            raise TooLarge("the rules about this take", _STEPS * (elements + _MORE), last) from None

    def _judge(self, root: Element, attach: Sequence[Element], fresh: bool, until: str, hasty: bool) -> Answer:
        reader, state, whole = self._read(root, fresh)
        runner = Runner(self.kinds, state, self.procedures)
        runner.refusals += reader.refusals
        runner.hasty, runner.wrong = hasty, bool(reader.refusals)
        runner.run(DEFINE)
        runner.ask("realize")
        if until == START and not runner.refusals:
            runner.run(START)
        refusals = runner.refusals
        plugged: list[Written] = []
        after = [self._attached(state, e, n, plugged, refusals) for n, e in enumerate(attach if not refusals else ())]
        findings = tuple(self._finding(state, r) for r in refusals[:MOST_TOLD])
        if len(refusals) > MOST_TOLD:
            findings += (Finding(DEFINE, too_large(self.kinds.knowledge, told_so_many(MOST_TOLD)), None),)
        shown = _shown(state) if not runner.enough else ()  # nothing is placed where the rest was not looked at
        devices = tuple(self._placed(state, item) for item in shown if item.attach is None)
        verdict = worst(f.reason.severity for f in findings)
        emulator = state.emulator
        return Answer(
            verdict,
            findings,
            self._placed(state, whole),
            devices,
            tuple(after),
            tuple(reader.unread),
            self.version,
            emulator.version if emulator is not None else "",
            emulator.arch if emulator is not None else "",
            tuple(runner.written),
            tuple(plugged),
            tuple(d.element for d in state.devices if isinstance(d, Item) and d.element is not None),
            lambda: tuple(mend for item in _shown(state) for mend in alternatives.others(state, item)),
        )

    def _read(self, root: Element, fresh: bool) -> tuple[Reader, Standing, Item]:
        """A document as items that stand, before any step; the item of the whole."""
        reader = Reader(self.kinds, self.procedures)
        whole = reader.whole(root)
        state = Standing(whole, frozenset(self.kinds.knowledge.shared["watched"]), self.version)
        whole.values["fresh"] = fresh
        state.next_number("device")
        state.add_device(whole)
        items = reader.into(state, root)
        state.grant(_STEPS * (len(items) + _MORE))
        reader.fill(state, whole, "")
        state.emulator = self._of(whole, state)
        for item in items:
            reader.fill(state, item, _path(item, reader))
        state.renew()
        return reader, state, whole

    def changed(self, root: Element, stage: str, given: Mapping[str, Any]) -> list[Changed]:
        """What the steps of a stage make of a document as it is written, where the whole has these values besides."""
        _, state, whole = self._read(root, True)
        before = [(item, dict(item.values)) for item in state.devices if isinstance(item, Item)]
        for name, value in given.items():
            state.put(whole, name, value)
        Runner(self.kinds, state, self.procedures).run(stage)
        left = {id(item) for item in state.devices}
        return [
            Changed(item.element, self._paths(item), values, dict(item.values) if id(item) in left else None)
            for item, values in before
            if item.element is not None
        ]

    def _paths(self, item: Item) -> dict[str, str]:
        kind = item.kind
        assert isinstance(kind, TypeKind)
        return paths_of(kind)

    def _of(self, whole: Item, state: Standing) -> Emulator | None:
        """The emulator that a document is for, by the attributes ``emulator-version`` and ``emulator-arch`` of the whole."""
        version = self._emulator or whole.get("emulator-version", state)
        arch = whole.get("emulator-arch", state)
        try:
            emulator = Emulator(self._emulators, version, arch) if isinstance(arch, str) else None
        except Unusable as error:
            code = error.diagnostics[0].code
            if code != NO_ARCH and (code != NO_VERSION or self._emulator is not None):
                raise
            return None
        state.put(whole, "emulator-known", emulator is not None)
        return emulator

    def _attached(
        self, state: Standing, element: Element, number: int, plugged: list[Written], refusals: list[Refusal]
    ) -> tuple[Placed, ...]:
        """What comes to stand with an element that is added; one that is refused leaves nothing. The lists grow."""
        reader = Reader(self.kinds, self.procedures)
        before, holders = list(state.devices), state.holders.copy()
        under = _above(self.procedures, element.name)
        items = reader.into(state, element, under, number)
        state.grant(_STEPS * (len(items) + 1))
        for item in items:
            reader.fill(state, item, under)
        state.renew()
        runner = Runner(self.kinds, state, self.procedures)
        runner.only, runner.whole_too = number, True
        runner.run(RUNNING)
        runner.ask("realize")
        came = tuple(self._placed(state, item) for item in _shown(state) if item.attach == number)
        found = [*reader.refusals, *runner.refusals]
        found = [r._replace(phase=RUNNING) for r in found if _item(r) is None or _item(r).attach == number]  # type: ignore[union-attr]
        if found:
            refusals += found
            state.replace_all(before, holders)  # type: ignore[arg-type]
            return ()
        runner.whole_too = False
        runner.run(START)
        plugged += runner.written
        return came

    def _finding(self, state: Standing, refusal: Refusal) -> Finding:
        item = _item(refusal)
        name = str(item.get("label", state) or "") if item is not None else ""
        element = item.element if item is not None else None
        attach = item.attach if item is not None else None
        told = dict(refusal.facts).get(TOLD) or reason(self.kinds.knowledge, refusal)
        mends = tuple(alternatives.said(self.kinds.knowledge, refusal))
        return Finding(refusal.phase, told, element, "", attach, name, self._lacking(refusal), mends)

    def _lacking(self, refusal: Refusal) -> tuple[Lacking, ...]:
        """What the step that found no room would let grow, in whatever case; numbers of its own are left to the document."""
        grows = self.procedures.steps[refusal.rule].grows if refusal.rule in self.procedures.kinds else ()
        found: list[Lacking] = []
        for grow in grows:
            paths = paths_of(self.kinds.wish(grow.kind))
            given = {paths[name]: value(refusal.frame) for name, value in grow.values if name in paths}
            one = Lacking(grow.kind, {path: value for path, value in given.items() if isinstance(value, str)})
            if one.values and one not in found:
                found.append(one)
        return tuple(found)

    def _placed(self, state: Standing, item: Item) -> Placed:
        written = {}
        frame = new_frame(state, item)
        for path, value in item.kind.written:  # type: ignore[attr-defined]
            text = value(frame)
            if text is not None and text is not False:
                written[path] = shown(text)
        told = (str(item.get(word, state) or "") for word in ("label", "shown-place", "alias", "child-bus"))
        return Placed(item.kind.name, item.element, dict(item.values), written, item, *told)


def _item(refusal: Refusal) -> Item | None:
    """The item that a refusal is about."""
    subject = refusal.frame[SUBJECT]
    return subject if isinstance(subject, Item) else None


def _shown(state: Standing) -> list[Item]:
    """The items that a document has: not those that only take up a place (``hidden``), nor the whole itself."""
    whole: object = state.machine
    return [d for d in state.devices if isinstance(d, Item) and d is not whole and d.get("hidden", state) is not True]


def _path(item: Item, reader: Reader) -> str:
    """A path at which elements of the item's kind stand."""
    name = item.element.name if item.element is not None else ""
    paths = [path for path, kind in reader.elements.items() if kind == item.kind.name]
    return next((path for path in paths if path.rpartition("/")[2] == name), name)


def _above(procedures: Procedures, name: str) -> str:
    """The path of the elements of a name."""
    return next((path for path in procedures.elements if path.rpartition("/")[2] == name), name)
