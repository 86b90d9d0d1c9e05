"""Names that mean something else than they seem to, or nothing: shadowed ones (QR608) and unused ones (QR609)."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.diagnostics import Span
from qrules.knowledge.functions import FUNCTIONS
from qrules.language import tree
from qrules.linting.walking import binders, first_names
from qrules.rulesets.lint import Finding


def shadowed(said: list[tree.Statement]) -> Iterator[Finding]:
    """Names that hide others: variables of the same name, terms that are called as functions, values that come too late."""
    for statement in said:
        match statement:
            case tree.Term():
                if statement.name.text in (*FUNCTIONS, "kinds"):
                    told = f"the term '{statement.name.text}' is never asked: a function has this name"
                    yield Finding("QR608", told, statement.name.span)
                yield from _variables(statement.condition, tuple(v.text for v in statement.variables))
            case tree.Rule():
                yield from _variables(statement, tuple(b.variable for b in statement.binders))
            case tree.Block():
                outer = () if statement.what == "machine" else ("d",)
                for clause in statement.clauses:
                    each = clause.each.variable if isinstance(clause, tree.Part) and clause.each is not None else ""
                    yield from _variables(clause, (*statement.parameters, *outer, *((each,) if each else ())))
                yield from _too_late(statement)
            case _:
                pass


def _variables(node: object, outer: tuple[str, ...]) -> Iterator[Finding]:
    for expr, _, variable, around in binders(node):
        if variable in (*outer, *around) or variable == "machine":
            yield Finding("QR608", f"the variable '{variable}' hides another one of this name", expr.span)


def _too_late(block: tree.Block) -> Iterator[Finding]:
    """Lines of a block that give an attribute behind one that is always set: the first that is set counts."""
    set_at: dict[str, Span] = {}
    for clause in block.clauses:
        if not isinstance(clause, tree.Attribute):
            continue
        if clause.name in set_at:
            told = f"'{clause.name}' has a value in line {set_at[clause.name].line} already, which always counts"
            yield Finding("QR608", told, clause.span, remove=clause.span)
        elif _always_set(clause.value):
            set_at[clause.name] = clause.span


def _always_set(value: tree.Expr) -> bool:
    match value:
        case tree.Expr(op="literal" | "version"):
            return True
        case (
            tree.Expr(op="when", args=(tree.Expr() as one, _, tree.Expr() as other))
            | tree.Expr(op="else", args=(one, tree.Expr() as other))
        ):
            return _always_set(other) and (value.op == "else" or (isinstance(one, tree.Expr) and _always_set(one)))
        case _:
            return False


# ------------------------------------------------------------------------------------- what is never mentioned
def unmentioned(said: list[tree.Statement]) -> Iterator[Finding]:
    """Variables and parameters that nothing mentions where they hold."""
    for statement in said:
        match statement:
            case tree.Term():
                named = set(first_names(statement.condition))
                yield from (
                    Finding("QR609", f"the term '{statement.name.text}' does not look at its '{v.text}'", v.span)
                    for v in statement.variables
                    if v.text not in named
                )
            case tree.Block(what="parts"):
                named = {*first_names(statement.clauses), *_names(statement.clauses)}
                yield from (
                    Finding("QR609", f"the parts '{statement.names[0].text}' do not use '{p}'", statement.names[0].span)
                    for p in statement.parameters
                    if p not in named
                )
            case _:
                pass
        for expr, _, variable, _ in binders(statement):
            condition = expr.args[1]
            if isinstance(condition, tree.Expr) and variable not in set(first_names(condition)):
                yield Finding("QR609", f"what is asked of '{variable}' does not mention it", condition.span)


def _names(node: object) -> Iterator[str]:
    """The names that stand for kinds, in the clauses of a list of parts."""
    if isinstance(node, tree.Name):
        yield node.text
    elif isinstance(node, tuple):
        for part in node:
            yield from _names(part)
    elif isinstance(node, tree.Node):
        for name in node.__dataclass_fields__:
            yield from _names(getattr(node, name)) if name != "span" else ()
