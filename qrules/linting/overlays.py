"""What rules of one's own take back of the shipped ones that they build on (QR612)."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.knowledge.world import SHIPPED
from qrules.language import tree
from qrules.linting.kinds import Kinds
from qrules.rulesets.lint import Finding


def loosened(said: list[tree.Statement], kinds: Kinds) -> Iterator[Finding]:
    """Lines of files that are not shipped which let through what a shipped line refuses."""
    shipped = [s for s in said if s.span.file.startswith(SHIPPED)]
    own = [s for s in said if isinstance(s, tree.Block) and not s.span.file.startswith(SHIPPED)]
    rules = {
        r.name.text
        for s in shipped
        for r in ((s,) if isinstance(s, tree.Rule) else s.clauses if isinstance(s, tree.Block) else ())
        if isinstance(r, tree.Rule)
    }
    for block in own:
        for clause in block.clauses:
            match clause:
                case tree.Without():
                    for name in clause.rules:
                        if name.text in rules:
                            told = f"the shipped rule '{name.text}' does not hold here: what it refuses is accepted"
                            yield Finding("QR612", told, name.span)
                case tree.Property():
                    yield from _wider(block, clause, shipped, kinds)
                case _:
                    pass


def _wider(block: tree.Block, clause: tree.Property, shipped: list[tree.Statement], kinds: Kinds) -> Iterator[Finding]:
    """A property that takes more here than a shipped block of its kind, or of one above, lets through."""
    above = {kind for name in block.names for kind in kinds.line(name.text)}
    for statement in shipped:
        if not isinstance(statement, tree.Block) or above.isdisjoint(n.text for n in statement.names):
            continue
        for line in statement.clauses:
            if isinstance(line, tree.Property) and _takes_more(clause.domain, line.domain):
                for name in clause.names:
                    if name.text in {n.text for n in line.names}:
                        told = f"'{name.text}' takes more here than {line.span.file}:{line.span.line} lets through"
                        yield Finding("QR612", told, name.span)


def _takes_more(own: tree.DomainUse, other: tree.DomainUse) -> bool:
    """Whether a range is not within the other, or a word is not among the other's; of domains of other forms nothing is said."""
    if own.form == other.form == "words":
        return not set(own.args) <= set(other.args)
    ends, others = _ends(own), _ends(other)
    return ends is not None and others is not None and (ends[0] < others[0] or ends[1] > others[1])


def _ends(use: tree.DomainUse) -> tuple[int, int] | None:
    numbers = [a.args[0] if isinstance(a, tree.Expr) and a.op == "literal" else a for a in use.args]
    if use.form != "range" or len(numbers) != 2:
        return None
    low, high = numbers
    return (low, high) if isinstance(low, int) and isinstance(high, int) else None
