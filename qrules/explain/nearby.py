"""What may be meant by a name that is not there, and where it is at home: what a refusal's words call ``near`` and ``homes``."""

from __future__ import annotations

from qrules.diagnostics import nearest
from qrules.explain.kin import kin_of, near, successors
from qrules.knowledge.model import Knowledge
from qrules.linked.domains import domain_of, resolved
from qrules.machine.budget import current
from qrules.machine.entities import Device, Machine
from qrules.machine.frames import CONTEXT, SELF, STATE
from qrules.machine.refusals import Refusal
from qrules.machine.request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_MOST = 3  # names that are told
_COMPARED = 1_000  # names that a wrong one is compared with, besides those of the config


def with_near(knowledge: Knowledge, refusal: Refusal, request: Request | None) -> Refusal:
    """A refusal of a name, with the names that are near (``'a' or 'b'``) and its homes (``aarch64 and arm``, ``QEMU 7.2.22``).

    An answer does so for the first names alone (`Budget.compares`): comparing costs more than finding that a name is wrong.
    """
    find = _FINDERS.get(refusal.rule) or _values
    if request is None or not current().compares(_COMPARED + len(request.devices)):
        return refusal
    frame = list(refusal.frame)
    found = list(dict.fromkeys(find(knowledge, refusal, request)))[:_MOST]
    frame[CONTEXT["near"]] = _listed([f"'{name}'" for name in found], "or") or None
    frame[CONTEXT["homes"]] = homes(knowledge, refusal) or None
    return refusal._replace(frame=frame)


def homes(knowledge: Knowledge, refusal: Refusal) -> str:
    """Where a type or machine is at home that the target lacks: other versions of its architecture, or else architectures."""
    what = {"no-such-type": "types", "no-such-machine": "machines"}.get(refusal.rule)
    if what is None:
        return ""
    at = knowledge.homes(what, str(refusal.frame[CONTEXT["name"]]))
    versions = [f"QEMU {version}" for version, arch in at if arch == knowledge.arch]
    return _listed(versions or list(dict.fromkeys(arch for _, arch in at)), "and")


def _listed(names: list[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def _said(refusal: Refusal, context: str) -> str:
    value = refusal.frame[CONTEXT[context]]
    return "" if value is None else str(value)


# ------------------------------------------------------------------------------------- names of each sort
def _machines(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    return machines_near(knowledge, _said(refusal, "name"))


def machines_near(knowledge: Knowledge, name: str) -> list[str]:
    """The machines that may be meant by a name that the target lacks: successors, other versions, or what is called nearly so."""
    listed = knowledge.piece("machines")
    aliases = [alias for entry in listed.values() for alias in entry[3]]
    gone = [new for new in successors(knowledge, name) if knowledge.machine(new) is not None]
    from qrules.knowledge.vendors import dropped, may_exist, versions_of

    versions = versions_of(knowledge, name)
    of_family = versions[:1] if dropped(knowledge, name) else versions[-1:] if may_exist(knowledge, name) else []
    return [*gone, *of_family, *([] if gone or of_family else nearest(name, [*aliases, *listed]))]


def _newest(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    """The newest version of a machine that is known."""
    from qrules.knowledge.vendors import versions_of

    return versions_of(knowledge, _said(refusal, "name"))[-1:]


def _types(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    name = _said(refusal, "name")
    written = request.devices[refusal.device].properties if refusal.device is not None else {}
    return [*kin_of(knowledge, name), *near(knowledge, name, frozenset(written))]


def _properties(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    facts = knowledge.shared["types"].get(knowledge.real_name(_said(refusal, "name")))
    return nearest(_said(refusal, "property"), knowledge.property_names(tuple(facts[2])) if facts is not None else ())


def _options_of_machines(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    facts = knowledge.machine(request.machine)
    return nearest(_said(refusal, "property"), option_names(knowledge, facts.line) if facts is not None else ())


def option_names(knowledge: Knowledge, line: tuple[str, ...]) -> list[str]:
    """The names that -machine takes: the machine's properties, and those that the rules read for whoever they belong to."""
    read = knowledge.shared["shorthands"].get("-machine", {}).get("", ())
    return sorted({*knowledge.property_names(line), *(source[1] for *_, source, _ in read if source[:1] == ["key"])})


def _command_options(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    from qrules.configs.vocabulary import Vocabulary

    words = knowledge.kept("vocabulary", Vocabulary)
    return nearest(_said(refusal, "name"), [name for name in words.known if name.startswith("-") and name not in words.absent])


def _twins(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    return kin_of(knowledge, request.devices[refusal.device].driver) if refusal.device is not None else ()


def _buses(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    known, wanted = {bus.id for bus in refusal.frame[STATE].buses}, _said(refusal, "element")
    ids = {d.id for d in request.devices if d.id}
    return [wanted] if wanted in ids else nearest(wanted, known | ids)  # what makes it may stand further on


def _ids(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    known = {d.id for d in request.devices if d.id} | set(request.backends)
    return nearest(_said(refusal, "element") or _said(refusal, "name"), known)


def _values(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    """Words that a property takes, or ids of host resources: those that are near, else of the latter those that nothing uses."""
    domain = resolved(_domain(knowledge, refusal), knowledge)
    text = _said(refusal, "text")
    if domain[:1] == ["words"]:
        return nearest(text, [str(word) for word in domain[1:]])
    if domain[:1] != ["backend"]:
        return ()
    kinds = set(domain[1:])
    known = [name for name, made in request.backends.items() if not kinds.isdisjoint(made.split())]
    used = {str(value) for device in request.devices for value in device.properties.values()}
    return nearest(text, known) or [name for name in known if name not in used]


def _of_options(knowledge: Knowledge, refusal: Refusal, request: Request) -> Iterable[str]:
    """Words that an option takes: those that decide what else it takes, or those of the member."""
    option, name = knowledge.option("-" + _said(refusal, "kind")), _said(refusal, "property")
    if option is None:
        return ()
    member = option.member(name)
    words = [word for part in member.shape for word in part.words] if member is not None else []
    return nearest(_said(refusal, "text"), words or option.cases)


def _domain(knowledge: Knowledge, refusal: Refusal) -> list[Any]:
    """The domain of the property whose value is refused; empty where none is known."""
    if refusal.rule in knowledge.shared["domains"]:
        return ["named", refusal.rule]
    asked, name = refusal.frame[SELF], _said(refusal, "property")
    if isinstance(asked, Device):
        found = domain_of(asked.kind, name, True)
        return found[0] if found is not None else []
    clause = asked.family.option(name) if isinstance(asked, Machine) and asked.family is not None else None
    return clause.domain if clause is not None else []


_FINDERS: dict[str, Callable[[Knowledge, Refusal, Request], Iterable[str]]] = {
    "no-such-machine": _machines,
    "machine-not-known": _newest,
    "no-such-type": _types,
    "no-such-property": _properties,
    "no-such-global": _properties,
    "no-such-option": _options_of_machines,
    "no-such-command-option": _command_options,
    "no-such-option-value": _of_options,
    "no-bus": _twins,
    "bus-not-found": _buses,
    "device-not-found": _ids,
    "no-such-option-id": _ids,
}
