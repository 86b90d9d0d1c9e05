"""Which attributes anything can have, by what it is: what blocks give, what catalogues tell, and what is built in."""

from __future__ import annotations

from collections.abc import Iterable

from qrules.knowledge.scopes import BUILT_IN
from qrules.language import tree

SORTS = ("device", "bus", "machine", "wish", "element")  # what a block can be about


def attributes_by_sort(statements: Iterable[tree.Statement]) -> dict[str, set[str]]:
    """The attributes that devices, buses, machines and wishes can have, and under an empty name those of anything else."""
    found = {sort: set(BUILT_IN.get(sort, ())) for sort in SORTS} | {"": set(BUILT_IN["point"])}
    found["wish"] |= found["device"]
    found["element"] |= {*found["device"], *BUILT_IN["document"]}
    for statement in statements:
        match statement:
            case tree.Block(what="parts"):
                _add(found, "machine", statement.clauses)
            case tree.Block():
                _add(found, statement.what, statement.clauses)
            case tree.MachineType():
                _add(found, "machine", (*statement.properties, *statement.attributes))
            case tree.Type():
                _add(found, "device", statement.properties)
            case tree.Profile():
                _add(found, "", statement.attributes)
            case _:
                pass
    return found


def _add(found: dict[str, set[str]], sort: str, clauses: Iterable[object]) -> None:
    for clause in clauses:
        match clause:
            case tree.Attribute():
                found[sort].add(clause.name)
            case tree.Property() | tree.Fact():
                found[sort].update(n.text for n in clause.names)
            case tree.Addressed():
                found["device"].update((clause.property, *(d.name for d in clause.dimensions)))
            case tree.Provides():
                found["bus"].update(a.name for a in clause.attributes)
            case tree.Points():
                found[""].update(a.name for a in clause.attributes)
            case tree.Part() | tree.Becomes():
                found["device"].update(a.name for a in clause.values)
            case tree.Fills():
                found[sort].add(clause.property)
            case _:
                pass
