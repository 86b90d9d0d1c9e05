"""What the pages are about: the newest version of some architectures with the machines as they stand, and libvirt."""

from __future__ import annotations

from dataclasses import dataclass, field

from qrules.explain import inventory
from qrules.explain.messages import Meaning, Phrases
from qrules.knowledge.model import Knowledge, MachineFacts
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.plugging.board import Board
from qrules.rulesets.store import Store, open_store

ARCHES = ("x86_64", "aarch64", "ppc64", "riscv64", "s390x")


@dataclass
class Standing:
    """A machine as it comes, with nothing plugged."""

    facts: MachineFacts
    request: Request
    state: State


@dataclass
class Target:
    """One architecture in its newest version."""

    knowledge: Knowledge
    board: Board
    phrases: Phrases
    machines: dict[str, Standing]

    @property
    def arch(self) -> str:
        """The architecture's name."""
        return self.knowledge.arch


@dataclass
class Rule:
    """All that is said under one name: by whom (QEMU or libvirt), and each place where the rules say it."""

    name: str
    speaker: str
    meanings: list[Meaning]
    said: list[str]  # the templates of its messages


@dataclass
class Known:
    """All that the pages are made of."""

    store: Store
    targets: list[Target]
    libvirt: Knowledge | None
    rules: dict[str, Rule] = field(default_factory=dict)

    @property
    def homes(self) -> list[tuple[str, str]]:
        """All targets of the rule set: (version, architecture)."""
        return [(t.version, t.arch) for t in self.store.targets()]

    def types(self) -> dict[str, list[Target]]:
        """The device types that users can add or that a machine brings, with the targets that have them."""
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            brought = {d.kind.name for m in target.machines.values() for d in m.state.devices}
            for name, facts in target.knowledge.shared["types"].items():
                if facts[0] == "user" or name in brought:
                    found.setdefault(name, []).append(target)
        return found

    def bus_kinds(self) -> list[str]:
        """The bus kinds that types go on, that machines have, and that types make."""
        found: set[str] = set()
        for target in self.targets:
            found |= {facts[1] for facts in target.knowledge.shared["types"].values() if facts[1]}
            found |= {bus.kind.name for m in target.machines.values() for bus in m.state.buses}
        return sorted(found)


def know(arches: tuple[str, ...] = ARCHES, libvirt: bool = True) -> Known:
    """Reads the shipped rules. Raises `Unusable` for an architecture that they do not have."""
    store = open_store()
    targets = [_target(store.knowledge(store.resolve(None, arch))) for arch in arches]
    apart = open_store("libvirt") if libvirt else None
    known = Known(store, targets, apart.knowledge(apart.resolve(None, None)) if apart is not None else None)
    for target in targets:
        _learn(known.rules, target.phrases, "QEMU")
    if known.libvirt is not None:
        _learn(known.rules, Phrases(known.libvirt), "libvirt")
    return known


def _target(knowledge: Knowledge) -> Target:
    board = Board(knowledge)
    machines = {}
    for name in knowledge.machine_names():
        facts = knowledge.machine(name)
        if facts is not None and facts.family is not None:
            request = inventory.machine_request(name, {}, False)
            machines[name] = Standing(facts, request, board.build_machine(facts, request)[0])
    return Target(knowledge, board, Phrases(knowledge), machines)


def _learn(rules: dict[str, Rule], phrases: Phrases, speaker: str) -> None:
    """Adds what one rule set says; what stands there already is the same rule for another architecture."""
    for name, (meanings, said) in phrases.by_name().items():
        rule = rules.setdefault(name if speaker == "QEMU" else f"{name} ({speaker})", Rule(name, speaker, [], []))
        stands = {(m.where, m.because) for m in rule.meanings}
        rule.meanings += [m for m in meanings if (m.where, m.because) not in stands]
        rule.said += [words for words in said if words not in rule.said]
