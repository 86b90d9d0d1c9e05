"""Tests beside the rules."""

from __future__ import annotations

from typing import Any

from lark import v_args
from lark.tree import Meta

from qrules.language import tree
from qrules.language.transform_base import Base, Children, unquote
from qrules.language.tree import Name


@v_args(meta=True)
class Tests(Base):
    """The steps of a test."""

    def test(self, meta: Meta, c: Children) -> tree.Test:
        machine, arch, emulators, nodefaults, options = c[1]
        settings = [x for x in c[2:] if isinstance(x, tuple)]
        found: dict[str, list[Any]] = {"without": [], "with": [], "backend": [], "words": []}
        for what, payload in settings:
            found[what].append(payload)
        return tree.Test(
            unquote(c[0]),
            machine,
            arch.text if arch else None,
            emulators,
            nodefaults is not None,
            options,
            tuple(role for roles in found["without"] for role in roles),
            tuple(found["with"]),
            tuple(found["backend"]),
            self._of(c[2:], tree.Step),
            tuple(word for words in found["words"] for word in words),
            span=self._span(meta),
        )

    def test_on(self, meta: Meta, c: Children) -> tuple[Any, ...]:
        since, before = (str(c[at]) if c[at] is not None else None for at in (4, 6))
        return (c[0], c[1], tree.TestedOn(c[2] or (), since, before), c[7], tuple(c[8:]))

    def test_option(self, meta: Meta, c: Children) -> tuple[str, str]:
        return (c[0].text, c[1].text if isinstance(c[1], Name) else str(c[1]))

    def test_without(self, meta: Meta, c: Children) -> tuple[str, Any]:
        return ("without", c[0])

    def test_words(self, meta: Meta, c: Children) -> tuple[str, Any]:
        return ("words", tuple(unquote(word) for word in c if word is not None))

    def test_with(self, meta: Meta, c: Children) -> tuple[str, Any]:
        return ("with", (c[0], c[1]))

    def test_backend(self, meta: Meta, c: Children) -> tuple[str, Any]:
        return ("backend", (c[0], tuple(unquote(t) for t in c[1:])))

    def test_device(self, meta: Meta, c: Children) -> tuple[str, tuple[tuple[str, str], ...]]:
        return (c[0].text, tuple(c[1:]))

    def _step(self, what: str, meta: Meta, *about: Any, **more: Any) -> tree.Step:
        return tree.Step(what, *about, **more, span=self._span(meta))

    def test_plain(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("device", meta, *c[0])

    def test_json(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("json", meta, *c[0])

    def test_plug(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("plug", meta, *c[0])

    def test_accepted(self, meta: Meta, c: Children) -> tree.Step:
        place = c[0].text if c[0] else None
        return self._step("accepted", meta, place=place, at=self._text(c[1]), values=self._of(c[2:], tree.Attribute))

    def test_refused(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("refused", meta, c[0].text if c[0] else "", notes=self._notes(c[1:]))

    def test_warned(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("warned", meta, c[0].text, notes=self._notes(c[1:]))

    def test_unknown(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("unknown", meta)

    def test_machine(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("machine", meta)

    def test_bus(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("bus", meta, c[0].text, kind=c[1].text)

    def test_no_bus(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("no-bus", meta, c[0].text)

    def test_has(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("has", meta, kind=c[1].text, count=self._number(c[0]))

    def test_types(self, meta: Meta, c: Children) -> tree.Step:
        return self._step("types", meta, names=tuple(n.text for n in c[0]))
