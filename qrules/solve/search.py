"""Bundles over pools: python-constraint with a solver and constraints of our own, loaded only when something is coupled.

Its stock solvers take minutes to see that twelve things do not go into eleven places. Ours takes the smallest domain first,
tries one of several pools that are alike, asks the flow at every step whether the rest still fits, and counts its steps.
"""

from __future__ import annotations

from constraint import Constraint, Problem, Solver

from qrules.solve.flow import distribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qrules.solve.build import Instance, Site
    from qrules.solve.load import Bundle, Load

STEPS = 20_000


class GaveUp(Exception):
    """The search used up its steps: neither yes nor no."""


def assign(load: Load, site: Site, steps: int = STEPS) -> list[tuple[Bundle, Instance]] | None:
    """A pool for every bundle so that groups are apart and everything else still fits; None if there is none.

    Raises `GaveUp` after so many steps: values that were tried.
    """
    instances = site.instances
    number = {instance.name: i for i, instance in enumerate(instances)}
    placed = {b: number[bundle.fixed] for b, bundle in enumerate(load.bundles) if bundle.fixed is not None}
    problem = Problem(_Search(steps, instances, frozenset(placed.values())))
    for b, bundle in enumerate(load.bundles):
        suiting = [i for i, one in enumerate(instances) if one.type in bundle.types and one.free >= bundle.weight]
        domain = [placed[b]] if b in placed else suiting
        if b in placed and bundle.weight and placed[b] not in suiting:
            return None
        if not domain:
            return None
        problem.addVariable(b, domain)
    everybody = list(range(len(load.bundles)))
    problem.addConstraint(Room(load, site), everybody)
    for g in sorted({g for bundle in load.bundles for g in bundle.groups}):
        members = [b for b in everybody if g in load.bundles[b].groups]
        if len(members) > 1:
            problem.addConstraint(KeptApart(), members)
    found = problem.getSolution()
    return None if found is None else [(load.bundles[b], instances[found[b]]) for b in everybody]


class KeptApart(Constraint):  # type: ignore[misc]  # the library has no types
    """Each in a pool of its own. Looks ahead: as many different pools must be left as there are bundles.

    That is the matching with which the filter of "all different" begins (Régin, AAAI 1994); values off every matching stay, since
    `Room` rules out far more.
    """

    def __call__(
        self, variables: Sequence[int], domains: dict[int, Any], assignments: dict[int, int], forwardcheck: Any = False
    ) -> bool:
        held = [assignments[v] for v in variables if v in assignments]
        if len(set(held)) < len(held):
            return False
        if forwardcheck:
            for v in variables:
                if v not in assignments:
                    for value in held:
                        if value in domains[v]:
                            domains[v].hideValue(value)
                    if not domains[v]:
                        return False
        waiting = [domains[v] for v in variables if v not in assignments]
        pools = sorted({value for domain in waiting for value in domain})
        index = {value: i for i, value in enumerate(pools)}
        classes = [(tuple(index[value] for value in sorted(domain)), 1) for domain in waiting]
        return distribute(classes, [1] * len(pools)).stuck is None

    def preProcess(self, variables: Any, domains: Any, constraints: Any, vconstraints: Any) -> None:
        """Hide from the start what the matching rules out: nothing is assigned yet, so an empty answer ends it."""
        if not self(variables, domains, {}):
            for v in variables:
                domains[v].clear()


class Room(Constraint):  # type: ignore[misc]  # the library has no types
    """No pool holds more than it has, and what is not coupled still fits around the bundles."""

    def __init__(self, load: Load, site: Site) -> None:
        self.weights = [bundle.weight for bundle in load.bundles]
        self.instances = site.instances
        self.classes = list(load.plain.items())
        self.free = [0] * len(site.model.types)
        for instance in site.instances:
            self.free[instance.type] += instance.free

    def __call__(
        self, variables: Sequence[int], domains: dict[int, Any], assignments: dict[int, int], forwardcheck: Any = False
    ) -> bool:
        used: dict[int, int] = {}
        for b, i in assignments.items():
            used[i] = used.get(i, 0) + self.weights[b]
        left = self.free[:]
        for i, weight in used.items():
            if weight > self.instances[i].free:
                return False
            left[self.instances[i].type] -= weight
        if forwardcheck:
            for v in variables:
                if v not in assignments:
                    for i in [i for i in domains[v] if i in used and used[i] + self.weights[v] > self.instances[i].free]:
                        domains[v].hideValue(i)
                    if not domains[v]:
                        return False
        return distribute(self.classes, left).stuck is None

    def preProcess(self, variables: Any, domains: Any, constraints: Any, vconstraints: Any) -> None:
        """The flow alone, before anything is assigned."""
        if not self(variables, domains, {}):
            for v in variables:
                domains[v].clear()


class _Search(Solver):  # type: ignore[misc]  # the library has no types
    """Depth first: the smallest domain first, values in order, one of several untouched pools that are alike."""

    def __init__(self, steps: int, instances: list[Instance], special: frozenset[int]) -> None:
        self.steps = steps
        self.alike = [(one.type, one.free, i if i in special else None, len(one.open)) for i, one in enumerate(instances)]

    def getSolution(self, domains: Any, constraints: Any, vconstraints: Any) -> dict[int, int] | None:
        assignments: dict[int, int] = {}
        return assignments if self._extend(domains, vconstraints, assignments) else None

    def _extend(self, domains: dict[int, Any], vconstraints: dict[int, Any], assignments: dict[int, int]) -> bool:
        waiting = [v for v in domains if v not in assignments]
        if not waiting:
            return True
        variable = min(waiting, key=lambda v: (len(domains[v]), v))
        touched = set(assignments.values())
        tried: set[object] = set()
        for value in sorted(domains[variable]):
            if value not in touched:
                if self.alike[value] in tried:
                    continue
                tried.add(self.alike[value])
            self.steps -= 1
            if self.steps < 0:
                raise GaveUp
            assignments[variable] = value
            others = [domains[v] for v in waiting if v != variable]
            for domain in others:
                domain.pushState()
            if all(c(vs, domains, assignments, others or True) for c, vs in vconstraints[variable]) and self._extend(
                domains, vconstraints, assignments
            ):
                return True
            for domain in others:
                domain.popState()
            del assignments[variable]
        return False
