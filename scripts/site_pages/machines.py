"""Pages of architectures, machines and bus kinds."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator

from qrules.explain import inventory
from qrules.explain.picture import topology
from qrules.knowledge.model import MachineFacts
from qrules.machine.entities import Device
from qrules.machine.state import State
from qrules.qemu.trials import bearing_options
from qrules.report import dot
from qrules.report.style import Style
from qrules.report.tree import tree
from qrules.visible import BREAK
from site_pages.known import Known, Standing, Target
from site_pages.writing import Pages, block, code, listed, path, table, text

_MOST_FREE = 6  # ranges of free places that a table lists of one bus


def section(target: Target) -> str:
    """The folder of an architecture's machines."""
    return f"machines/{target.arch}"


def expect(pages: Pages, known: Known) -> None:
    """Which pages there will be."""
    pages.expect("arches", [t.arch for t in known.targets])
    pages.expect("buses", known.bus_kinds())
    for target in known.targets:
        pages.expect(section(target), target.machines)


def write(pages: Pages, known: Known, pictures: bool = True) -> None:
    """All pages of architectures, machines and bus kinds; `pictures`: drawn as SVG where Graphviz is there."""
    pictures = pictures and shutil.which("dot") is not None
    for target in known.targets:
        _arch(pages, known, target)
        for name, machine in target.machines.items():
            at = path(section(target), name)
            drawn = topology(target.board, machine.state)
            if pictures:
                pages.files[at.removesuffix(".md") + ".svg"] = dot.svg(drawn)
            pages.add(at, f"{name} ({target.arch})", _machine(pages, known, target, machine, at, pictures))
    for kind in known.bus_kinds():
        _bus_kind(pages, known, kind)
    head = "Kinds of buses: which machines have one, what goes on it, and what makes another one."
    pages.add("buses/index.md", "Bus kinds", [head, *listed(pages.link("buses/index.md", "buses", k) for k in known.bus_kinds())])


# ------------------------------------------------------------------------------------- architectures
def _arch(pages: Pages, known: Known, target: Target) -> None:
    at = path("arches", target.arch)
    knowledge = target.knowledge
    others = [v for v, arch in known.homes if arch == target.arch and v != knowledge.version]
    undescribed = [name for name in knowledge.machine_names() if name not in target.machines]
    rows = [
        (
            pages.link(at, section(target), name),
            ", ".join(map(code, m.facts.aliases)),
            text(" ".join(m.facts.words)),
            text(m.facts.description or ""),
        )
        for name, m in target.machines.items()
    ]
    lines = [f"As QEMU {text(knowledge.version)} has it; rules and catalogues are there for QEMU {text(', '.join(others))}, too."]
    lines += ["", "## Machines that rules describe", *table(("machine", "also called", "it is", "description"), rows)]
    if undescribed:
        lines += ["", "## Machines without rules so far", "", ", ".join(map(code, undescribed))]
    pages.add(at, target.arch, lines)


# ------------------------------------------------------------------------------------- machines
def _machine(pages: Pages, known: Known, target: Target, machine: Standing, at: str, picture: bool) -> Iterator[str]:
    facts, knowledge = machine.facts, target.knowledge
    versions = [v for v, arch in knowledge.homes("machines", facts.name) or known.homes if arch == target.arch]
    yield text(facts.description or facts.name)
    told = [
        f"architecture: {pages.link(at, 'arches', target.arch)}, as QEMU {text(knowledge.version)} has it",
        f"also called: {', '.join(map(code, facts.aliases))}" if facts.aliases else "",
        f"it is {text(' '.join(facts.words))}" if facts.words else "",
        f"in QEMU {text(', '.join(versions))}",
    ]
    yield from listed(line for line in told if line)
    yield from ("", "## What stands where", "")
    command = f"qrules slots {facts.name} --arch {target.arch} --tree"
    yield f"The machine with its defaults and nothing plugged, as {code(command)} prints it:"
    drawn = topology(target.board, machine.state)
    yield from ("", block(tree(drawn, Style(False)).replace(BREAK, "\n")), "")
    if picture:
        yield f"![the same as a picture]({at.rsplit('/', 1)[1].removesuffix('.md')}.svg)"
    yield from ("", "## Buses and free places")
    yield from _buses(pages, target, machine.state, at)
    yield from ("", "## Options that change something")
    newest = _newest(target, facts)
    if newest != facts.name:
        yield from ("", f"They are listed for the newest of its family: {pages.link(at, section(target), newest)}.")
    else:
        changes = list(_options(target, machine))
        yield from table(("option", "what comes and goes"), changes) or ["", "None of them changes what stands."]
    yield from ("", "## supported-device-types", "")
    yield pages.links(at, "types", inventory.supported(target.board, machine.state)) or "There are none."


