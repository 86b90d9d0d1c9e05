"""Judging a document: it is read, completed by the steps of each stage, and asked the rules."""

from __future__ import annotations

from qrules.domains.answer import Answer, Finding, Placed
from qrules.domains.items import Emulator, Item, Standing
from qrules.domains.procedures import Procedures
from qrules.domains.reading import Reader
from qrules.domains.running import TOLD, Runner
from qrules.explain.reasons import reason, worst
from qrules.linked.kinds import Kinds
from qrules.machine.frames import SUBJECT, new_frame, shown
from qrules.machine.refusals import Refusal
from qrules.rulesets.store import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from qrules.configs.xml_tree import Element
    from qrules.rulesets.store import Store

DEFINE, RUNNING = "define", "running"  # stages that rule files name


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

    def judge(self, root: Element, attach: Sequence[Element] = (), fresh: bool = True) -> Answer:
        """The answer about a document, and about elements that are added in turn while what it describes runs.

        `fresh`: it is new; else it is one that was kept, and is read again.
        """
        reader = Reader(self.kinds, self.procedures)
        whole = reader.whole(root)
        state = Standing(whole, frozenset(self.kinds.knowledge.shared["watched"]), self.version)
        whole.values["fresh"] = fresh
        state.next_number("device")
        state.add_device(whole)
        items = reader.into(state, root)
        state.grant(60_000 * (len(items) + 10))
        reader.fill(state, whole, "")
        state.emulator = self._of(whole, state)
        for item in items:
            reader.fill(state, item, _path(item, reader))
        runner = Runner(self.kinds, state, self.procedures)
        runner.run(DEFINE)
        runner.ask("realize")
        refusals = [*reader.refusals, *runner.refusals]
        after = []
        for number, element in enumerate(attach if not refusals else ()):
            found, came = self._attached(state, element, number)
            refusals += found
            after.append(came)
        devices = tuple(self._placed(state, item) for item in _shown(state) if item.attach is None)
        findings = tuple(self._finding(r) for r in refusals)
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
        )

    def _of(self, whole: Item, state: Standing) -> Emulator | None:
        """The emulator that a document is for, by the attributes ``emulator-version`` and ``emulator-arch`` of the whole."""
        version = self._emulator or whole.get("emulator-version", state)
        arch = whole.get("emulator-arch", state)
        return Emulator(self._emulators, version, arch) if isinstance(arch, str) else None

    def _attached(self, state: Standing, element: Element, number: int) -> tuple[list[Refusal], tuple[Placed, ...]]:
        """What is refused of an element that is added, and what comes to stand with it; one that is refused leaves nothing."""
        reader = Reader(self.kinds, self.procedures)
        before, holders = list(state.devices), state.holders.copy()
        under = _above(self.procedures, element.name)
        items = reader.into(state, element, under, number)
        state.grant(60_000 * (len(items) + 1))
        for item in items:
            reader.fill(state, item, under)
        runner = Runner(self.kinds, state, self.procedures)
        runner.run(RUNNING)
        runner.ask("realize")
        came = tuple(self._placed(state, item) for item in _shown(state) if item.attach == number)
        refusals = [*reader.refusals, *runner.refusals]
        refusals = [r._replace(phase=RUNNING) for r in refusals if _item(r) is None or _item(r).attach == number]  # type: ignore[union-attr]
        if refusals:
            state.replace_all(before, holders)  # type: ignore[arg-type]
        return refusals, came

    def _finding(self, refusal: Refusal) -> Finding:
        item = _item(refusal)
        element = item.element if item is not None else None
        attach = item.attach if item is not None else None
        told = dict(refusal.facts).get(TOLD) or reason(self.kinds.knowledge, refusal)
        return Finding(refusal.phase, told, element, "", attach)

    def _placed(self, state: Standing, item: Item) -> Placed:
        written = {}
        frame = new_frame(state, item)
        for path, value in item.kind.written:  # type: ignore[attr-defined]
            text = value(frame)
            if text is not None and text is not False:
                written[path] = shown(text)
        return Placed(item.kind.name, item.element, dict(item.values), written, item)


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
