"""Named tuples that cost nothing to declare.

`typing.NamedTuple` takes 0.13 ms a class to declare, more than most answers take to find, and `typing` itself 2 ms to
import; this takes 0.01 ms and imports next to nothing. Type checkers see the real one. What works: fields by name and
position, defaults, keywords, ``_make``, ``_replace``, ``_asdict``, ``_fields``, equality, hashing, matching by position.
"""

from __future__ import annotations

from _operator import itemgetter  # operator's own, without what it imports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from typing import NamedTuple as NamedTuple
else:
    _new = tuple.__new__

    class NamedTuple(tuple):
        """The base of all records."""

        __slots__ = ()
        _fields = ()
        _defaults = ()
        _otherwise = {}  # noqa: RUF012  the defaults by name; a class variable costs `typing` to declare
        _count = 0

        def __init_subclass__(cls, **kwargs):
            super().__init_subclass__(**kwargs)
            names = tuple(cls.__annotations__)
            if not names:
                return
            cls._fields = cls.__match_args__ = names
            cls._otherwise = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
            cls._defaults = tuple(cls._otherwise.values())
            cls._count = len(names)
            for index, name in enumerate(names):
                setattr(cls, name, property(itemgetter(index)))

        def __new__(cls, *values, **named):
            given, count = len(values), cls._count
            if given < count:
                if not named and (missing := count - given) <= len(cls._defaults):
                    values += cls._defaults[-missing:]
                else:
                    values += cls._rest(given, named)
            if named or given > count:
                raise TypeError(f"{cls.__name__} has no {', '.join(named) or 'so many values'}")
            return _new(cls, values)

        _make = classmethod(_new)  # a record of all its values in order, in the quickest way

        @classmethod
        def _rest(cls, given, named):
            """The values that do not come by position: those named, which are taken out, and defaults."""
            otherwise = cls._otherwise
            try:
                return tuple([named.pop(name) if name in named else otherwise[name] for name in cls._fields[given:]])
            except KeyError as missing:
                raise TypeError(f"{cls.__name__} lacks {missing}") from None

        def _replace(self, **named):
            """The same with some fields changed."""
            values = [named.pop(name, value) for name, value in zip(self._fields, self, strict=True)]
            if named:
                raise ValueError(f"{type(self).__name__} has no {', '.join(named)}")
            return _new(type(self), values)

        def _asdict(self):
            """Fields and values, in order."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self):
            return tuple(self)


MAKERS: dict[str, Callable[..., Any]] = {}
"""By module and name of a record: what makes a dictionary of it. `qrules.report.dicts` fills it for whoever uses Python."""


def as_dict(answer: object, *more: object) -> dict[str, Any]:
    """An answer as ``--json`` prints it; `more` is what some answers need besides. Raises `TypeError` for what is no answer."""
    kind = type(answer)
    maker = MAKERS.get(f"{kind.__module__}.{kind.__name__}")
    if maker is None:
        raise TypeError(f"{kind.__name__} is no answer of qrules")
    made: dict[str, Any] = maker(answer, *more)
    return made
