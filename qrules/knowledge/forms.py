"""Compiled clauses are lists in a fixed order: the forms that `qrules.knowledge.model` names."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = Any  # JSON: scalars, lists and dicts of it


def laid(form: tuple[str, ...], **parts: Json) -> list[Json]:
    """A clause as the list of its parts, in the order of the form.

    Parts are compiled in the order in which they are given, which is the order of notes and of what is found wrong.
    """
    if parts.keys() != set(form):
        raise AssertionError(f"a clause has {', '.join(form)}, not {', '.join(parts)}")
    return [parts[name] for name in form]
