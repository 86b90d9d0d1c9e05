"""Values for a property that would do where the one that was written does not: free ones, and near ones."""

from __future__ import annotations

from qrules.diagnostics import nearest
from qrules.knowledge.patterns import Pattern
from qrules.linked.domains import domain_of, integer, resolved
from qrules.linked.expressions import build
from qrules.machine.frames import CONTEXT, new_frame
from qrules.machine.refusals import Refusal
from qrules.machine.request import DeviceRequest, Request
from qrules.plugging.board import Board

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    Option: TypeAlias = tuple[str, str]

_FREE = 2  # free numbers that are tried
_APART = 16  # one more is tried so far above the highest: what has a number may need room above it
_HIGHEST = 0xFFFF
_SIGNS = ":.-_"
_LONG = 80  # characters of a value that are looked at


class FreeValues:
    """Looks for values by the rules' domains."""

    def __init__(self, board: Board) -> None:
        self.board, self.knowledge = board, board.knowledge

    def _domain(self, device: DeviceRequest, name: str) -> list[Any]:
        kind = self.board.kinds.named(device.driver)
        clause = kind.properties.get(name) if kind is not None else None
        if clause is not None:
            return resolved(clause.domain, self.knowledge)
        found = domain_of(kind, name, True) if kind is not None else None
        return resolved(found[0], self.knowledge) if found is not None else []

    def _form(self, device: DeviceRequest, name: str) -> Pattern | None:
        """The form of a text that a property takes; None where it is no such text."""
        kind = self.board.kinds.named(device.driver)
        found = domain_of(kind, name, True) if kind is not None else None
        domain, domains = found[0] if found is not None else [], self.knowledge.shared["domains"]
        while domain[:1] == ["named"]:
            domain = domains[domain[1]][0] if domain[1] in domains else []
        return Pattern(domain[1]) if domain[:1] == ["like"] else None

    # ------------------------------------------------------------------------------ free ones
    def values(self, request: Request, index: int, name: str) -> Iterator[tuple[object, Option | None]]:
        """Values that no other device says, each with an option that makes it, where it has to be made."""
        device = request.devices[index]
        domain = self._domain(device, name)
        if domain[:1] == ["backend"]:
            yield from self._resources(request, device, name, domain[1:])
        elif domain or not self._is_text(device, name):
            for number in self._numbers(request, name, domain):
                yield number, None
        else:
            used = {str(d.properties.get(name)) for d in request.devices}
            yield next(f"{name}{n}" for n in range(1, len(used) + 2) if f"{name}{n}" not in used), None

    def _is_text(self, device: DeviceRequest, name: str) -> bool:
        kind = self.board.kinds.named(device.driver)
        fact = kind.catalogued(name) if kind is not None else None
        return fact is not None and fact[0] in ("str", "string")

    def _numbers(self, request: Request, name: str, domain: list[Any]) -> Iterator[int]:
        frame = new_frame(None, None)
        limits = (
            [integer(build(e)(frame)) if isinstance(e, int) else None for e in domain[1:3]] if domain[:1] == ["range"] else []
        )
        low, high = (limits[0] or 0, limits[1] if limits[1] is not None else _HIGHEST) if limits else (0, _HIGHEST)
        used = {n for d in request.devices if (n := integer(d.properties.get(name))) is not None}
        free = (n for n in range(max(low, 1), min(high, _HIGHEST) + 1) if n not in used)
        yield from (n for n, _ in zip(free, range(_FREE), strict=False))
        if used and max(used) + _APART <= high:
            yield max(used) + _APART

    def _resources(
        self, request: Request, device: DeviceRequest, name: str, kinds: list[str]
    ) -> Iterator[tuple[object, Option | None]]:
        busy = {str(value) for d in request.devices for value in d.properties.values()}
        written = device.properties.get(name)
        idle = [i for i, made in request.backends.items() if i not in busy and not set(made.split()).isdisjoint(kinds)]
        if written is None or written in request.backends:
            yield from ((identity, None) for identity in idle[:_FREE])
            if written is None and not idle:  # some can serve several
                yield from ((i, None) for i, made in request.backends.items() if not set(made.split()).isdisjoint(kinds))
        samples: dict[str, list[str]] = self.knowledge.shared["samples"]
        for kind in kinds:
            if kind in samples:
                option, argument = samples[kind]
                fresh = (f"{name}{n}" for n in range(len(busy) + len(request.backends) + 1))
                unnamed = next(i for i in fresh if i not in busy and i not in request.backends)
                identity = str(written) if written is not None and str(written) not in request.backends else unnamed
                yield identity, (option, argument.replace("{id}", identity))
                return

    # ------------------------------------------------------------------------------ near ones
    def near_values(self, request: Request, device: DeviceRequest, name: str, refusal: Refusal) -> Iterator[object]:
        """Values of the domain that are near the one that was written."""
        domain, value = self._domain(device, name), device.properties[name]
        low, high = refusal.frame[CONTEXT["low"]], refusal.frame[CONTEXT["high"]]
        match refusal.occasion:
            case "outside":
                number = integer(value)
                yield from (n for n in (high, low) if isinstance(n, int) and n != number)
            case "missing":
                kinds = set(domain[1:])
                yield from nearest(str(value), [i for i, made in request.backends.items() if not kinds.isdisjoint(made.split())])
            case "malformed" if domain[:1] == ["words"]:
                yield from nearest(str(value), [str(w) for w in domain[1:]])
            case "malformed" if (form := self._form(device, name)) is not None:
                yield from (text for text in _otherwise_separated(str(value)) if form.matches(text))
            case "malformed":
                digits = "".join(c for c in str(value) if c.isdigit())
                yield from (int(d) for d in [digits[:9]] if d)
            case "mistyped" if domain[:1] == ["range"]:
                yield from (n for n in [integer(value)] if n is not None)
            case "mistyped" if domain[:1] == ["words"] and {"on", "off"} == set(domain[1:]):
                yield str(value).casefold() in ("on", "yes", "true", "y", "1")
            case "mistyped":
                yield str(value)

    def options_near(self, name: str) -> list[str]:
        """Options that are called nearly so."""
        from qrules.configs.vocabulary import Vocabulary

        words = self.knowledge.kept("vocabulary", Vocabulary)
        if name in words.absent:
            return []
        return nearest(name, words.known - set(words.absent))[:_FREE]


def _otherwise_separated(text: str) -> Iterator[str]:
    """A text with one of its signs of punctuation exchanged for another one."""
    for at, sign in enumerate(text[:_LONG]):
        if sign in _SIGNS:
            yield from (text[:at] + other + text[at + 1 :] for other in _SIGNS if other != sign)
