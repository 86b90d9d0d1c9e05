"""clingo: counts as sums of bits (an atom a bit, not an atom a value), rows as sums, a minimize statement."""

from __future__ import annotations

from collections.abc import Callable

import clingo

from benchmarks.peers.counts import Counts

NAME = "clingo"
MODEL = "counts, in bits"
PROGRAM = """
{ bit(V,I) } :- weight(V,I,_).
:- top(V,T), #sum { W,I : bit(V,I), weight(V,I,W) } > T.
:- low(R,L), #sum { A*W,V,I : bit(V,I), weight(V,I,W), row(R,V,A) } < L.
"""
LEAST = "#minimize { C*W,V,I : bit(V,I), weight(V,I,W), cost(V,C) }."


def solve(counts: Counts, better: Callable[[int], None], cheapest: bool = True) -> tuple[int, bool] | None:
    """The least cost and whether it is proven; None where nothing fits."""
    facts = []
    for v, (cost, top) in enumerate(zip(counts.costs, counts.tops, strict=True)):
        facts.append(f"cost({v},{cost}). top({v},{top}).")
        facts += [f"weight({v},{i},{1 << i})." for i in range(top.bit_length())]
    for r, (row, low) in enumerate(counts.rows):
        facts.append(f"low({r},{low}).")
        facts += [f"row({r},{v},{a})." for v, a in row.items()]
    control = clingo.Control(["--warn=none"])
    control.add("base", [], PROGRAM + (LEAST if cheapest else "") + "\n".join(facts))
    control.ground([("base", [])])
    best: int | None = None

    def found(m: clingo.Model) -> None:
        nonlocal best
        best = m.cost[0] if m.cost else 0
        better(best)

    answer = control.solve(on_model=found)
    return None if answer.unsatisfiable else (best or 0, bool(answer.exhausted) or not cheapest)
