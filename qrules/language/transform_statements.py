"""Statements: the catalogue, blocks, rules, words, shorthands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lark import v_args
from lark.tree import Meta

from qrules.diagnostics import Unusable
from qrules.language import tree, tree_schema
from qrules.language.names import wrong_arch, wrong_version
from qrules.language.transform_base import Base, Children, listed, only, tagged, unquote, words_step
from qrules.language.transform_clauses import Clauses
from qrules.language.tree import Expr, Name


@v_args(meta=True)
class Statements(Base):
    """One method a statement of the grammar."""

    # ------------------------------------------------------------------------------ the catalogue
    def catalogue(self, meta: Meta, c: Children) -> tree.Catalogue:
        version, arches, span = unquote(c[0]), tuple(n.text for n in c[1:]), self._span(meta)
        wrong = (wrong_version(version, span), *(wrong_arch(n.text, n.span) for n in c[1:]))
        problems = [d for d in wrong if d is not None]
        if problems:
            raise Unusable(problems[:10])
        return tree.Catalogue(version, arches, span=span)

    def bus_type(self, meta: Meta, c: Children) -> tree.BusType:
        return tree.BusType(c[1], c[2] or (), c[0] is not None, span=self._span(meta))

    def interface(self, meta: Meta, c: Children) -> tree.Interface:
        return tree.Interface(c[0], span=self._span(meta))

    def type(self, meta: Meta, c: Children) -> tree.Type:
        status = {None: "user", "abstract": "abstract", "internal": "internal"}[str(c[0]) if c[0] else None]
        return tree.Type(
            c[1], c[2] or (), status, c[3], self._text(c[4]) or "", self._of(c[5:], tree.Property), span=self._span(meta)
        )

    def alias(self, meta: Meta, c: Children) -> tree.Alias:
        return tree.Alias(c[0], c[1], span=self._span(meta))

    def fact_alias(self, meta: Meta, c: Children) -> tuple[str, str]:
        return ("alias", c[0].text)

    def fact_word(self, meta: Meta, c: Children) -> tuple[str, str]:
        return ("word", str(c[0]))

    def machine_type(self, meta: Meta, c: Children) -> tree.MachineType:
        facts = [f for f in c[4:] if isinstance(f, tuple)]
        return tree.MachineType(
            c[1], c[2] or (), c[0] is not None, self._text(c[3]) or "",
            tuple(v for k, v in facts if k == "alias"), tuple(v for k, v in facts if k == "word"),
            self._of(c[4:], tree.Attribute), self._of(c[4:], tree.Property), span=self._span(meta),
        )  # fmt: skip

    # ------------------------------------------------------------------------------ blocks
    def _block(self, what: str, meta: Meta, names: tuple[Name, ...], clauses: Children, **more: Any) -> tree.Block:
        return tree.Block(what, names, tuple(x for x in clauses if x is not None), **more, span=self._span(meta))

    def bus(self, meta: Meta, c: Children) -> tree.Block:
        return self._extended("bus", meta, c)

    def device(self, meta: Meta, c: Children) -> tree.Block:
        return self._extended("device", meta, c)

    def machine(self, meta: Meta, c: Children) -> tree.Block:
        return self._extended("machine", meta, c)

    def _extended(self, what: str, meta: Meta, c: Children) -> tree.Block:
        """A block of names, of architectures and of kinds that are extended."""
        arches = tuple(n.text for n in c[1] or ())
        return self._block(what, meta, c[0], c[3:], arches=arches, parents=c[2] or ())

    def parts(self, meta: Meta, c: Children) -> tree.Block:
        parameters = tuple(name.text for name in c[1] or ())
        return self._block("parts", meta, (c[0],), c[2:], parameters=parameters)

    parameters = listed

    def architectures(self, meta: Meta, c: Children) -> tree.Architectures:
        return tree.Architectures(tuple(n.text for n in c[0]), span=self._span(meta))

    def wish(self, meta: Meta, c: Children) -> tree.Block:
        return self._block("wish", meta, (c[0],), c[2:], description=self._text(c[1]) or "")

    # ------------------------------------------------------------------------------ rules and words
    def group(self, meta: Meta, c: Children) -> tree.Group:
        return tree.Group(c[0], c[1], span=self._span(meta))

    def term(self, meta: Meta, c: Children) -> tree.Term:
        return tree.Term(c[0], tuple(c[1:-1]), c[-1], span=self._span(meta))

    def for_binder(self, meta: Meta, c: Children) -> tree.Binder:
        return tree.Binder(c[1], str(c[2]), str(c[0]) if c[0] else "all", c[3], span=self._span(meta))

    for_ = listed

    guard = only

    forbid = tagged("forbid")
    require = tagged("require")

    def _rule(self, meta: Meta, head: Children, binders: tuple[tree.Binder, ...], rest: Children) -> tree.Rule:
        name, profile, phase = head
        when, (demand, condition) = rest[0], rest[1]
        return tree.Rule(
            name, profile, phase, binders, when, demand == "forbid", condition,
            self._notes(rest[2:]), span=self._span(meta),
        )  # fmt: skip

    def rule(self, meta: Meta, c: Children) -> tree.Rule:
        return self._rule(meta, c[:3], c[3], c[4:])

    def inline_rule(self, meta: Meta, c: Children) -> tree.Rule:
        return self._rule(meta, c[:3], (), c[3:])

    def need(self, meta: Meta, c: Children) -> tree.Rule:
        samples = tuple(given for what, given in c[4:] if what == "sample")
        rule = self._rule(meta, [c[0], None, c[1]], (), [*c[2:4], *(each for each in c[4:] if each[0] != "sample")])
        return replace(rule, need=True, samples=samples)

    def need_sample(self, meta: Meta, c: Children) -> tuple[str, tuple[str, str]]:
        return ("sample", (unquote(c[0]), unquote(c[1])))

    def refusal(self, meta: Meta, c: Children) -> tree.Refusal:
        return tree.Refusal(c[0], c[1], self._notes(c[2:]), span=self._span(meta))

    because = tagged("because")

    def see(self, meta: Meta, c: Children) -> tuple[str, tuple[str, str]]:
        return ("see", (str(c[0]), self._text(c[1]) or ""))

    says = tagged("says")

    def crashes(self, meta: Meta, c: Children) -> tuple[str, Expr]:
        """The emulator ends by a signal: told where it says nothing else."""
        return ("says", Expr("literal", (f"(ended by {unquote(c[0])})",), span=self._span(meta)))

    held = tagged("held")
    outside = tagged("outside")
    full = tagged("full")
    malformed = tagged("malformed")
    mistyped = tagged("mistyped")
    general = tagged("general")
    missing = tagged("missing")
    instead = tagged("instead")

    def repair(self, meta: Meta, c: Children) -> tuple[str, tree.RepairStep]:
        return ("repair", replace(c[0], when=c[1]))

    def repair_set(self, meta: Meta, c: Children) -> tree.RepairStep:
        return tree.RepairStep("set", c[0].text, c[1], c[2])

    def repair_free(self, meta: Meta, c: Children) -> tree.RepairStep:
        return tree.RepairStep("free", c[0].text, None, c[1])

    def repair_drop(self, meta: Meta, c: Children) -> tree.RepairStep:
        return tree.RepairStep("drop", c[0].text, None, c[1])

    def repair_type(self, meta: Meta, c: Children) -> tree.RepairStep:
        return tree.RepairStep("type", "", c[0])

    def repair_option(self, meta: Meta, c: Children) -> tree.RepairStep:
        return tree.RepairStep("option", c[0].text, c[1])

    repair_say = words_step("say")
    repair_add = words_step("add")
    repair_replace = words_step("replace")

    def repair_leave(self, meta: Meta, c: Children) -> tree.RepairStep:
        return tree.RepairStep("leave")

    def profile(self, meta: Meta, c: Children) -> tree.Profile:
        return tree.Profile(c[0], self._of(c[1:], tree.Attribute), span=self._span(meta))

    def domain(self, meta: Meta, c: Children) -> tree.Domain:
        return tree.Domain(c[0], Clauses._use(c[1]), self._notes(c[2:]), span=self._span(meta))

    def domain_backend(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("backend", tuple(n.text for n in c[0]), span=self._span(meta))

    def domain_words(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("words", tuple(unquote(w) for w in c), span=self._span(meta))

    def domain_bytes(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("bytes", c[0].args, span=self._span(meta))

    def domain_array(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("array", (), span=self._span(meta))

    def domain_like(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("like", (unquote(c[0]),), span=self._span(meta))

    def domain_name(self, meta: Meta, c: Children) -> tree.DomainUse:
        return tree.DomainUse("named", (c[0].text,), span=self._span(meta))

    def backend(self, meta: Meta, c: Children) -> tree.Backend:
        options = tuple(entry for entry in c[1:] if len(entry) == 3)
        return tree.Backend(c[0], options, next((entry for entry in c[1:] if len(entry) == 2), None), span=self._span(meta))

    def backend_sample(self, meta: Meta, c: Children) -> tuple[str, str]:
        return (unquote(c[0]), unquote(c[1]))

    def backend_option(self, meta: Meta, c: Children) -> tuple[str, str, tuple[str, ...]]:
        return (unquote(c[0]), c[1].text, tuple(n.text for n in c[2] or ()))

    def _effect(
        self, what: str, meta: Meta, name: str = "", names: tuple[Name, ...] = (), value: Expr | None = None,
        attributes: tuple[tree.Attribute, ...] = (),
    ) -> tree.Effect:  # fmt: skip
        return tree.Effect(what, name, names, value, attributes, span=self._span(meta))

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

    def effect_wish(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("wish", meta, "", (c[0],), None, self._of(c[1:], tree.Attribute))

    def effect_asks(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("asks", meta, "", (c[0],), None, self._of(c[1:], tree.Attribute))

    def effect_keeps(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("keeps", meta, "", (c[0],), self._template(c[1]))

    def effect_merges(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("merges", meta, c[0].text)

    def effect_processor(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("processor", meta, c[0].text)

    def effect_unknown(self, meta: Meta, c: Children) -> tree.Effect:
        return self._effect("unknown", meta, "", (), self._template(c[0]))

    def shorthand(self, meta: Meta, c: Children) -> tree.Shorthand:
        return tree.Shorthand(unquote(c[0]), self._text(c[1]), tuple(c[2:]), span=self._span(meta))

    def option_list(self, meta: Meta, c: Children) -> tree.OptionList:
        return tree.OptionList(str(c[0]), c[1], span=self._span(meta))

    def strings(self, meta: Meta, c: Children) -> tuple[str, ...]:
        return tuple(unquote(w) for w in c)

    def extent(self, meta: Meta, c: Children) -> tree.Extent:
        version, later = (None if word is None else str(word) for word in c[1:3])
        return tree.Extent(version, str(c[0]) == "before", tuple(n.text for n in (c[3] if len(c) > 3 else None) or ()), later)

    time = extent

    def absent(self, meta: Meta, c: Children) -> tree.AbsentOptions:
        return tree.AbsentOptions(str(c[0]), c[1], c[2], span=self._span(meta))

    def known_values(self, meta: Meta, c: Children) -> tree.KnownValues:
        return tree.KnownValues(unquote(c[0]), c[1].text, c[2], c[3], span=self._span(meta))

    def assumed(self, meta: Meta, c: Children) -> tree.Assumed:
        options, keys, values, unless = c[1:5]
        named = tuple(key.text for key in keys or ())
        return tree.Assumed(options, named, values or (), unless or (), self._notes(c[5:]), span=self._span(meta))

    def probe(self, meta: Meta, c: Children) -> tree.Probe:
        lines = tuple(line for part in c[2:] for line in part)
        return tree.Probe(c[0], tuple(n.text for n in c[1] or ()), lines, span=self._span(meta))

    probe_line = only

    def reads(self, meta: Meta, c: Children) -> tree_schema.Reads:
        implied, tag = ("" if name is None else name.text for name in (c[3], c[5]))
        record, default, members = self._text(c[2]) or "", self._text(c[4]) or "", self._of(c[9:], tree_schema.Member)
        only, without, time = c[6] or (), c[7] or (), c[8]
        span = self._span(meta)
        return tree_schema.Reads(c[0], c[1].text, record, implied, default, tag, only, without, time, members, span=span)

    def twins(self, meta: Meta, c: Children) -> tree.Twins:
        return tree.Twins(c[0], span=self._span(meta))

    def formerly(self, meta: Meta, c: Children) -> tree.Formerly:
        return tree.Formerly(c[0], c[1], span=self._span(meta))

    def vendor_names(self, meta: Meta, c: Children) -> tuple[str, Any]:
        return ("names", tuple((old, unquote(c[1])) for old in c[0]))

    def vendor_options(self, meta: Meta, c: Children) -> tuple[str, Any]:
        return ("option", c[0])

    def vendor(self, meta: Meta, c: Children) -> tree.Vendor:
        names, options = (tuple(x for what, of in c[1:] if what == word for x in of) for word in ("names", "option"))
        see = tuple(of for what, of in c[1:] if what == "see")
        return tree.Vendor(unquote(c[0]), names, options, see, span=self._span(meta))

    def host_message(self, meta: Meta, c: Children) -> tree.HostMessage:
        return tree.HostMessage(c[0], c[1] or (), self._notes(c[2:]), span=self._span(meta))

    def uses(self, meta: Meta, c: Children) -> tree.Uses:
        return tree.Uses(unquote(c[0]), span=self._span(meta))
