"""Which options the rules know, and what they say of them; found once for each knowledge."""

from __future__ import annotations

import re

from qrules.knowledge.model import Knowledge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Way: TypeAlias = tuple[str, str, list[str]]  # a kind of resource, the key that names it, what else has to be said

_OWN = ("-M", "-machine", "-nodefaults", "-device", "-global", "-set", "-readconfig")


class Vocabulary:
    """The options of an emulator. Names have their dash.

    `absent` maps options that it does not take to the refusal for that, `makers` those that make host resources to the
    ways in which they do; `values` are the values that are known of a key, `known` are all names.
    """

    __slots__ = ("absent", "identifier", "ignored", "known", "makers", "reads", "shorthands", "unique", "values", "verbatim")

    def __init__(self, knowledge: Knowledge) -> None:
        shared = knowledge.shared
        self.shorthands: dict[str, Any] = shared["shorthands"]
        self.ignored = frozenset(shared["ignored"])
        self.verbatim = frozenset(("", *shared["verbatim"]))  # a bare word stands for -hda
        self.unique = frozenset(shared["unique"])
        self.values: dict[str, dict[str, list[str]]] = shared["known"]
        self.reads: dict[str, list[Any]] = shared["reads"]
        self.absent = dict.fromkeys(shared["foreign"], "foreign-command-option")
        self.absent.update(dict.fromkeys(shared["gone"], "no-such-command-option"))
        patterns = (shared["profiles"].get(name, {}).get("identifier") for name in shared["deciding"])
        self.identifier = next((re.compile(pattern) for pattern in patterns if pattern), None)
        self.makers: dict[str, list[Way]] = {}
        for kind, ways in shared["backends"].items():
            for option, key, only in ways:
                self.makers.setdefault(option, []).append((kind, key, only))
        self.known = frozenset((*_OWN, *self.absent, *self.ignored, *self.shorthands, *self.makers))
