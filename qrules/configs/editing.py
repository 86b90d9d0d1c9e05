"""Single changes of a command line: a key of one of its options, an option more, less or another."""

from __future__ import annotations

from qrules.configs.options import Option, options
from qrules.configs.pairs import pairs
from qrules.configs.rewriting import value_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def option_at(words: Sequence[str], argument: int) -> Option | None:
    """The option that a word belongs to, by the word's position."""
    return next((o for o in options(list(words)) if argument in (o.word, o.word + o.has_argument)), None)


def told(words: Sequence[str], option: Option) -> str:
    """An option as it stands, in one text."""
    return " ".join(words[option.word : option.word + 1 + (option.has_argument and bool(option.name))])


def changed(text: str, values: Mapping[str, object], implied: str = "") -> str:
    """An argument with other values for some keys (None: without the key). New keys come last. JSON is none for this."""
    left = dict(values)
    pieces = []
    for pair in pairs(text, implied):
        if pair.key not in values:
            pieces.append(text[pair.start : pair.end])
        elif pair.key in left:
            value = left.pop(pair.key)
            if value is not None:
                pieces.append(
                    value_text(value)
                    if pair.key == implied and "=" not in text[pair.start : pair.end]
                    else _said(pair.key, value)
                )
    return ",".join((*pieces, *(_said(key, value) for key, value in left.items() if value is not None)))


def _said(key: str, value: object) -> str:
    return f"{key}={value_text(value)}"


def replaced(words: Sequence[str], option: Option, new: Sequence[str]) -> list[str]:
    """The words with others in the place of an option."""
    end = option.word + 1 + (option.has_argument and bool(option.name))
    return [*words[: option.word], *new, *words[end:]]


def saying(words: Sequence[str], name: str, argument: str, implied: str) -> tuple[list[str], str, str]:
    """The words with an option that says this, too: the one of the same id, or the last of the name where it names none.

    Gives the option as it was (empty where there was none) and as it is now.
    """
    new = {pair.key: pair.value for pair in pairs(argument, implied)}
    found = [o for o in options(list(words)) if "-" + o.name == name and o.has_argument]
    if "id" in new:
        found = [o for o in found if {p.key: p.value for p in pairs(o.argument, implied)}.get("id") == new["id"]]
    if not found:
        return [*words, name, argument], "", f"{name} {argument}"
    option = found[-1]
    text = changed(option.argument, new, implied)
    return replaced(words, option, (words[option.word], text)), told(words, option), f"{name} {text}"
