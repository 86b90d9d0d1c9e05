"""Named tuples that cost nothing to declare.

`typing.NamedTuple` takes 0.13 ms a class to declare, more than most answers take to find, and `typing` itself 2 ms to
import; this takes 0.01 ms and imports next to nothing. Type checkers see the real one. What works: fields by name and
position, defaults, keywords, ``_replace``, ``_asdict``, ``_fields``, equality, hashing, matching by position.
"""

from __future__ import annotations

from operator import itemgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class NamedTuple(tuple):
        """The base of all records."""

        __slots__ = ()
        _fields = ()
        _defaults = ()

        def __init_subclass__(cls, **kwargs):
            super().__init_subclass__(**kwargs)
            names = tuple(cls.__annotations__)
            if not names:
                return
            cls._fields = cls.__match_args__ = names
            cls._defaults = tuple(cls.__dict__[name] for name in names if name in cls.__dict__)
            for index, name in enumerate(names):
                setattr(cls, name, property(itemgetter(index)))

        def __new__(cls, *values, **named):
            fields, given = cls._fields, len(values)
            if named or given < len(fields):
                defaults = dict(zip(fields[len(fields) - len(cls._defaults) :], cls._defaults, strict=True))
                try:
                    values += tuple(named.pop(name) if name in named else defaults[name] for name in fields[given:])
                except KeyError as missing:
                    raise TypeError(f"{cls.__name__} lacks {missing}") from None
            if named or len(values) > len(fields):
                raise TypeError(f"{cls.__name__} has no {', '.join(named) or 'so many values'}")
            return tuple.__new__(cls, values)

        def _replace(self, **named):
            """The same with some fields changed."""
            values = tuple(named.pop(name, value) for name, value in zip(self._fields, self, strict=True))
            if named:
                raise ValueError(f"{type(self).__name__} has no {', '.join(named)}")
            return tuple.__new__(type(self), values)

        def _asdict(self):
            """Fields and values, in order."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self):
            return tuple(self)
