"""Options that bring nothing and yet have to be right: the rules of what they are asked as (``asks`` in a shorthand)."""

from __future__ import annotations

from qrules.linked.domains import domain_of, innermost
from qrules.machine.entities import Device
from qrules.machine.refusals import Refusal, Refused
from qrules.machine.request import Request, Wish
from qrules.plugging.plug import Plugger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 256  # ways to write an option that are remembered
_STAGES = {"type": "reading", "properties": "early", "pre-plug": "late"}
"""When the emulator finds what the rules of a phase say: when it reads the option, before the machine's own options, or after."""


def asked(plugger: Plugger, request: Request) -> list[Refusal]:
    """What is wrong with options by themselves: of each the first phase that has something to say."""
    plain = plugger.knowledge.kept("plainly asked", lambda _: dict[tuple[str, ...], bool]())
    found: list[Refusal] = []
    for option in request.asked:
        key = (option.kind, *option.values)
        if key not in plain:
            if len(plain) >= _MOST:
                plain.clear()
            plain[key] = _is_plain(plugger, option)
        if not plain[key]:
            found += (r._replace(where=option.where, phase=_STAGES[r.phase]) for r in _first(plugger, option))
    return found


def _is_plain(plugger: Plugger, option: Wish) -> bool:
    """Whether nothing is asked of an option where these of its values are written, whatever they are."""
    stand_in = Device(-1, plugger.kinds.wish(option.kind), None, option.values)
    domains = [domain_of(stand_in.kind, name, True) for name in option.values]
    free = all(found is not None and not innermost(found[0], plugger.knowledge) for found in domains)
    return free and stand_in.checks.keys().isdisjoint(_STAGES)


def _first(plugger: Plugger, option: Wish) -> Iterator[Refusal]:
    stand_in = Device(-1, plugger.kinds.wish(option.kind), None, option.values)
    try:
        plugger.properties.read(stand_in)
    except Refused as refused:
        yield from (r._replace(phase="properties") for r in refused.refusals)
        return
    for phase in _STAGES:
        found = plugger.checker.judged(stand_in.checks.get(phase, ()), stand_in, phase)
        if found:
            yield from (r._replace(phase=phase) for r in found)
            return
