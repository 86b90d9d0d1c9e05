"""What words a verb takes, declared once: read here where a call is well formed. `qrules.cli.parser` makes argparse of the same.

A `Form` takes declarations as `argparse.ArgumentParser` does. `Form.read` understands calls as argparse would: option names in
full, and what has no name side by side (anywhere for a form that ``mixes``). It gives None for everything else: mistakes,
``--help`` and abbreviations are argparse's, which is imported for them alone.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any

    Arguments = argparse.Namespace
else:

    class Arguments:
        """What was read, as attributes."""

        def __init__(self, **values):
            self.__dict__.update(values)


class Declared:
    """One argument: its names, and how it is meant, in argparse's words."""

    __slots__ = ("completer", "dest", "how", "names", "together")

    def __init__(self, names: tuple[str, ...], how: dict[str, Any], together: int | None) -> None:
        self.names, self.how, self.together = names, how, together
        self.dest: str = how.get("dest") or _called(names).lstrip("-").replace("-", "_")
        self.completer: Any = None  # argcomplete's, for the shell

    @property
    def positional(self) -> bool:
        """Whether it has no name on the command line."""
        return self.names[0][0] != "-"


class Group:
    """Options of a form one of which may be given."""

    def __init__(self, form: Form, number: int) -> None:
        self._form, self._number = form, number

    def add_argument(self, *names: str, **how: Any) -> Declared:
        """Declares an option of the group."""
        return self._form.declare(names, how, self._number)


class Tools:
    """The tools that a verb has instead of arguments of its own."""

    def __init__(self, how: dict[str, Any]) -> None:
        self.how = how
        self.forms: dict[str, tuple[Form, dict[str, Any]]] = {}

    def add_parser(self, name: str, **how: Any) -> Form:
        """Declares a tool, and gives its form."""
        made = Form()
        self.forms[name] = made, how
        return made


class Form:
    """The arguments of a verb or tool; `usage` and `epilog` are parts of its help."""

    def __init__(self) -> None:
        self.usage: str | None = None
        self.epilog: str | None = None
        self.declared: list[Declared] = []
        self.defaults: dict[str, Any] = {}
        self.tools: Tools | None = None
        self._groups = 0

    def add_argument(self, *names: str, **how: Any) -> Declared:
        """Declares an argument in argparse's words."""
        return self.declare(names, how, None)

    def declare(self, names: tuple[str, ...], how: dict[str, Any], together: int | None) -> Declared:
        """Declares an argument, of the group `together` where that is a number."""
        made = Declared(names, how, together)
        self.declared.append(made)
        return made

    def add_mutually_exclusive_group(self) -> Group:
        """Begins a group of options one of which may be given."""
        self._groups += 1
        return Group(self, self._groups)

    def add_subparsers(self, **how: Any) -> Tools:
        """Begins the tools of a verb."""
        self.tools = Tools(how)
        return self.tools

    def set_defaults(self, **values: Any) -> None:
        """What is always among the arguments, such as ``run``."""
        self.defaults.update(values)

    # ------------------------------------------------------------------------------ reading
    def read(self, words: Sequence[str]) -> Arguments | None:
        """The arguments of a well-formed call; None where argparse has to say what they are, or what is wrong."""
        if self.tools is None:
            return _Reading(self).read(words)
        tool, _ = self.tools.forms.get(words[0], (None, None)) if words else (None, None)
        found = tool.read(words[1:]) if tool is not None else None
        if found is not None:
            setattr(found, self.tools.how["dest"], words[0])
        return found


class _Reading:
    """A call as it is read."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._named = {name: one for one in form.declared if not one.positional for name in one.names}
        self._values: dict[str, Any] = {one.dest: _default(one.how) for one in form.declared}
        self._given: dict[int, Declared] = {}  # of a group, what was given of it
        self._missing = {one.dest for one in form.declared if one.how.get("required")}

    def read(self, words: Sequence[str]) -> Arguments | None:
        plain: list[str] = []
        ended = False  # whether an option stands behind the plain words
        left = iter((*words, None))
        word = next(left)
        while word is not None:
            if word[:1] != "-" or word == "-":
                if ended and not self._form.defaults.get("mixes"):
                    return None
                plain.append(word)
                word = next(left)
                continue
            ended = bool(plain)
            name, written, value = word.partition("=")
            one = self._named.get(name)
            if one is None or not self._alone(one):
                return None
            word = next(left)
            if "action" in one.how and one.how["action"] == "store_true":
                if written:
                    return None
                self._values[one.dest] = True
                continue
            given: str | None = value
            if not written:
                given = word if word is not None and (word[:1] != "-" or word == "-") else None
                if given is not None:
                    word = next(left)
            if not self._take(one, given):
                return None
        if self._missing or not self._placed(plain):
            return None
        return Arguments(**{**self._values, **self._form.defaults})

    def _alone(self, one: Declared) -> bool:
        """Whether no other option of its group was given."""
        return one.together is None or self._given.setdefault(one.together, one) is one

    def _take(self, one: Declared, given: str | None) -> bool:
        """Takes the value of an option; False where it can't be taken."""
        how = one.how
        if given is None:
            if how.get("nargs") != "?":
                return False
            self._values[one.dest] = how.get("const")
        else:
            if "nargs" in how and how["nargs"] != "?":
                return False
            value = _read(how, given)
            if value is None:
                return False
            if how.get("action") == "append":
                value = [*self._values[one.dest], value]
            self._values[one.dest] = value
        self._missing.discard(one.dest)
        return True

    def _placed(self, plain: list[str]) -> bool:
        """Gives the plain words to the positionals; False where they are too few, too many or wrong."""
        wanted = [one for one in self._form.declared if one.positional]
        needed = sum(one.how.get("nargs") in (None, "+") for one in wanted)
        for one in wanted:
            nargs = one.how.get("nargs")
            needed -= nargs in (None, "+")
            free = len(plain) - needed
            if free < (nargs in (None, "+")):
                return False
            taken = plain[: free if nargs in ("*", "+") else min(free, 1)]
            plain = plain[len(taken) :]
            values = [value for word in taken if (value := _read(one.how, word)) is not None]
            if len(values) != len(taken):
                return False
            if values:
                self._values[one.dest] = values if nargs in ("*", "+") else values[0]
            elif nargs == "*" and self._values[one.dest] is None:
                self._values[one.dest] = []
        return not plain


def _called(names: tuple[str, ...]) -> str:
    """The first of the names that are no single letter."""
    return next((name for name in names if name[:2] == "--"), names[0])


def _default(how: dict[str, Any]) -> Any:
    return how.get("default", False if how.get("action") == "store_true" else None)


def _read(how: dict[str, Any], text: str) -> Any:
    """A value as it is meant; None for one that is none of the choices, or of another type."""
    kind = how.get("type")
    try:
        value = text if kind is None else kind(text)
    except ValueError:
        return None
    choices = how.get("choices")
    return value if choices is None or value in choices else None
