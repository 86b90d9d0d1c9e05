"""Each arrow among the solver's files points one way, late imports and those for types included."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import qrules.solve

HOME = Path(qrules.solve.__file__).parent


def test_no_file_of_the_solver_stands_on_itself() -> None:
    uses = {
        path.stem: {
            node.module.rpartition(".")[2]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("qrules.solve.")
        }
        for path in HOME.glob("*.py")
    }
    order = list(TopologicalSorter(uses).static_order())  # raises where there is a circle
    assert order.index("problem") < order.index("solver")
