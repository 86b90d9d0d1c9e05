"""Checks that words which name no kind are declared: roles, pools, domains, refusals, rule names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from qrules.diagnostics import Diagnostic, Span, did_you_mean
from qrules.knowledge.compilation import Compilation, blocks
from qrules.knowledge.model import PLAIN_DOMAINS
from qrules.knowledge.patterns import BadPattern, Pattern
from qrules.language import tree

NOTHING = "nothing"
"""Among the kinds of host resources of a domain: an empty text names none. `qrules.linked.domains` has the same word."""
# The engine's own refusals: a rule set words them, it does not invent more.
REFUSALS = (
    "no-such-machine",
    "machine-not-known",
    "no-such-option",
    "no-driver",
    "no-such-type",
    "abstract-type",
    "not-creatable",
    "no-bus",
    "every-bus-full",
    "bus-not-found",
    "device-not-found",
    "no-child-bus",
    "several-child-buses",
    "bus-full",
    "wrong-bus-kind",
    "duplicate-option-id",
    "duplicate-id",
    "malformed-id",
    "unfit-id",
    "no-such-property",
    "no-such-global",
    "bad-global",
    "address-for-all",
    "incomplete-global",
    "malformed-set",
    "no-option-group",
    "no-such-option-id",
    "unreadable-config",
    "malformed-config",
    "pair-without-value",
    "feature-without-value",
    "no-such-member",
    "no-such-key",
    "no-such-driver-key",
    "malformed-key",
    "missing-member",
    "malformed-member",
    "no-such-command-option",
    "foreign-command-option",
    "no-such-option-value",
)


def declared_roles(listed: Iterable[tree.Block]) -> frozenset[str]:
    """The roles that machines have a default device for."""
    return frozenset(c.role for b in listed for c in b.clauses if isinstance(c, tree.Part) and c.role is not None)


def declared_pools(listed: Iterable[tree.Block]) -> frozenset[str]:
    """What devices can hold: addresses, and every pool that a ``claims`` names."""
    return frozenset(("address", *(c.pool for b in listed for c in b.clauses if isinstance(c, tree.Claims))))


def check_words(made: Compilation, statements: list[tree.Statement]) -> None:
    """Adds a problem for each word that nothing declares, and for each name of a rule that is used twice."""
    known = {s.name.text for s in statements if isinstance(s, tree.Backend)}
    domains = _domains(statements)
    for statement in statements:
        match statement:
            case tree.Refusal():
                made.profiles.known(statement.profile, made.resolver.problem)
                _check(made, "QR221", "refusal of the engine", statement.name, REFUSALS)
            case tree.Shorthand():
                for name in (n for e in statement.effects if e.what in ("silences", "opens") for n in e.names):
                    _check(made, "QR222", "role", name, made.resolver.roles)
            case tree.Profile():
                for attribute in statement.attributes:
                    if attribute.name == "identifier" and attribute.value.op == "literal":
                        _check_pattern(made, str(attribute.value.args[0]), attribute.span)
            case tree.Domain():
                _check_domain(made, statement.use, domains, known)
            case tree.Block():
                _check_block(made, statement, domains, known)
            case _:
                pass
    _check_rule_names(made, statements)


def check_wish(made: Compilation, name: tree.Name) -> None:
    """Adds a problem where nothing declares such a wish."""
    _check(made, "QR227", "wish", name, made.world.wishes)


def check_role(made: Compilation, name: tree.Name) -> None:
    """Adds a problem where no machine has a default device of such a role."""
    _check(made, "QR222", "role", name, made.resolver.roles)


def _domains(statements: list[tree.Statement]) -> set[str]:
    """Domains that rules declare, and those that the catalogue names without saying more."""
    found = set(PLAIN_DOMAINS)
    for s in statements:
        if isinstance(s, tree.Domain):
            found.update(n.text for n in s.names)
        elif isinstance(s, tree.Type | tree.MachineType):
            found.update(str(p.domain.args[0]) for p in s.properties if p.domain.form == "named")
    return found


def _check_block(made: Compilation, block: tree.Block, domains: set[str], backends: set[str]) -> None:
    for clause in block.clauses:
        if isinstance(clause, tree.Property | tree.Fact):
            _check_domain(made, clause.domain, domains, backends)
        elif isinstance(clause, tree.Suppresses):
            for role in clause.roles:
                check_role(made, role)


def _check_domain(made: Compilation, use: tree.DomainUse, domains: set[str], backends: set[str]) -> None:
    if use.form == "like":
        _check_pattern(made, str(use.args[0]), use.span)
    known = {"named": domains, "backend": backends}.get(use.form)
    for word in use.args if known is not None else ():
        if use.form == "backend" and word == NOTHING:
            continue
        _check(made, "QR219", "domain" if use.form == "named" else "backend", tree.Name(str(word), span=use.span), known or ())


def _check_pattern(made: Compilation, text: str, span: Span) -> None:
    try:
        Pattern(text)
    except BadPattern as error:
        made.resolver.problem("QR228", f"this is no pattern: {error}", span, "what docs/language.md has for patterns")


def _check(made: Compilation, code: str, what: str, name: tree.Name, known: Collection[str]) -> None:
    if name.text not in known and not made.world.may_name(name.text, name.span):
        words = sorted(known)
        expected = "one of " + ", ".join(words) if 0 < len(words) <= 20 else f"a {what} that some rule file declares"
        made.resolver.problem(code, f"there is no {what} '{name.text}'", name.span, expected, did_you_mean(name.text, words))


def rules_left_out(listed: list[tree.Block]) -> list[tree.Name]:
    """The rules that machines do without."""
    return [name for block in listed for clause in block.clauses if isinstance(clause, tree.Without) for name in clause.rules]


def _check_rule_names(made: Compilation, statements: list[tree.Statement]) -> None:
    known = {name.text for name in _rule_names(statements)}
    for name in rules_left_out(blocks(statements)):
        _check(made, "QR234", "rule", name, known)
    first: dict[str, tree.Name] = {}
    for name in _rule_names(statements):
        if name.text in first:
            related = ((first[name.text].span, "the first time"),)
            message = f"two rules are called '{name.text}'"
            made.world.problems.append(
                Diagnostic("QR220", message, name.span, "a name of its own for each rule", related=related)
            )
        first.setdefault(name.text, name)


def _rule_names(statements: list[tree.Statement]) -> Iterator[tree.Name]:
    for s in statements:
        if isinstance(s, tree.Rule):
            yield s.name
    for block in blocks(statements):
        yield from (c.name for c in block.clauses if isinstance(c, tree.Rule))
