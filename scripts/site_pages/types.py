"""Pages of device types: what `qrules show TYPE` has."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.explain import inventory
from qrules.explain.describing import Described, PropertyShown, described
from site_pages.known import Known, Target
from site_pages.machines import section
from site_pages.writing import Pages, block, code, listed, path, text

_INDEX = "types/index.md"


def expect(pages: Pages, known: Known) -> None:
    """Which pages there will be."""
    pages.expect("types", known.types())


def write(pages: Pages, known: Known, only: frozenset[str] | None = None) -> None:
    """A page for each type (or for those of `only`), and the list of them."""
    takers = _takers(known)
    types = known.types()
    for name, targets in sorted(types.items()):
        if only is None or name in only:
            pages.add(path("types", name), name, _type(pages, known, name, targets, takers))
    groups: dict[str, list[str]] = {}
    for name in sorted(types, key=str.casefold):
        groups.setdefault(name[0].upper(), []).append(name)
    lines = ["Types that users can add with -device, or that a machine brings."]
    for letter, names in groups.items():
        lines += ["", f"## {text(letter)}", "", pages.links(_INDEX, "types", names)]
    pages.add(_INDEX, "Device types", lines)


def _takers(known: Known) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """By architecture and type the machines that have a bus for it, each with the bus; of a family only one with an alias."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for target in known.targets:
        for name, machine in target.machines.items():
            if machine.facts.aliases or "-" not in name:
                for fact in inventory.pluggable(target.board, machine.request):
                    found.setdefault((target.arch, fact.name), []).append((name, fact.bus or ""))
    return found


def _type(
    pages: Pages, known: Known, name: str, targets: list[Target], takers: dict[tuple[str, str], list[tuple[str, str]]]
) -> Iterator[str]:
    at = path("types", name)
    of = {target.arch: found for target in targets if (found := described(target.board, name, known.homes, machines=False))}
    first = next(iter(of.values()))
    yield text(first.description or name)
    at_versions: dict[str, list[str]] = {}
    for version, arch in first.at:
        at_versions.setdefault(version, []).append(arch)
    told = [
        f"it is {', '.join(map(code, first.kinds[1:6]))}" if first.kinds[1:] else "",
        "" if first.status == "user" else f"{text(first.status)}: no type that a user adds",
        f"also called {', '.join(map(code, first.aliases))}" if first.aliases else "",
        f"goes on {pages.link(at, 'buses', first.goes_on) if first.goes_on else 'no bus'}",
        *(f"in QEMU {text(version)}: {text(', '.join(arches))}" for version, arches in at_versions.items()),
    ]
    yield from listed(line for line in told if line)
    yield from ("", "## Machines that have a bus for it", "")
    places = []
    for target in targets:
        found = [f"{pages.link(at, section(target), m)} ({text(b)})" for m, b in takers.get((target.arch, name), ())]
        if found:
            places.append(f"{pages.link(at, 'arches', target.arch)}: {', '.join(found)}")
    yield from listed(places) or ["None of those that rules describe, as they come."]
    yield from ("", "## Rules about it", "")
    rules = list(dict.fromkeys(rule for found in of.values() for rule, _ in found.rules))
    yield pages.links(at, "rules", rules) or "None."
    yield from ("", "## Properties", "")
    yield f"As QEMU {text(targets[0].knowledge.version)} for {text(next(iter(of)))} has them; the nearest rules come first."
    yield from ("", block("\n".join(_rows(first))))


def _rows(found: Described) -> Iterator[str]:
    wide = max((len(p.name) for p in found.properties), default=0)
    for shown in found.properties:
        yield f"{shown.name:<{wide}}  {shown.type}{_default(shown)}"


def _default(shown: PropertyShown) -> str:
    if shown.default is None:
        return ""
    return f" = {'on' if shown.default is True else 'off' if shown.default is False else shown.default}"
