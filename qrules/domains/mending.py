"""Repairs of a domain that is refused: edits of the author's own document, each tried as a whole before it is shown.

What can be tried follows from what the rules say of the refusal: what would mend it, and words near a wrong one; an address that
was written is left to libvirt; elements are added that a step lets grow where it finds no room; models and buses that rules know
of are taken instead; and at last the element itself goes. No attribute is left out but where a rule says so: libvirt wants some.
"""

from __future__ import annotations

from qrules.configs import xml_edit
from qrules.configs.xml_domain import read_device, read_domain
from qrules.diagnostics import Unusable
from qrules.domains.changes import Draft, drafted, valued, without
from qrules.domains.completing import fresh
from qrules.domains.judging import START
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qrules.configs.xml_tree import Element
    from qrules.domains.answer import Mend
    from qrules.domains.changes import Change
    from qrules.domains.whole import DomainAnswer, Domains, Told

    Trial = tuple[str, str, Iterable[Change]]  # the sort of change, in words, and what it changes
    Tried = tuple[str, str, Draft | None]

_MOST = 3  # that are shown
_MOST_TRIED = 60  # each is a whole question
_MOST_ADDED = 8  # elements of one sort
_OK = ("accept", "warn")
_ADDRESS = "address"
_SLOT, _BUS, _SLOTS = "address/@slot", "address/@bus", 0x20


class DomainRepair(NamedTuple):
    """What to do in words, and the document with it done; `attach` are the texts of what is attached, None where one stays."""

    text: str
    document: str
    attach: tuple[str | None, ...] = ()


def repairs(
    domains: Domains, answer: DomainAnswer, attach: Sequence[Element] = (), profiles: Sequence[str] = ()
) -> list[DomainRepair]:
    """What would make a domain accepted, and all that is attached to it, too; the least change first."""
    found: list[DomainRepair] = []
    tried: set[Draft] = {Draft(answer.document.text, (None,) * len(attach))}
    sorts: set[str] = set()  # of what was found: fewer of the same do
    for sort, text, draft in _candidates(domains, answer, attach):
        if draft is None or draft in tried or sort in sorts:
            continue
        tried.add(draft)
        if _holds(domains, answer.document.where, draft, attach, profiles):
            found.append(DomainRepair(text, *draft))
            sorts.add(sort)
        if len(found) == _MOST or len(tried) > _MOST_TRIED:
            break
    return found


def _holds(domains: Domains, where: str, draft: Draft, attach: Sequence[Element], profiles: Sequence[str]) -> bool:
    """Whether a document is taken as it would be written, with all that is attached."""
    try:
        later = [
            one if text is None else read_device(text, one.source.where) for one, text in zip(attach, draft.attach, strict=True)
        ]
        return domains.answer(read_domain(draft.document, where), later, profiles, hasty=True).verdict in _OK
    except Unusable:
        return False


def _candidates(domains: Domains, answer: DomainAnswer, attach: Sequence[Element]) -> Iterator[Tried]:
    """Documents with one thing changed, or the same thing for all that is refused; each with the sort of change that it is."""
    document = answer.document
    refused = [told for told in answer.reasons if told.reason.severity in ("reject", "unknown")]
    blamed = [t for t in refused if t.element is not None and t.element is not document.root]

    def drafts(tried: Iterable[tuple[str, str, Iterable[Change]]]) -> Iterator[Tried]:
        return ((sort, text, drafted(document, attach, changes)) for sort, text, changes in tried)

    yield from drafts(_as_said(domains, answer, refused))
    yield from drafts(_without_addresses(blamed))
    lacking = list(dict.fromkeys((one.kind, tuple(one.values.items())) for told in refused for one in told.lacking))
    for kind, values in lacking:
        yield from drafts(_with_more(domains, answer, kind, dict(values)))
    elements = {id(told.element): told for told in blamed}
    yield from drafts(_otherwise(domains, answer, set(elements)))
    yield from drafts(_elsewhere(answer, [told for told in blamed if told.stage == START]))
    own = [told for told in elements.values() if told.element is not None and told.element.source is document.source]
    for told in own:
        assert told.element is not None
        yield from drafts([(f"out {told.element.start}", f"take {_named(told)} out", without(told.element))])
    if len(own) > 1:
        changes = [change for told in own if told.element is not None for change in without(told.element)]
        yield from drafts([("out", f"take {', '.join(map(_named, own))} out", changes)])


def _named(told: Told) -> str:
    assert told.element is not None
    name = told.name or told.element.name
    return name if told.attach is not None else f"{name} (line {told.element.span.line})"


# ------------------------------------------------------------------------------------- other values
def _as_said(domains: Domains, answer: DomainAnswer, refused: Sequence[Told]) -> Iterator[Trial]:
    """What rules say would help: each alone, and what one rule says for all that it refuses; with and without their addresses."""
    of_rules: dict[tuple[str, int], list[Mend]] = {}
    for told in refused:
        for number, mend in enumerate(told.mends):
            of_rules.setdefault((told.reason.rule, number), []).append(mend)
    for (rule, number), mends in sorted(of_rules.items(), key=lambda one: one[0][1]):
        mends = list(dict.fromkeys(mends))
        for some in [mends[:1], mends] if len(mends) > 1 else [mends]:
            yield from _changed(domains, answer, f"{rule} {number}", some)


