"""Small changes of a command line: what somebody mistypes, leaves out, says twice or takes from another line.

Nothing of what can be wrong is listed: a change knows words, members and values, and no option's meaning.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import pairwise
from typing import Any

from tests.conformance.draw_options import HOST

Words = list[str]
Change = Callable[
    [random.Random, Words], str | None
]  # changes the words; what was changed, None where there is nothing to change


# ------------------------------------------------------------------------------------- words
def arguments(words: Words) -> list[int]:
    """Where arguments of options stand that have members."""
    return [n + 1 for n, (flag, text) in enumerate(pairwise(words)) if flag.startswith("-") and not text.startswith("-") and text]


def _members(text: str) -> list[str]:
    return re.split(r"(?<!,),(?!,)", text)


def _touched(text: str) -> bool:
    """Whether a member may be changed: none that leads to the host."""
    return text.partition("=")[0].rpartition(".")[2] not in HOST


def _member(rng: random.Random, words: Words, with_value: bool = False) -> tuple[int, list[str], int] | None:
    """A member of an argument in the form key=value: where it stands, the argument's members, which of them."""
    found = [
        (at, members, n)
        for at in arguments(words)
        if not words[at].startswith("{")
        for members in [_members(words[at])]
        for n, member in enumerate(members)
        if _touched(member) and (not with_value or "=" in member)
    ]
    return rng.choice(found) if found else None


def _put(words: Words, at: int, members: list[str]) -> str:
    words[at] = ",".join(members)
    return f"{words[at - 1]} {words[at]}"


def _of_value(change: Callable[[random.Random, list[str], int, str, str], None]) -> Change:
    """A change of the members of an argument, of which one is drawn: its number, its key and its value are given."""

    @wraps(change)
    def changed(rng: random.Random, words: Words) -> str | None:
        said = _member(rng, words, True)
        if said is None:
            return None
        at, members, n = said
        key, _, value = members[n].partition("=")
        change(rng, members, n, key, value)
        return _put(words, at, members)

    return changed


def _of_json(change: Callable[[random.Random, dict[str, Any], str], None]) -> Change:
    """A change of a JSON object in an argument, of which a member is drawn."""

    @wraps(change)
    def changed(rng: random.Random, words: Words) -> str | None:
        said = _json(rng, words)
        if said is None:
            return None
        at, whole, each, key = said
        change(rng, each, key)
        words[at] = json.dumps(whole)
        return f"{words[at - 1]} {words[at]}"

    return changed


