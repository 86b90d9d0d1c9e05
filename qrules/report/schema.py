"""JSON Schemas (draft 2020-12) of what verbs print, made from the types in `qrules.report.shapes`."""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

from qrules.report import shapes
from qrules.report.shapes_verbs import TABLE

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema(verb: str) -> dict[str, Any]:
    """The schema of all that a verb prints as JSON: errors, too."""
    shapes_ = (*TABLE[verb], shapes.Errors)
    made = _Made()
    any_of = [made.of(shape) for shape in shapes_]
    return {
        "$schema": DIALECT,
        "title": f"An answer of `qrules {verb}` in JSON, schema 1",
        "anyOf": any_of,
        "$defs": dict(sorted(made.defined.items())),
    }


class _Made:
    """Shapes that have been met, each with a definition of its own."""

    def __init__(self) -> None:
        self.defined: dict[str, dict[str, Any]] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type."""
        if kind is Any:
            return {}
        if kind in _PLAIN:
            return {"type": _PLAIN[kind]}
        origin, args = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return {**self.of(args[0]), "description": args[1]}
        if origin in (NotRequired, Required):
            return self.of(args[0])
        if origin is Literal:
            return {"const": args[0]} if len(args) == 1 else {"enum": list(args)}
        if origin is list:
            return {"type": "array", "items": self.of(args[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(args[1])}
        if origin in (Union, types.UnionType):
            return self._either(args)
        return self._object(kind)

    def _either(self, args: tuple[Any, ...]) -> dict[str, Any]:
        if all(arg in _PLAIN for arg in args):
            return {"type": [_PLAIN[arg] for arg in args]}
        return {"anyOf": [self.of(arg) for arg in args]}

    def _object(self, kind: Any) -> dict[str, Any]:
        name = kind.__name__
        if name not in self.defined:
            self.defined[name] = {}  # a shape may hold others of its own kind
            members = get_type_hints(kind, include_extras=True)
            told = (kind.__doc__ or "").strip()
            self.defined[name] = {
                "type": "object",
                **({"description": told} if told and not told.startswith("dict(") else {}),
                "required": sorted(kind.__required_keys__, key=list(members).index),
                "properties": {key: self.of(value) for key, value in members.items()},
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}
