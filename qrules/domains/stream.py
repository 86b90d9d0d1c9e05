"""Lines of a stream that ask about domains: ``{"id", "libvirt-xml": "...", "libvirt": "11.3", "attach": ["<disk ...>"]}``."""

from __future__ import annotations

from qrules.configs.lines import Unreadable, members_of
from qrules.configs.xml_domain import read_device, read_domain
from qrules.diagnostics import Unusable
from qrules.domains.whole import Domains
from qrules.explain.reasons import worst
from qrules.machine.budget import Question
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from qrules.configs.xml_tree import Document, Element
    from qrules.domains.whole import DomainAnswer
    from qrules.explain.bulk import VerdictOrNone
    from qrules.rulesets.store import Store

MARK = b'"libvirt-xml"'  # a line that has it asks about a domain
_KEYS = ("id", "libvirt-xml", "libvirt", "attach", "qemu", "profile")
_UNANSWERED = ("QR310", "QR420", "QR421", "QR460")


class DomainLine(NamedTuple):
    """The answer to a line: `found`, or the problems that left none. The verdict is the last device's, if any is attached."""

    id: Any
    verdict: VerdictOrNone
    found: DomainAnswer | None
    problems: tuple[tuple[str, str], ...] = ()


class DomainStream:
    """Answers lines; rules are read once for each version of libvirt. `profiles` and `libvirt` hold for lines that do not say."""

    def __init__(self, store: Store, libvirt: str | None, qemu: str | None, profiles: tuple[str, ...]) -> None:
        self._store, self._libvirt, self._qemu, self._profiles = store, libvirt, qemu, profiles
        self._made: dict[tuple[str | None, str | None], Domains] = {}

    def answer(self, raw: bytes) -> DomainLine:
        """The answer to a line. Never raises for what stands in it."""
        try:
            members = members_of(raw)
            identity = members.get("id")
            document, attach, profiles = self._read(members)
        except Unreadable as error:
            return DomainLine(error.id, "unreadable", None, (("QR440", str(error)),))
        except Unusable as error:
            return DomainLine(identity, "unreadable", None, _problems(error))
        try:
            with Question():
                found = self._domains(members).answer(document, attach, profiles)
        except Unusable as error:
            unknown = all(d.code in _UNANSWERED for d in error.diagnostics)
            return DomainLine(identity, "unknown" if unknown else "unreadable", None, _problems(error))
        last = [told for told in found.reasons if told.attach in (None, len(attach) - 1)]
        return DomainLine(identity, worst([told.reason.severity for told in last]), found)

    def _domains(self, members: dict[str, Any]) -> Domains:
        key = members.get("libvirt", self._libvirt), members.get("qemu", self._qemu)
        if key not in self._made:
            self._made[key] = Domains(key[0], self._store, key[1])
        return self._made[key]

    def _read(self, members: dict[str, Any]) -> tuple[Document, list[Element], tuple[str, ...]]:
        """The domain of a line and what is attached to it. Raises `Unreadable` and `Unusable`."""
        identity = members.get("id")
        for key in members:
            if key not in _KEYS:
                told = f"'{key}' is not a member of a question about a domain; expected: {', '.join(_KEYS)}"
                raise Unreadable(told, identity)
        texts = [members["libvirt-xml"], *(members[key] for key in ("libvirt", "qemu") if members.get(key) is not None)]
        attach, profiles = (_listed(members.get(key)) for key in ("attach", "profile"))
        if not all(isinstance(text, str) for text in (*texts, *attach, *profiles)):
            raise Unreadable("a member is no text, or no list of texts", identity)
        document = read_domain(members["libvirt-xml"], "libvirt-xml")
        devices = [read_device(text, f"attach[{n}]") for n, text in enumerate(attach)]
        return document, devices, tuple(profiles) or self._profiles


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _problems(error: Unusable) -> tuple[tuple[str, str], ...]:
    return tuple(
        (d.code, f"{d.span}: {d.message}" + (f"; expected: {d.expected}" if d.expected else "")) for d in error.diagnostics
    )
