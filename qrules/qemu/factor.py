"""States each fact once, on the highest type that it holds for; what is below inherits it or states its own.

A binary tells properties and bus kinds type by type, inherited or not. These functions find the inheritance again. They
know names and a tree only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qrules.qemu.facts import NOWHERE, Property

Parents = Mapping[str, str]
"""The parent of each type; a root's is a name that has no entry."""
Listed = Mapping[str, Mapping[str, Property]]
"""The properties of a type by name, inherited ones too."""


def ancestors(name: str, parents: Parents) -> Iterator[str]:
    """The type itself, its parent, and so on."""
    while name in parents:
        yield name
        name = parents[name]


def below(names: Iterable[str], parents: Parents) -> dict[str, list[str]]:
    """For each type those of `names` that are it or derive from it, in the order of `names`."""
    found: dict[str, list[str]] = {}
    for name in names:
        for ancestor in ancestors(name, parents):
            found.setdefault(ancestor, []).append(name)
    return found


def stated_kinds(kinds: Mapping[str, str], parents: Parents) -> dict[str, str]:
    """What each type has to state about its bus kind; types that inherit are missing.

    `kinds` has the kind of every concrete type, empty for no bus. A type states what most concrete types below it
    share (ties: the first in the alphabet), so that few have to differ.
    """
    usual = {name: _most(kinds[each] for each in concrete) for name, concrete in below(kinds, parents).items()}
    usual |= kinds
    inherited = {name: usual.get(parents[name], "") for name in usual}
    return {name: kind or NOWHERE for name, kind in usual.items() if kind != inherited[name]}


def _most(kinds: Iterable[str]) -> str:
    return min(Counter(kinds).items(), key=lambda entry: (-entry[1], entry[0]))[0]


def with_agreed_defaults(listed: Listed, told_by: Iterable[str], parents: Parents) -> dict[str, dict[str, Property]]:
    """Fills the defaults that the listing of a class leaves out: where all types below agree, their default is its own.

    `told_by` are the types whose listing has all defaults.
    """
    descendants = below(told_by, parents)
    return {
        name: {
            each.name: _agreed(each, [listed[below_it].get(each.name) for below_it in descendants.get(name, ())])
            for each in properties.values()
        }
        for name, properties in listed.items()
    }


def _agreed(own: Property, below_it: Sequence[Property | None]) -> Property:
    told = {each for each in below_it if each is not None}
    if own.default is None and len(told) == 1:
        (agreed,) = told
        return agreed if agreed.domain == own.domain else own
    return own


def with_shared(listed: Listed, concrete: Iterable[str], parents: Parents) -> dict[str, dict[str, Property]]:
    """Adds to each type the properties that all `concrete` types below it, two at least, have just so.

    A class does not list what its instances get when they are made.
    """
    descendants = below(concrete, parents)
    return {
        name: {**_shared([listed[each] for each in descendants.get(name, ())]), **properties}
        for name, properties in listed.items()
    }


def _shared(listings: Sequence[Mapping[str, Property]]) -> dict[str, Property]:
    if len(listings) < 2:
        return {}
    return {n: each for n, each in listings[0].items() if all(other.get(n) == each for other in listings)}


def own_properties(name: str, listed: Listed, parents: Parents) -> tuple[Property, ...]:
    """The listed properties of a type that its nearest ancestor with a listing does not have just so, by name.

    Empty for a type that is not listed.
    """
    above = next((listed[each] for each in ancestors(parents[name], parents) if each in listed), {})
    return tuple(sorted(each for each in listed.get(name, {}).values() if above.get(each.name) != each))