def _changed_text(rng: random.Random, text: str) -> str:
    """A value that is near to another one, or far from it in a way of its own."""
    number = re.fullmatch(r"(0x)?([0-9a-fA-F]+)([KMGT]?)", text)
    ways = [
        "",
        text + "x",
        text[:-1],
        text.upper(),
        text + " ",
        "x" + text,
        text + "," + text,
        "0",
        "-1",
        "1",
        "on",
        "99999999999999999999",
        "0x10",
    ]
    if text in ("on", "off", "yes", "no", "true", "false"):
        ways += ["off" if text in ("on", "yes", "true") else "on"] * 6 + ["auto", "maybe", "1", "yes", "y", "true"]
    elif number is not None and (number[1] or number[2].isdigit()):
        value = int(number[2], 16 if number[1] else 10)
        near = (value + 1, value - 1, 2 * value, value // 2, value + 7, value * 1024, 255, 256, 65536)
        ways += [f"{n}{number[3]}" for n in near] * 2 + [
            hex(value),
            f"0{value}",
            f"{value}.5",
            f"{value}K",
            f"{value}G",
            f"{value} M",
        ]
    elif len(text) > 2:
        at = rng.randrange(1, len(text))
        ways += [text[:at] + text[at + 1 :], text[:at] + text[at - 1] + text[at:], text[:at], text[at:]] * 2
    return rng.choice([way for way in ways if way != text])


# ------------------------------------------------------------------------------------- changes
def option_left_out(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(arguments(words))
    gone = words[at - 1 : at + 1]
    del words[at - 1 : at + 1]
    return " ".join(gone)


def option_twice(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(arguments(words))
    words += words[at - 1 : at + 1]
    return f"{words[at - 1]} {words[at]}"


def options_swapped(rng: random.Random, words: Words) -> str | None:
    places = arguments(words)
    if len(places) < 2:
        return None
    a, b = rng.sample(places, 2)
    words[a - 1 : a + 1], words[b - 1 : b + 1] = words[b - 1 : b + 1], words[a - 1 : a + 1]
    return f"{words[a - 1]} {words[a]} and {words[b - 1]} {words[b]}"


def option_misspelt(rng: random.Random, words: Words) -> str | None:
    at = rng.choice(arguments(words)) - 1
    words[at] = rng.choice((words[at] + "s", words[at][:-1], "-" + words[at], words[at].upper()))
    return words[at]


def member_left_out(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words)
    if said is None or len(said[1]) < 2:
        return None
    at, members, n = said
    del members[n]
    return _put(words, at, members)


@_of_value
def member_twice(rng: random.Random, members: list[str], n: int, key: str, value: str) -> None:
    members.append(f"{key}={rng.choice((value, _changed_text(rng, value)))}")


def members_swapped(rng: random.Random, words: Words) -> str | None:
    said = _member(rng, words)
    if said is None or len(said[1]) < 2:
        return None
    at, members, n = said
    other = rng.randrange(len(members))
    members[n], members[other] = members[other], members[n]
    return _put(words, at, members)


@_of_value
def value_changed(rng: random.Random, members: list[str], n: int, key: str, value: str) -> None:
    members[n] = f"{key}={_changed_text(rng, value)}"


@_of_value
def value_left_out(rng: random.Random, members: list[str], n: int, key: str, value: str) -> None:
    members[n] = key


def value_from_elsewhere(rng: random.Random, words: Words) -> str | None:
    """What another member says, of the same key or of any."""
    said = _member(rng, words, True)
    if said is None:
        return None
    at, members, n = said
    key, _, value = members[n].partition("=")
    pairs = [m.partition("=") for a in arguments(words) for m in _members(words[a]) if "=" in m and not words[a].startswith("{")]
    same = [v for k, _, v in pairs if k == key and v != value]
    others = same or [v for _, _, v in pairs if v != value]
    if not others:
        return None
    members[n] = f"{key}={rng.choice(others)}"
    return _put(words, at, members)


@_of_value
def key_misspelt(rng: random.Random, members: list[str], n: int, key: str, value: str) -> None:
    spelt = rng.choice((key[:-1], key + "s", key.replace("-", "_"), key.replace("_", "-"), key.upper(), key[1:] + key[0]))
    members[n] = f"{spelt}={value}"


def member_from_elsewhere(rng: random.Random, words: Words) -> str | None:
    said, other = _member(rng, words), _member(rng, words, True)
    if said is None or other is None:
        return None
    at, members, _ = said
    return _put(words, at, [*members, other[1][other[2]]])


def first_word_changed(rng: random.Random, words: Words) -> str | None:
    """The type of a device, an object, a backend; the model of a processor; the name of a machine."""
    at = rng.choice(arguments(words))
    if words[at].startswith("{"):
        return None
    members = _members(words[at])
    same = [_members(words[a])[0] for a in arguments(words) if words[a - 1] == words[at - 1] and not words[a].startswith("{")]
    others = [word for word in same if word != members[0]]
    if rng.random() < 0.6 and others and "=" not in members[0]:
        members[0] = rng.choice(others)
    else:
        members[0] = _changed_text(rng, members[0])
    return _put(words, at, members)


def version_changed(rng: random.Random, words: Words) -> str | None:
    at = next((n + 1 for n, word in enumerate(words[:-1]) if word in ("-M", "-machine")), None)
    if at is None:
        return None
    members = _members(words[at])
    name = members[0].removeprefix("type=")
    family = {"pc": "pc-i440fx"}.get(name, "pc-q35" if name == "q35" else re.sub(r"-[0-9.]+$", "", name))
    members[0] = f"{family}-{rng.choice(('2.12', '4.2', '5.1', '6.2', '7.1', '7.2', '8.0', '8.2', '9.1', '10.0', '11.0'))}"
    return _put(words, at, members)


# ------------------------------------------------------------------------------------- JSON
def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _json(rng: random.Random, words: Words) -> tuple[int, Any, dict[str, Any], str] | None:
    found = []
    for at in arguments(words):
        if words[at].startswith("{"):
            try:
                whole = json.loads(words[at])
            except ValueError:
                continue
            found += [(at, whole, each, key) for each in _objects(whole) for key in each if _touched(key)]
    return rng.choice(found) if found else None


@_of_json
def json_retyped(rng: random.Random, each: dict[str, Any], key: str) -> None:
    """A value of another type of JSON."""
    value = each[key]
    each[key] = rng.choice(
        (
            str(value).lower() if isinstance(value, bool) else str(value),
            [value],
            {"x": value},
            None,
            True,
            1,
            -1,
            1.5,
            "",
            "x",
            2**64,
        )
    )


@_of_json
def json_member_left_out(rng: random.Random, each: dict[str, Any], key: str) -> None:
    del each[key]


def written_as_json(rng: random.Random, words: Words) -> str | None:
    """A device, an object or a block node in the other form."""
    tags = {"-device": "driver", "-object": "qom-type", "-blockdev": "driver", "-netdev": "type", "-audiodev": "driver"}
    found = [at for at in arguments(words) if words[at - 1] in tags and not words[at].startswith("{") and "." not in words[at]]
    if not found:
        return None
    at = rng.choice(found)
    first, *rest = _members(words[at])
    made: dict[str, Any] = {tags[words[at - 1]]: first.partition("=")[2] or first}
    for member in rest:
        key, _, value = member.partition("=")
        spoken = {"on": True, "off": False}.get(value, int(value) if value.isdigit() and rng.random() < 0.7 else value)
        made[key] = spoken
    words[at] = json.dumps(made)
    return f"{words[at - 1]} {words[at]}"


CHANGES: tuple[tuple[Change, int], ...] = (
    (value_changed, 8), (value_left_out, 2), (value_from_elsewhere, 4), (key_misspelt, 2), (member_left_out, 5), (member_twice, 3), (members_swapped, 1),
    (member_from_elsewhere, 3), (first_word_changed, 4), (option_left_out, 4), (option_twice, 3), (options_swapped, 3), (option_misspelt, 1),
    (version_changed, 2), (json_retyped, 3), (json_member_left_out, 2), (written_as_json, 3),
)  # fmt: skip
