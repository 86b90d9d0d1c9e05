"""What one target's pieces are made of while they are compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from qrules.diagnostics import did_you_mean
from qrules.knowledge.clauses import ClauseCompiler
from qrules.knowledge.notes import NoteBook
from qrules.knowledge.resolve import Resolver
from qrules.knowledge.rules import RuleCompiler
from qrules.knowledge.world import World
from qrules.language import tree


class Profiles:
    """The profiles of a rule set, and which of them decide what stands.

    What a deciding profile refuses is not there for the devices after it. A profile decides that says ``decides = on``;
    where none says so, all but the advisory ones.
    """

    def __init__(self, statements: Iterable[tree.Statement]) -> None:
        self.all = {s.name.text: s for s in statements if isinstance(s, tree.Profile)}
        told = {name for name in self.all if self._says(name, "decides")}
        self.deciding = frozenset(told or {name for name in self.all if not self._says(name, "advice")})

    @property
    def judging(self) -> frozenset[str]:
        """The profiles whose rules look at the whole and refuse nothing."""
        return frozenset(self.all) - self.deciding

    def _says(self, name: str, word: str) -> bool:
        return any(a.name == word and a.value.op == "literal" and a.value.args[0] is True for a in self.all[name].attributes)

    def of(self, rule: tree.Rule, problem: Callable[..., object]) -> str:
        """The profile of a rule: the one that it names, or the only one that decides."""
        if rule.profile is not None:
            self.known(rule.profile, problem)
            return rule.profile.text
        if len(self.deciding) == 1:
            return next(iter(self.deciding))
        found = "several profiles decide" if self.deciding else "no profile is declared"
        problem(
            "QR209",
            f"the rule '{rule.name.text}' names no profile, and {found}",
            rule.name.span,
            f"rule {rule.name.text} : PROFILE",
        )
        return ""

    def known(self, name: tree.Name, problem: Callable[..., object]) -> None:
        """Tells `problem` where there is no profile of this name."""
        if name.text not in self.all:
            listed = ", ".join(sorted(self.all)) or "a 'profile NAME' statement"
            problem(
                "QR209", f"there is no profile '{name.text}'", name.span, f"one of {listed}", did_you_mean(name.text, self.all)
            )


@dataclass(slots=True)
class Compilation:
    """Everything that one target's pieces are made of."""

    world: World
    resolver: Resolver
    notes: NoteBook
    clauses: ClauseCompiler
    rules: RuleCompiler
    profiles: Profiles
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    families: dict[str, dict[str, Any]] = field(default_factory=dict)
    part_lists: dict[str, tree.Block] = field(default_factory=dict)
    single: dict[tuple[str, str], tree.Clause] = field(default_factory=dict)  # what a kind can have once, where it has it
    schemes: dict[str, frozenset[str]] = field(default_factory=dict)  # dimensions by the bus kind whose block has them

    def dimensions(self, kind: str) -> frozenset[str]:
        """The dimensions of the address scheme that a bus kind has or inherits."""
        return next((self.schemes[k] for k in self.world.line(kind) if k in self.schemes), frozenset())

    def of(self, kind: str) -> dict[str, Any]:
        """All that is said of a kind, by the sort of clause; an empty one at first."""
        return self.kinds.setdefault(kind, {})


def blocks(statements: Iterable[tree.Statement]) -> list[tree.Block]:
    """The blocks among statements."""
    return [s for s in statements if isinstance(s, tree.Block)]