def _otherwise(domains: Domains, answer: DomainAnswer, blamed: set[int]) -> Iterator[Trial]:
    """Other values of what is blamed, of what others stand on (be it added by a step: that is written then), and of all that say
    the same.
    """
    makers = {id(one.item) for one in answer.devices if one.bus}
    own = [mend for mend in answer.others if id(mend.element) in blamed]
    beside = [mend for mend in answer.others if mend.item in makers and id(mend.element) not in blamed]
    for mend in (*own, *beside):
        yield from _changed(domains, answer, f"{mend.kind} {mend.item} {mend.path}", [mend])
    alike: dict[tuple[str, str, str | None], list[Mend]] = {}
    for mend in answer.others:
        if mend.element is not None:
            alike.setdefault((mend.kind, mend.path, mend.value), []).append(mend)
    for (kind, path, _), mends in alike.items():
        yield from _changed(domains, answer, f"{kind} {path}", mends)


def _changed(domains: Domains, answer: DomainAnswer, sort: str, mends: Sequence[Mend]) -> Iterator[Trial]:
    """Elements with other values; then their addresses are left out, too."""
    placed = {id(one.item): one for one in answer.devices}
    changes: list[Change] = []
    told: list[str] = []
    for mend in mends:
        one = placed.get(mend.item)
        if mend.element is not None:
            changes += valued(mend.element, mend.path, mend.value)
            name = f"{one.name if one is not None and one.name else f'<{mend.element.name}>'} (line {mend.element.span.line})"
        elif one is not None and mend.value is not None:
            above, _, kind = domains.paths[mend.kind].rpartition("/")
            holder = answer.document.root.find(above)
            written = fresh(kind, {**_bare(one.written), mend.path: mend.value})
            if holder is None:
                return
            changes.append((holder, xml_edit.append_child(holder, written)))
            told.append(f"add {xml_edit.written(written)}")
            continue
        else:
            return
        said = "left out" if mend.value is None else f"='{mend.value}'"
        told.append(f"{mend.path.replace('@', '')}{said if said[0] == '=' else f' {said}'} of {name}")
    yield sort, ", ".join(told), changes
    addresses = [a for m in mends if m.element is not None and (a := m.element.find(_ADDRESS)) is not None]
    if addresses and not any(m.path.startswith(f"{_ADDRESS}/") for m in mends):
        yield sort, f"{', '.join(told)}, and the address left to libvirt", [*changes, *(c for a in addresses for c in without(a))]


def _elsewhere(answer: DomainAnswer, blamed: Sequence[Told]) -> Iterator[Trial]:
    """An address of its own for what the emulator finds no room for where libvirt has put it: behind the last that is taken."""
    for told in blamed:
        one = next((p for p in answer.devices if p.element is told.element), None)
        place = {path: text for path, text in one.written.items() if path.startswith(f"{_ADDRESS}/")} if one is not None else {}
        if told.element is None or _SLOT not in place or told.element.find(_ADDRESS) is not None:
            continue
        bus = [p.written[_SLOT] for p in answer.devices if _SLOT in p.written and p.written.get(_BUS) == place.get(_BUS)]
        for slot in range(max(int(text, 16) for text in bus) + 1, _SLOTS):
            written = fresh(told.element.name, {**place, _SLOT: f"0x{slot:02x}"})
            change = (told.element, xml_edit.append_child(told.element, *written.children))
            yield f"elsewhere {told.element.start}", f"give {_named(told)} the slot 0x{slot:02x}", [change]


def _without_addresses(blamed: Sequence[Told]) -> Iterator[Trial]:
    """The addresses of what is blamed left out: one, and all."""
    addresses: dict[int, Element] = {}
    names: list[str] = []
    for told in blamed:
        address = told.element.find(_ADDRESS) if told.element is not None else None
        if address is not None and id(address) not in addresses:
            addresses[id(address)] = address
            names.append(_named(told))
            yield f"address {id(address)}", f"leave the address of {names[-1]} to libvirt", without(address)
    if len(addresses) > 1:
        changes = [change for address in addresses.values() for change in without(address)]
        yield "addresses", f"leave the addresses of {', '.join(names)} to libvirt", changes


def _with_more(domains: Domains, answer: DomainAnswer, kind: str, values: dict[str, str]) -> Iterator[Trial]:
    """Elements added that give room: beside what is there, and beside those of their sort that libvirt adds by itself."""
    above, _, name = domains.paths[kind].rpartition("/")
    holder = answer.document.root.find(above)
    if holder is None:
        return
    one = fresh(name, values)
    sort = values.get("@type")
    own = [p for p in answer.devices if p.element is None and p.kind == kind and p.written.get("@type") == sort]
    beside = [fresh(name, _bare(p.written)) for p in sorted(own, key=lambda p: int(p.written.get("@index", "0")))]
    for base, told in (([], ""), (beside, " beside those that libvirt adds by itself, which are then written, too")):
        if told and not beside:
            continue
        for count in range(1, _MOST_ADDED + 1):
            text = f"add {xml_edit.written(one)}{f' {count} times' if count > 1 else ''}{told}"
            yield f"{kind} {values} {told}", text, [(holder, xml_edit.append_child(holder, *base, *[one] * count))]


def _bare(written: dict[str, str]) -> dict[str, str]:
    """Values without an address, and without what follows from one."""
    return {path: value for path, value in written.items() if path.startswith("@")}
