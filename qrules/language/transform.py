"""lark's parse tree to the nodes of `qrules.language.tree`. One method a grammar rule, no checks of meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lark import Token, Transformer, v_args
from lark.tree import Meta

from qrules.diagnostics import Span
from qrules.language import tree
from qrules.language.tree import Expr, Name, Notes

Children = list[Any]
Templates = Callable[[str, Span], Expr]

_ESCAPES = {"n": "\n", "t": "\t"}
_WORDS = ("says", "held", "outside", "full", "malformed", "missing")


def unquote(literal: str) -> str:
    """The text of a string literal, escapes resolved."""
    body, out, i = literal[1:-1], [], 0
    while i < len(body):
        if body[i] == "\\":
            i += 1
            out.append(_ESCAPES.get(body[i], body[i]))
        else:
            out.append(body[i])
        i += 1
    return "".join(out)


@v_args(meta=True)
class ToNodes(Transformer[Token, Any]):
    """Builds nodes bottom up. `templates` reads the ``{...}`` holes of a string."""

    def __init__(self, file: str, templates: Templates, line_offset: int = 0, column_offset: int = 0) -> None:
        super().__init__()
        self._file, self._templates = file, templates
        self._line, self._column = line_offset, column_offset

    # ------------------------------------------------------------------------------ helpers
    def _span(self, at: Meta | Token) -> Span:
        if isinstance(at, Meta) and at.empty:
            return Span(self._file, 1)
        line, end = at.line or 1, at.end_line or at.line or 1
        column, end_column = at.column or 1, at.end_column or 1
        shift = self._column if line == 1 else 0
        end_shift = self._column if end == 1 else 0
        return Span(self._file, line + self._line, column + shift, end + self._line, end_column + end_shift)

    def _template(self, literal: Token | None) -> Expr | None:
        return None if literal is None else self._templates(str(literal), self._span(literal))

    def _notes(self, children: Children) -> Notes:
        reason, see, words, instead = None, [], [], None
        for child in children:
            if not (isinstance(child, tuple) and child and isinstance(child[0], str)):
                continue
            what, payload = child[0], child[1]
            if what == "because":
                reason = payload
            elif what == "see":
                see.append(payload)
            elif what == "instead":
                instead = payload
            elif what in _WORDS:
                words.append((what, payload))
        return Notes(reason, tuple(see), tuple(words), instead)

    @staticmethod
    def _of(children: Children, *kinds: type) -> tuple[Any, ...]:
        return tuple(c for c in children if isinstance(c, kinds))

    @staticmethod
    def _word(children: Children, *names: str) -> str | None:
        return next((str(c) for c in children if isinstance(c, Token) and c.type in names), None)

    @staticmethod
    def _text(literal: Token | None) -> str | None:
        return None if literal is None else unquote(literal)

    # ------------------------------------------------------------------------------ words
    def plain(self, meta: Meta, c: Children) -> Name:
        return Name(str(c[0]), self._span(c[0]))

    def quoted(self, meta: Meta, c: Children) -> Name:
        return Name(unquote(c[0]), self._span(c[0]))

    def names(self, meta: Meta, c: Children) -> tuple[Name, ...]:
        return tuple(c)

    def start(self, meta: Meta, c: Children) -> tuple[tree.Statement, ...]:
        return tuple(c)

    def expression(self, meta: Meta, c: Children) -> Expr:
        expr: Expr = c[0]
        return expr

    # ------------------------------------------------------------------------------ the catalogue
    def catalogue(self, meta: Meta, c: Children) -> tree.Catalogue:
        return tree.Catalogue(unquote(c[0]), tuple(n.text for n in c[1:]), self._span(meta))

    def bus_type(self, meta: Meta, c: Children) -> tree.BusType:
        return tree.BusType(c[1], c[2] or (), c[0] is not None, self._span(meta))

    def interface(self, meta: Meta, c: Children) -> tree.Interface:
        return tree.Interface(c[0], self._span(meta))

    def type(self, meta: Meta, c: Children) -> tree.Type:
        status = {None: "user", "abstract": "abstract", "internal": "internal"}[str(c[0]) if c[0] else None]
        return tree.Type(c[1], c[2] or (), status, c[3], self._text(c[4]) or "", self._of(c[5:], tree.Property), self._span(meta))

    def alias(self, meta: Meta, c: Children) -> tree.Alias:
        return tree.Alias(c[0], c[1], self._span(meta))

    def fact_alias(self, meta: Meta, c: Children) -> tuple[str, str]:
        return ("alias", c[0].text)

    def fact_word(self, meta: Meta, c: Children) -> tuple[str, str]:
        return ("word", str(c[0]))

    def machine_type(self, meta: Meta, c: Children) -> tree.MachineType:
        facts = [f for f in c[4:] if isinstance(f, tuple)]
        return tree.MachineType(
            c[1], c[2] or (), c[0] is not None, self._text(c[3]) or "",
            tuple(v for k, v in facts if k == "alias"), tuple(v for k, v in facts if k == "word"),
            self._of(c[4:], tree.Attribute), self._of(c[4:], tree.Property), self._span(meta),
        )  # fmt: skip

    # ------------------------------------------------------------------------------ blocks
    def _block(self, what: str, meta: Meta, names: tuple[Name, ...], clauses: Children, **more: Any) -> tree.Block:
        return tree.Block(what, names, tuple(x for x in clauses if x is not None), self._span(meta), **more)

    def bus(self, meta: Meta, c: Children) -> tree.Block:
        return self._block("bus", meta, c[0], c[1:])

    def device(self, meta: Meta, c: Children) -> tree.Block:
        return self._block("device", meta, c[0], c[1:])

    def machine(self, meta: Meta, c: Children) -> tree.Block:
        arches = tuple(n.text for n in c[1] or ())
        return self._block("machine", meta, c[0], c[3:], arches=arches, parents=c[2] or ())

    def parts(self, meta: Meta, c: Children) -> tree.Block:
        return self._block("parts", meta, (c[0],), c[1:])

    # ------------------------------------------------------------------------------ clauses
    def attribute(self, meta: Meta, c: Children) -> tree.Attribute:
        return tree.Attribute(c[0].text, c[1], self._notes(c[2:]), self._span(meta))

    def property(self, meta: Meta, c: Children) -> tree.Property:
        return tree.Property(c[0], self._use(meta, c[1]), c[2], self._notes(c[3:]), self._span(meta))

    def fact(self, meta: Meta, c: Children) -> tree.Fact:
        return tree.Fact(c[0], self._use(meta, c[1]), c[2], self._span(meta))

    def accepts(self, meta: Meta, c: Children) -> tree.Accepts:
        return tree.Accepts(c[0], c[1], self._span(meta))

    def called(self, meta: Meta, c: Children) -> tree.Called:
        name = self._template(c[0])
        assert name is not None
        return tree.Called(name, self._template(c[1]), self._span(meta))

    def suppresses(self, meta: Meta, c: Children) -> tree.Suppresses:
        return tree.Suppresses(c[0], c[1], self._notes(c[2:]), self._span(meta))

    def unknown(self, meta: Meta, c: Children) -> tree.Unknown:
        text = self._template(c[0])
        assert text is not None
        return tree.Unknown(text, c[1], self._span(meta))

    def includes(self, meta: Meta, c: Children) -> tree.Includes:
        return tree.Includes(c[0], c[1], self._span(meta))

    def provides(self, meta: Meta, c: Children) -> tree.Provides:
        many, kind, called, otherwise, beside, when = c[:6]
        return tree.Provides(
            kind, many, self._template(called), self._template(otherwise), beside is not None, when,
            self._of(c[6:], tree.Attribute), self._of(c[6:], tree.Accepts), self._notes(c[6:]), self._span(meta),
        )  # fmt: skip

    def points(self, meta: Meta, c: Children) -> tree.Points:
        return tree.Points(
            c[0], self._template(c[1]), c[2], c[3], self._of(c[4:], tree.Attribute), self._notes(c[4:]), self._span(meta)
        )

    def addressed(self, meta: Meta, c: Children) -> tree.Addressed:
        return tree.Addressed(
            c[0].text, self._text(c[1]), self._text(c[2]), c[3] is not None,
            self._of(c[4:], tree.Dimension), self._notes(c[4:]), self._span(meta),
        )  # fmt: skip

    def dimension(self, meta: Meta, c: Children) -> tree.Dimension:
        return tree.Dimension(c[0].text, c[1], c[2], self._notes(c[3:]), self._span(meta))

    def at_points(self, meta: Meta, c: Children) -> None:
        return None

    def claims(self, meta: Meta, c: Children) -> tree.Claims:
        pool, key, scope, limit, phase, when = c[:6]
        return tree.Claims(
            pool.text, tuple(key or ()), scope, limit, phase.text if phase else None, when, self._notes(c[6:]), self._span(meta)
        )

    def fills(self, meta: Meta, c: Children) -> tree.Fills:
        return tree.Fills(c[0].text, c[1], c[2], self._notes(c[3:]), self._span(meta))

    def creates(self, meta: Meta, c: Children) -> tree.Part:
        kind, place, before, sharing, when = c[:5]
        return tree.Part(
            kind, None, None, place, None, None, before is not None, sharing is not None, when,
            self._of(c[5:], tree.Attribute), self._notes(c[5:]), self._span(meta),
        )  # fmt: skip

    def part(self, meta: Meta, c: Children) -> tree.Part:
        many, kind, place, at, identity, when = c[:6]
        return tree.Part(
            kind, None, many, place, self._text(at), self._template(identity), False, False, when,
            self._of(c[6:], tree.Attribute), self._notes(c[6:]), self._span(meta),
        )  # fmt: skip

    def default_part(self, meta: Meta, c: Children) -> tree.Part:
        kind, role, place, at, identity, when = c[:6]
        return tree.Part(
            kind, role.text, None, place, self._text(at), self._template(identity), False, False, when,
            self._of(c[6:], tree.Attribute), self._notes(c[6:]), self._span(meta),
        )  # fmt: skip

    def place_name(self, meta: Meta, c: Children) -> Expr | None:
        return self._template(c[0])

    def place_path(self, meta: Meta, c: Children) -> Expr:
        expr: Expr = c[0]
        return expr

    # ------------------------------------------------------------------------------ rules and words
    def group(self, meta: Meta, c: Children) -> tree.Group:
        return tree.Group(c[0], c[1], self._span(meta))

    def term(self, meta: Meta, c: Children) -> tree.Term:
        return tree.Term(c[0], c[1].text, c[2], self._span(meta))

    def for_binder(self, meta: Meta, c: Children) -> tree.Binder:
        return tree.Binder(c[1], str(c[2]), str(c[0]) if c[0] else "all", c[3], self._span(meta))

    def for_(self, meta: Meta, c: Children) -> tuple[tree.Binder, ...]:
        return tuple(c)

    def guard(self, meta: Meta, c: Children) -> Expr:
        expr: Expr = c[0]
        return expr

    def forbid(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("forbid", c[0])

    def require(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("require", c[0])

    def _rule(self, meta: Meta, head: Children, binders: tuple[tree.Binder, ...], rest: Children) -> tree.Rule:
        name, profile, phase = head
        when, (demand, condition) = rest[0], rest[1]
        return tree.Rule(
            name, profile.text if profile else None, phase, binders, when, demand == "forbid", condition,
            self._notes(rest[2:]), self._span(meta),
        )  # fmt: skip

    def rule(self, meta: Meta, c: Children) -> tree.Rule:
        return self._rule(meta, c[:3], c[3], c[4:])

    def inline_rule(self, meta: Meta, c: Children) -> tree.Rule:
        return self._rule(meta, c[:3], (), c[3:])

    def refusal(self, meta: Meta, c: Children) -> tree.Refusal:
        return tree.Refusal(c[0], c[1].text, self._notes(c[2:]), self._span(meta))

    def because(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("because", c[0])

    def see(self, meta: Meta, c: Children) -> tuple[str, tuple[str, str]]:
        return ("see", (str(c[0]), self._text(c[1]) or ""))

    def says(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("says", c[0])

    def held(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("held", c[0])

    def outside(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("outside", c[0])

    def full(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("full", c[0])

    def malformed(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("malformed", c[0])

    def missing(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("missing", c[0])

    def instead(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        return ("instead", c[0])

    def profile(self, meta: Meta, c: Children) -> tree.Profile:
        return tree.Profile(c[0], self._of(c[1:], tree.Attribute), self._span(meta))

    def domain(self, meta: Meta, c: Children) -> tree.Domain:
        return tree.Domain(c[0], self._use(meta, c[1]), self._notes(c[2:]), self._span(meta))

    def _use(self, meta: Meta, use: tree.DomainUse | Expr) -> tree.DomainUse:
        return tree.DomainUse("range", use.args, use.span) if isinstance(use, Expr) else use

    def domain_backend(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("backend", tuple(n.text for n in c[0]), self._span(meta))

    def domain_words(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("words", tuple(unquote(w) for w in c), self._span(meta))

    def domain_name(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("named", (c[0].text,), self._span(meta))

    def backend(self, meta: Meta, c: Children) -> tree.Backend:
        return tree.Backend(c[0], tuple(c[1:]), self._span(meta))

    def backend_option(self, meta: Meta, c: Children) -> tuple[str, str, tuple[str, ...]]:
        return (unquote(c[0]), c[1].text, tuple(n.text for n in c[2] or ()))

    def _effect(
        self, what: str, meta: Meta, name: str = "", names: tuple[Name, ...] = (), value: Expr | None = None,
        attributes: tuple[tree.Attribute, ...] = (),
    ) -> tree.Effect:  # fmt: skip
        return tree.Effect(what, name, names, value, attributes, self._span(meta))

    def effect_machine(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("machine", meta, c[0].text, (), c[1])

    def effect_silences(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("silences", meta, "", c[0])

    def effect_opens(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("opens", meta, "", c[0])

    def effect_role(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("role", meta, c[0].text, (c[1],))

    def effect_device(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("device", meta, "", (c[0],), None, self._of(c[1:], tree.Attribute))

    def effect_unknown(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("unknown", meta, "", (), self._template(c[0]))

    def shorthand(self, meta: Meta, c: Children) -> tree.Shorthand:
        return tree.Shorthand(unquote(c[0]), self._text(c[1]), tuple(c[2:]), self._span(meta))

    def ignore(self, meta: Meta, c: Children) -> tree.Ignore:
        return tree.Ignore(tuple(unquote(w) for w in c), self._span(meta))

    def uses(self, meta: Meta, c: Children) -> tree.Uses:
        return tree.Uses(unquote(c[0]), self._span(meta))

    # ------------------------------------------------------------------------------ tests
    def test(self, meta: Meta, c: Children) -> tree.Test:
        machine, nodefaults, options = c[1]
        return tree.Test(unquote(c[0]), machine, nodefaults, options, tuple(c[2:]), self._span(meta))

    def test_on(self, meta: Meta, c: Children) -> tuple[str, bool, tuple[tuple[str, str], ...]]:
        return (c[0].text, c[1] is not None, tuple(c[2:]))

    def test_option(self, meta: Meta, c: Children) -> tuple[str, str]:
        return (c[0].text, c[1].text if isinstance(c[1], Name) else str(c[1]))

    def test_device(self, meta: Meta, c: Children) -> tuple[str, tuple[tuple[str, str], ...]]:
        return (c[0].text, tuple(c[1:]))

    def test_at(self, meta: Meta, c: Children) -> tuple[str, str | None]:
        return (c[0].text, self._text(c[1]))

    def test_device_step(self, meta: Meta, c: Children) -> tree.Step:
        return tree.Step("device", c[0][0], c[0][1], span=self._span(meta))

    def test_accepted(self, meta: Meta, c: Children) -> tree.Step:
        place, at = c[0] or ("", None)
        return tree.Step("accepted", place, at=at, span=self._span(meta))

    def test_refused(self, meta: Meta, c: Children) -> tree.Step:
        said = c[1][1] if len(c) > 1 and c[1] else None
        says = str(said.args[0]) if isinstance(said, Expr) and said.op == "literal" else None
        return tree.Step("refused", c[0].text if c[0] else "", says=says, span=self._span(meta))

    def test_bus(self, meta: Meta, c: Children) -> tree.Step:
        return tree.Step("bus", c[0].text, names=(c[1].text,), span=self._span(meta))

    def test_no_bus(self, meta: Meta, c: Children) -> tree.Step:
        return tree.Step("no-bus", c[0].text, span=self._span(meta))

    def test_types(self, meta: Meta, c: Children) -> tree.Step:
        return tree.Step("types", names=tuple(n.text for n in c[0]), span=self._span(meta))

    # ------------------------------------------------------------------------------ fills
    def _fill(self, how: str, meta: Meta, argument: Expr | None = None, unless: Expr | None = None) -> tree.Fill:
        return tree.Fill(how, argument, unless, None, None, self._span(meta))

    def fill(self, meta: Meta, c: Children) -> tree.Fill:
        step: tree.Fill = c[0]
        return tree.Fill(step.how, step.argument, step.unless, c[1], c[2], step.span)

    def fill_lowest(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("lowest", meta, c[0], c[1])

    def fill_next(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("next", meta, c[0])

    def fill_count(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("count", meta, c[0])

    def fill_after_last(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("after-last", meta)

    def fill_oldest(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("oldest", meta)

    def fill_value(self, meta: Meta, c: Children) -> tree.Fill:
        return self._fill("value", meta, c[0])

    # ------------------------------------------------------------------------------ expressions
    def _expr(self, op: str, meta: Meta, *args: object) -> Expr:
        return Expr(op, args, self._span(meta))

    def conditional(self, meta: Meta, c: Children) -> Expr:
        return self._expr("when", meta, c[0], c[1], c[2])

    def fallback(self, meta: Meta, c: Children) -> Expr:
        return self._expr("else", meta, c[0], c[1])

    def or_(self, meta: Meta, c: Children) -> Expr:
        return self._expr("or", meta, *c)

    def and_(self, meta: Meta, c: Children) -> Expr:
        return self._expr("and", meta, *c)

    def negation(self, meta: Meta, c: Children) -> Expr:
        return self._expr("not", meta, c[0])

    def compare(self, meta: Meta, c: Children) -> Expr:
        return self._expr(str(c[1]), meta, c[0], c[2])

    def equal(self, meta: Meta, c: Children) -> Expr:
        return self._expr("=", meta, c[0], c[1])

    def is_kind(self, meta: Meta, c: Children) -> Expr:
        return self._expr("is" if c[1] is None else "is-not", meta, c[0], c[2])

    def contained(self, meta: Meta, c: Children) -> Expr:
        return self._expr("in", meta, c[0], c[1])

    def meets(self, meta: Meta, c: Children) -> Expr:
        return self._expr("meets", meta, c[0], c[1])

    def under(self, meta: Meta, c: Children) -> Expr:
        return self._expr("under", meta, c[0], c[1])

    def range_(self, meta: Meta, c: Children) -> Expr:
        return self._expr("range", meta, c[0], c[1])

    def _chain(self, meta: Meta, c: Children) -> Expr:
        left = c[0]
        for operator, right in zip(c[1::2], c[2::2], strict=True):
            left = self._expr(str(operator), meta, left, right)
        expr: Expr = left
        return expr

    sum = product = _chain

    def negative(self, meta: Meta, c: Children) -> Expr:
        return self._expr("negative", meta, c[1])

    def number(self, meta: Meta, c: Children) -> Expr:
        return self._expr("literal", meta, int(c[0], 0) if c[0][:2] == "0x" else int(c[0]))

    def version(self, meta: Meta, c: Children) -> Expr:
        return self._expr("version", meta, str(c[0]))

    def string(self, meta: Meta, c: Children) -> Expr | None:
        return self._template(c[0])

    def yes(self, meta: Meta, c: Children) -> Expr:
        return self._expr("literal", meta, True)

    def no(self, meta: Meta, c: Children) -> Expr:
        return self._expr("literal", meta, False)

    def given(self, meta: Meta, c: Children) -> Expr:
        return self._expr("given", meta, c[0])

    def role_open(self, meta: Meta, c: Children) -> Expr:
        return self._expr("role-open", meta, c[0].text)

    def holder(self, meta: Meta, c: Children) -> Expr:
        return self._expr("holder", meta, c[0].text, c[2], *(c[1] or ()))

    def binder(self, meta: Meta, c: Children) -> tuple[object, ...]:
        return (c[0], str(c[1]), next((x for x in c[2:] if x is not None), None))

    def some(self, meta: Meta, c: Children) -> Expr:
        return self._expr("some", meta, c[0], c[1])

    def none(self, meta: Meta, c: Children) -> Expr:
        return self._expr("no", meta, c[0], c[1])

    def every(self, meta: Meta, c: Children) -> Expr:
        return self._expr("every", meta, c[0], c[1])

    def count(self, meta: Meta, c: Children) -> Expr:
        return self._expr("count", meta, c[0], c[1])

    def free_points(self, meta: Meta, c: Children) -> Expr:
        return self._expr("free-points", meta, c[0])

    def call(self, meta: Meta, c: Children) -> Expr:
        return self._expr("call", meta, Name(str(c[0]), self._span(c[0])), *c[1])

    def set_(self, meta: Meta, c: Children) -> Expr:
        return self._expr("set", meta, *(c[0] or ()))

    def path(self, meta: Meta, c: Children) -> Expr:
        return self._expr("path", meta, *(unquote(t) if t.type == "STRING" else str(t) for t in c))

    def values(self, meta: Meta, c: Children) -> tuple[Expr, ...]:
        return tuple(c)

    keys = values
