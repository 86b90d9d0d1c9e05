"""Small integer programmes, exactly: dual simplex on whole numbers (Lemke 1954), cuts, branch and bound (Land and Doig 1960).

Minimise ``cost . x`` over whole ``x >= 0`` with rows ``a . x <= b``. Costs are not negative, so the slack basis is dual feasible
and one method serves for the first solution and after every cut and branch. The tableau keeps whole numbers over one
denominator (Edmonds 1967): no rounding, so cuts are read off it, and "infeasible" and "no cheaper one" are proofs. Programmes
here have some tens of variables; how many devices stand behind them does not matter.
"""

from __future__ import annotations

from math import gcd

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Row = tuple[Mapping[int, int], int]  # coefficients by variable, and the right-hand side
    Split = Callable[[list[int]], "list[list[Row]] | None"]


WORK = 1_000_000  # numbers that are computed for one programme: a twentieth of a second
MOST = 40_000_000  # for all that are counted together


class Solved(NamedTuple):
    """``values`` is None without a solution; ``bound`` is what no solution beats (None: there is none at all)."""

    values: list[int] | None
    bound: int | None
    finished: bool


class Tableau:
    """``denominator * basic + sum(row * nonbasic) = rhs`` for each row; the objective is row 0, the rhs the last column."""

    __slots__ = ("basic", "denominator", "nonbasic", "rows", "spent")

    def __init__(self, cost: Sequence[int], rows: Sequence[Row], spent: list[int] | None = None) -> None:
        n = len(cost)
        self.spent = [0] if spent is None else spent  # numbers that pivots computed, by this one and all its copies
        self.denominator = 1
        self.nonbasic = list(range(n))
        self.basic = list(range(n - 1, n + len(rows)))  # row 0 is the objective: its entry means nothing
        self.rows = [[-c for c in cost] + [0]]
        for coefficients, rhs in rows:
            dense = [0] * (n + 1)
            for j, a in coefficients.items():
                dense[j] = a
            dense[n] = rhs
            self.rows.append(dense)

    def copy(self) -> Tableau:
        """The same to go on from; rows are shared, since none is changed in place."""
        twin = Tableau.__new__(Tableau)
        twin.denominator, twin.nonbasic, twin.basic, twin.rows = self.denominator, self.nonbasic[:], self.basic[:], self.rows[:]
        twin.spent = self.spent
        return twin

    def value(self) -> int:
        """The objective, rounded up: costs are whole."""
        return -(-self.rows[0][-1] // self.denominator)

    def add(self, coefficients: Mapping[int, int], rhs: int) -> None:
        """One more row, in terms of the variables of the start."""
        d, width = self.denominator, len(self.nonbasic)
        dense = [0] * width + [rhs * d]
        column = {v: j for j, v in enumerate(self.nonbasic)}
        row = {v: i for i, v in enumerate(self.basic) if i}
        for v, a in coefficients.items():
            if v in column:
                dense[column[v]] += a * d
            else:
                for j, b in enumerate(self.rows[row[v]]):
                    if b:
                        dense[j] -= a * b
        self.basic.append(1 + max(max(self.nonbasic), max(self.basic)))
        self.rows.append(dense)

    def cut(self, n: int, rounds: int = 100, pivots: int = 60) -> bool:
        """Cut off fractions that no whole solution has (Gomory 1958): a row with its coefficients rounded down holds as well.

        It ends when a round takes more than so many pivots or numbers grow long: branching is better then. False where
        nothing whole is left.
        """
        own = len(self.rows) + n - 1
        for _ in range(rounds):
            d = self.denominator
            split = [self.rows[i] for i in range(1, len(self.rows)) if self.rows[i][-1] % d]
            if not split or d.bit_length() > 100:
                break
            before = self.copy()
            for row in split:
                self.basic.append(1 + max(max(self.nonbasic), max(self.basic)))
                self.rows.append([-(a % d) for a in row])
            done = self.repair(pivots)
            if done is None:
                self.denominator, self.nonbasic = before.denominator, before.nonbasic
                self.basic, self.rows = before.basic, before.rows
                break
            if not done:
                return False
            kept = [i for i, v in enumerate(self.basic) if v < own]  # a cut that does not bind has done its work
            self.basic, self.rows = [self.basic[i] for i in kept], [self.rows[i] for i in kept]
        return True

    def repair(self, pivots: int | None = None) -> bool | None:
        """Dual simplex: False where the rows contradict each other, None where so many pivots were not enough."""
        steps = 0
        while True:
            r = self._leaving(steps > 200)
            if not r:
                return True
            c = self._entering(self.rows[r])
            if c < 0:
                return False
            if steps == pivots:
                return None
            self._pivot(r, c)
            steps += 1

    def _leaving(self, careful: bool) -> int:
        """The row that is violated most; after many steps the first variable instead.

        With ties of `_entering` broken by the first variable too, that cannot go round in circles (Bland 1977).
        """
        chosen, worst = 0, 0
        for i in range(1, len(self.rows)):
            b = self.rows[i][-1]
            if b < 0 and (not chosen or (self.basic[i] < self.basic[chosen] if careful else b < worst)):
                chosen, worst = i, b
        return chosen

    def _entering(self, row: list[int]) -> int:
        top, chosen = self.rows[0], -1
        best_top = best_row = 0
        for j in range(len(row) - 1):
            a = row[j]
            if a < 0:
                if chosen >= 0:
                    compared = top[j] * best_row - best_top * a  # of the sign of top/a less the best one
                    if compared > 0 or (compared == 0 and self.nonbasic[j] > self.nonbasic[chosen]):
                        continue
                chosen, best_top, best_row = j, top[j], a
        return chosen

    def _pivot(self, r: int, c: int) -> None:
        rows, d = self.rows, self.denominator
        pivot_row = rows[r]
        self.spent[0] += len(rows) * len(pivot_row)
        p = pivot_row[c]
        if p < 0:  # keep the denominator positive
            sign, q = -1, -p
        else:
            sign, q = 1, p
        for i, row in enumerate(rows):
            if i == r:
                continue
            f = row[c]
            if f:
                g = f * sign
                fresh = [(a * q - g * b) // d for a, b in zip(row, pivot_row, strict=True)]
                fresh[c] = -g
                rows[i] = fresh
            elif q != d:
                rows[i] = [a * q // d for a in row]
        fresh = pivot_row[:] if sign > 0 else [-a for a in pivot_row]
        fresh[c] = d * sign
        rows[r] = fresh
        self.denominator = q
        self.basic[r], self.nonbasic[c] = self.nonbasic[c], self.basic[r]

    def fractional(self, n: int) -> tuple[int, int] | None:
        """The first variable that is not whole, and its value rounded down."""
        best = None
        d = self.denominator
        for i in range(1, len(self.rows)):
            v = self.basic[i]
            if v < n and self.rows[i][-1] % d and (best is None or v < best[0]):
                best = v, self.rows[i][-1] // d
        return best

    def values(self, n: int) -> list[int]:
        """The first `n` variables, each rounded down: whole where `fractional` finds none."""
        found = [0] * n
        for i in range(1, len(self.rows)):
            if self.basic[i] < n:
                found[self.basic[i]] = self.rows[i][-1] // self.denominator
        return found


def minimise(
    cost: Sequence[int],
    rows: Sequence[Row],
    scale: int = 1,
    split: Split | None = None,
    floor: int = 0,
    budget: int = 3000,
    spent: list[int] | None = None,
) -> Solved:
    """The cheapest solution. What is proven least is the cost divided by ``scale``: the rest is only a preference.

    Preferences must sum up to less than a tenth of ``scale``. ``split`` may object to a whole solution and give alternatives
    to branch on, as lists of rows that cut it off. ``floor``: nothing is cheaper, as the caller knows. After ``budget`` nodes,
    or `WORK`, the best so far is given, with ``finished`` off. ``spent`` counts the numbers that were computed.
    """
    n = len(cost)
    start = Tableau(cost, rows, spent)
    end = min(start.spent[0] + WORK, MOST)
    if not start.repair():
        return Solved(None, None, True)
    least = _least(scale, gcd(*(c // scale for c in cost)) or 1)  # every cost is a multiple of that
    root = max(floor, least(start))
    if root > floor or not floor:  # otherwise the first solution of that cost will do
        if not start.cut(n):
            return Solved(None, None, True)
        root = max(root, least(start))
    best: list[int] | None = None
    best_cost = -1
    open_nodes = [start]
    while open_nodes:
        node = open_nodes.pop()
        if best is not None and least(node) >= best_cost:
            continue
        budget -= 1
        if budget < 0 or start.spent[0] > end:
            return Solved(best, root, False)
        branches = _branches(node, n, split)
        if branches is None:
            best = node.values(n)
            best_cost = sum(map(int.__mul__, cost, best)) // scale
            if best_cost == root:
                break
            continue
        open_nodes += _children(node, branches)  # the last is looked at first
    return Solved(best, None if best is None else best_cost, True)


def _least(scale: int, grain: int) -> Callable[[Tableau], int]:
    """What nothing below a node beats: preferences (less than a tenth of the scale) taken off, rounded up to whole grains."""
    return lambda node: -(-(node.value() - scale // 10) // (scale * grain)) * grain


def _children(node: Tableau, branches: list[list[Row]]) -> Iterator[Tableau]:
    """A node with each branch's rows, where these do not contradict the others."""
    for added in branches:
        child = node.copy()
        for coefficients, rhs in added:
            child.add(coefficients, rhs)
        if child.repair():
            yield child


def _branches(node: Tableau, n: int, split: Split | None) -> list[list[Row]] | None:
    found = node.fractional(n)
    if found is not None:
        v, low = found
        return [[({v: 1}, low)], [({v: -1}, -low - 1)]]
    return split(node.values(n)) if split else None
