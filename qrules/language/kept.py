"""What reading makes, as plain values that JSON can hold and back: syntax trees, and the tables of the parser.

Who compiles keeps them (`qrules.rulesets.trees`), so that an edit of one file costs reading that file. Nothing but the classes of
the syntax tree is made of what was kept, and nothing of it is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from qrules.diagnostics import Span
from qrules.language import tree, tree_clauses, tree_documents, tree_expressions, tree_options, tree_schema

_TUPLE, _SPAN, _DICT, _ROW = -1, -2, -3, -4
_MEMO = "@"  # the key under which lark says which entry of a memo it means
_ROOMS = (tree, tree_clauses, tree_documents, tree_expressions, tree_options, tree_schema)
_NODES: list[Any] = sorted(
    {kind for room in _ROOMS for kind in vars(room).values() if isinstance(kind, type) and is_dataclass(kind)},
    key=lambda kind: (kind.__module__, kind.__name__),
)
_NUMBER = {kind: number for number, kind in enumerate(_NODES)}
_NAMES = [tuple(f.name for f in fields(kind) if f.name != "span") for kind in _NODES]
_PLACED = ["span" in {f.name for f in fields(kind)} for kind in _NODES]


class NotPlain(ValueError):
    """A value that can't be kept, or something kept that is no such value."""


def plain_trees(statements: tuple[tree.Statement, ...], file: str) -> Any:
    """The statements of a file as plain values. Raises `NotPlain`."""
    return _plain(statements, file)


def trees(value: Any, file: str) -> tuple[tree.Statement, ...]:
    """The statements that plain values stand for. Raises `NotPlain`."""
    try:
        found: tuple[tree.Statement, ...] = _made(value, file)
    except (TypeError, IndexError, RecursionError) as error:
        raise NotPlain(str(error)) from error
    return found


def _plain(value: Any, file: str) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if type(value) is tuple:
        return [_TUPLE, *(_plain(each, file) for each in value)]
    if type(value) is Span:
        return [_SPAN, *_place(value, file)]
    number = _NUMBER.get(type(value))
    if number is None:
        raise NotPlain(f"a {type(value).__name__}")
    place = _place(value.span, file) if _PLACED[number] else ()
    return [number, *place, *(_plain(getattr(value, name), file) for name in _NAMES[number])]


def _place(span: Span, file: str) -> tuple[int, int, int, int]:
    if span.file != file:
        raise NotPlain(f"a place in {span.file}")
    return span.line, span.column, span.end_line, span.end_column


def _made(value: Any, file: str) -> Any:
    if not isinstance(value, list):
        return value
    number = value[0]
    if number == _TUPLE:
        return tuple([_made(each, file) if type(each) is list else each for each in value[1:]])
    if number == _SPAN:
        return Span._make((file, *value[1:5]))
    kind = _NODES[number] if number >= 0 else None
    if kind is None:
        raise NotPlain(f"the number {number}")
    if not _PLACED[number]:
        return kind(*[_made(each, file) if type(each) is list else each for each in value[1:]])
    span = Span._make((file, *value[1:5]))
    return kind(*[_made(each, file) if type(each) is list else each for each in value[5:]], span=span)


# ------------------------------------------------------------------------------------- the parser's tables
_keepers: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []  # where tables are kept, if anywhere


def keep_tables(kept: Callable[[], Any], keep: Callable[[Any], None]) -> None:
    """From now on tables are looked for with `kept` (None: there are none) and handed to `keep` once they were made."""
    _keepers[:] = [(kept, keep)]


def kept_tables() -> tuple[Any, ...] | None:
    """The tables that somebody keeps, and their memo, as `Lark` takes them; None where there are none that are such."""
    for kept, _ in _keepers:
        try:
            found = _unfolded(kept())
        except (TypeError, IndexError, ValueError, RecursionError):
            return None
        return found if isinstance(found, tuple) and len(found) == 2 else None
    return None


def tables_made(tables: tuple[Any, ...]) -> None:
    """Has tables and their memo kept, where somebody keeps any and they are plain."""
    for _, keep in _keepers:
        try:
            keep(_folded(tables))
        except NotPlain:  # another lark
            return


def _folded(value: Any) -> Any:
    """Plain values with keys that are no texts, and tuples. The rows of the table, nearly all of it, are three lists each."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        if value and all(_is_step(each) for each in value.items()):
            goals = [[goal[_MEMO]] if isinstance(goal, dict) else goal for _, goal in value.values()]
            return [_ROW, list(value), [action for action, _ in value.values()], goals]
        return [_DICT, *(_folded(each) for pair in value.items() for each in pair)]
    if isinstance(value, (list, tuple)):
        return [_TUPLE if isinstance(value, tuple) else 0, *map(_folded, value)]
    raise NotPlain(f"a {type(value).__name__}")


def _is_step(pair: tuple[Any, Any]) -> bool:
    """Whether a pair of a table is a token with what to do and where to go, or what rule of the memo is complete."""
    key, step = pair
    if type(key) is not int or type(step) is not tuple or len(step) != 2:
        return False
    goal = step[1].get(_MEMO) if isinstance(step[1], dict) and len(step[1]) == 1 else step[1]
    return type(step[0]) is int and type(goal) is int


def _unfolded(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if value[0] == _ROW:
        _, keys, actions, goals = value
        made = [{_MEMO: goal[0]} if type(goal) is list else goal for goal in goals]
        return dict(zip(keys, zip(actions, made, strict=True), strict=True))
    parts = [_unfolded(each) if type(each) is list else each for each in value[1:]]
    if value[0] == _DICT:
        return dict(zip(parts[::2], parts[1::2], strict=True))
    return tuple(parts) if value[0] == _TUPLE else parts
