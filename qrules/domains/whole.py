"""A domain through all its stages: what libvirt makes of it, the command line that it writes, and what the emulator says to that.

Libvirt's answer and the emulator's are one: each reason with its stage, and with the element that it is about.
"""

from __future__ import annotations

from qrules.domains.completing import completed
from qrules.domains.judging import DEFINE, RUNNING, START, Judge
from qrules.explain.reasons import worst
from qrules.records import NamedTuple, as_dict
from qrules.rulesets.store import open_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.configs.xml_tree import Document, Element
    from qrules.domains.answer import Answer, Finding, Lacking, Mend, Placed
    from qrules.domains.items import Item
    from qrules.domains.writing import Written
    from qrules.explain.reasons import Reason, VerdictWord
    from qrules.explain.verdicts import Verdict
    from qrules.machine.request import DeviceRequest, Request
    from qrules.plugging.board import Board
    from qrules.rulesets.store import Store

RULES = "libvirt"  # the rule set of domains
_OWN = "qemu"  # the profile of what the emulator itself says
_BINARY = "qemu-system-"
_STAGES = (DEFINE, START, RUNNING)


class Told(NamedTuple):
    """A reason with its stage: ``define``, ``start`` or ``running``.

    `element` is what it is about, where that stands in the document or in what was attached (`attach` is its number there);
    `name` is what to call it; `attribute` names one of the element's own; `lacking` are elements that may give it room, `mends`
    changes that its rule says would help.
    """

    stage: str
    reason: Reason
    name: str
    element: Element | None
    attribute: str = ""
    attach: int | None = None
    lacking: tuple[Lacking, ...] = ()
    mends: tuple[Mend, ...] = ()


class DomainAnswer(NamedTuple):
    """The verdict on a domain, of all stages. `words` is the command line that libvirt would write, `stored` the document that it
    would store; both are empty where it is refused at define. `after` has what each attached element brings. `others` are values
    that elements could have instead, where something is refused.
    """

    verdict: VerdictWord
    reasons: tuple[Told, ...]
    document: Document
    stored: str
    words: tuple[str, ...]
    devices: tuple[Placed, ...]
    after: tuple[tuple[Placed, ...], ...]
    unchecked: tuple[tuple[Element, str], ...]
    machine: str
    arch: str
    libvirt: str
    qemu: str
    assumed: tuple[Reason, ...] = ()
    others: tuple[Mend, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)

    def stage(self, name: str) -> tuple[Told, ...]:
        """The reasons of one stage."""
        return tuple(told for told in self.reasons if told.stage == name)