def _newest(target: Target, facts: MachineFacts) -> str:
    """The newest machine of a family: its older ones are built with each value of each option by nobody who is in a hurry."""
    return [name for name, machine in target.machines.items() if machine.facts.family == facts.family][-1]


def _buses(pages: Pages, target: Target, state: State, at: str) -> list[str]:
    rows = []
    for bus in inventory.buses(target.board, state):
        free = [*bus.free[:_MOST_FREE], *(["..."] if len(bus.free) > _MOST_FREE else [])]
        room = f"{bus.slots.free} of {bus.slots.total}" if bus.slots is not None else ""
        rows.append(
            (
                code(bus.id),
                pages.link(at, "buses", bus.type),
                pages.link(at, "types", bus.parent_device) if bus.parent_device else "",
                "yes" if bus.hotpluggable else "no",
                text(room),
                text(", ".join(free)),
                text(str(bus.line or "")),
            )
        )
    return table(("bus", "kind", "made by", "hot plug", "free", "free places", "stands in"), rows)


def _options(target: Target, machine: Standing) -> Iterator[tuple[str, str]]:
    """The options that bear on devices, each value with what comes and goes by it on the machine as it stands."""
    before = _standing(machine.state)
    for name, values in bearing_options(target.knowledge, machine.facts).items():
        for value in values:
            meant: object = value == "on" if value in ("on", "off") else value
            asked = inventory.machine_request(machine.facts.name, {name: meant}, False)
            state, refused = target.board.build_machine(machine.facts, asked)
            if refused:
                continue
            now = _standing(state)
            told = [f"{word} {_counted(left)}" for word, left in (("comes", now - before), ("goes", before - now)) if left]
            if told:
                yield code(f"{name}={value}"), "; ".join(told)


def _standing(state: State) -> Counter[str]:
    named = [f"{d.kind.name} on {d.bus.id}" if d.bus is not None else d.kind.name for d in state.devices]
    return Counter([*named, *(f"bus {bus.id}" for bus in state.buses if isinstance(bus.owner, Device))])


def _counted(left: Counter[str]) -> str:
    return ", ".join(code(name) + (f" ({many} times)" if many > 1 else "") for name, many in sorted(left.items()))


# ------------------------------------------------------------------------------------- bus kinds
def _bus_kind(pages: Pages, known: Known, kind: str) -> None:
    at = path("buses", kind)
    lines: list[str] = []
    types = known.types()
    goes = sorted(n for n, having in types.items() if any(t.knowledge.shared["types"][n][1] == kind for t in having))
    makers = list(dict.fromkeys(m for t in known.targets for m in t.knowledge.makers_of(kind)))
    lines += ["## Machines that have one as they come"]
    rows = []
    for target in known.targets:
        found = [n for n, m in target.machines.items() if any(bus.kind.name == kind for bus in m.state.buses)]
        if found:
            rows.append((pages.link(at, "arches", target.arch), pages.links(at, section(target), found)))
    lines += table(("architecture", "machines"), rows) or ["", "None of those that rules describe."]
    lines += ["", "## What makes one", "", pages.links(at, "types", makers) or "No type that a user can add."]
    lines += ["", "## Types that go on it", "", pages.links(at, "types", goes) or "None."]
    clauses = [*{n: None for t in known.targets for n in _rules(t, kind)}]
    if clauses:
        lines += ["", "## Rules about it", "", pages.links(at, "rules", clauses)]
    pages.add(at, f"Bus kind {kind}", lines)


def _rules(target: Target, kind: str) -> Iterator[str]:
    from qrules.knowledge.model import RULE

    for row in target.knowledge.clauses((kind,), "rules"):
        yield target.knowledge.note(row[RULE.index("note")]).name