class Domains:
    """Answers about domains, for one version of libvirt; rules are read once. `qemu` is another emulator than comes with that."""

    def __init__(self, libvirt: str | None = None, store: Store | None = None, qemu: str | None = None) -> None:
        """Raises `Unusable` where there are no rules for the version."""
        self._store = store if store is not None else open_store()
        self.judge = Judge(RULES, libvirt, self._store, qemu)
        self.paths = {kind: path for path, kind in reversed(self.judge.procedures.elements.items())}
        self._boards: dict[tuple[str, str], Board] = {}

    def defined(self, document: Document, profiles: Sequence[str] = ()) -> DomainAnswer:
        """The answer about a domain that is to be stored. Where libvirt alone is asked it is not started: it has no `words`."""
        alone = set(profiles) == {self.judge.kinds.knowledge.profile}
        return self.answer(document, (), profiles, until=DEFINE if alone else START)

    def answer(
        self,
        document: Document,
        attach: Sequence[Element] = (),
        profiles: Sequence[str] = (),
        fresh: bool = True,
        until: str = START,
        hasty: bool = False,
    ) -> DomainAnswer:
        """The answer about a domain, and about devices that are attached in turn. Raises nothing for what stands in them.

        `fresh`: it is newly defined; else it is one that was kept, and is read again. `until` is the last stage that is asked.
        `hasty`: only the verdict is wanted, and what else is wrong need not be told.
        """
        own = self.judge.kinds.knowledge.profile
        asked = not profiles or own in profiles
        found = self.judge.judge(document.root, attach, fresh, until, hasty and asked)
        reasons = [_of_libvirt(f) for f in found.findings] if asked else []
        defined = not any(f.stage == DEFINE and f.reason.severity in ("reject", "unknown") for f in found.findings)
        words = _words(found) if defined and until == START else ()
        started = self._started(found, [p for p in profiles if p != own], bool(profiles), words) if words else None
        if started is not None:
            reasons += _of_emulator(found, started)
            reasons.sort(key=lambda told: _STAGES.index(told.stage))
        refused = any(told.reason.severity in ("reject", "unknown") for told in reasons)
        gone = {told.attach for told in reasons if told.stage == RUNNING and told.reason.severity == "reject"}
        return DomainAnswer(
            worst([told.reason.severity for told in reasons]),
            tuple(reasons),
            document,
            completed(document, found.whole, found.devices, self.paths, found.standing) if defined else "",
            words,
            found.devices,
            tuple(() if number in gone else came for number, came in enumerate(found.after)),
            tuple((one.element, one.attribute) for one in found.unchecked),
            found.whole.written.get("os/type/@machine", ""),
            found.arch,
            found.version,
            found.emulator,
            started.assumed if started is not None else (),
            found.others() if refused and not hasty else (),
        )

    def _started(self, found: Answer, profiles: list[str], limited: bool, words: Sequence[str]) -> Verdict | None:
        """What the emulator says to the command line, and to what is plugged while it runs; None where nobody asks it."""
        if limited and not profiles:
            return None
        board = self._board(found.emulator, found.arch)
        if board is None:
            return None
        from qrules.configs import argv
        from qrules.configs.files import closed
        from qrules.explain.verdicts import judge_running

        later = tuple(_device(one) for one in found.plugged if one.option == "-device" and one.argument)
        return judge_running(board, argv.read(list(words), board.knowledge, closed), later, tuple(profiles))

    def request(self, answer: DomainAnswer) -> tuple[Board, Request] | None:
        """The machine of a domain and its devices, as the command line has them; None where libvirt writes none."""
        from qrules.configs import argv
        from qrules.configs.files import closed

        board = self._board(answer.qemu, answer.arch) if answer.words else None
        return None if board is None else (board, argv.read(list(answer.words), board.knowledge, closed))

    def _board(self, emulator: str, arch: str) -> Board | None:
        if not arch or not emulator:
            return None
        key = emulator, arch
        if key not in self._boards:
            from qrules.plugging.board import Board

            self._boards[key] = Board(self._store.knowledge(self._store.resolve(*key)))
        return self._boards[key]


def _words(found: Answer) -> tuple[str, ...]:
    """The command line. What devices that are plugged later stand on is there from the start."""
    later = [one for one in found.plugged if one.option != "-device"]
    return (
        f"{_BINARY}{found.arch}",
        *(w for one in (*found.written, *later) for w in (one.option, one.argument) if w),
    )


def _device(one: Written) -> DeviceRequest:
    from qrules.configs import argv

    assert one.argument is not None
    return argv.devices([one.argument])[0]._replace(where=None)


def _of_libvirt(found: Finding) -> Told:
    return Told(found.stage, found.reason, found.name, found.element, found.attribute, found.attach, found.lacking, found.mends)


def _of_emulator(found: Answer, started: Verdict) -> list[Told]:
    """The emulator's reasons, each with the element whose device it speaks of."""
    owners = [one.item for one in found.written if one.option == "-device"]
    plugged = [one.item for one in found.plugged if one.option == "-device"]
    names = {id(one.item): one.name for one in (*found.devices, *(p for came in found.after for p in came))}
    told: list[Told] = []
    for reason in started.reasons:
        item: Item | None = None
        if reason.hotplug is not None:
            item = plugged[reason.hotplug] if reason.hotplug < len(plugged) else None
        elif reason.devices and reason.devices[0] < len(owners):
            item = owners[reason.devices[0]]
        stage = RUNNING if reason.hotplug is not None else START
        told.append(
            Told(
                stage,
                reason,
                names.get(id(item), ""),
                item.element if item is not None else None,
                "",
                item.attach if item is not None else None,
            )
        )
    return told
