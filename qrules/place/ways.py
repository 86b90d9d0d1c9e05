"""How many ways there are to place a config, and which: with the controllers that a placement added, where they stand."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.machine.budget import TooLarge
from qrules.place.answer import Placed
from qrules.place.placing import Proposing
from qrules.place.problem import Asking
from qrules.place.writing import Written, write
from qrules.records import NamedTuple
from qrules.solve.answers import Place, Placement
from qrules.solve.count import Count
from qrules.solve.count import Ways as Placements
from qrules.solve.solver import cheapest
from qrules.solve.stable import standing

_REFUSED = 200  # placements in a row that the rules refuse as a whole before the list ends


class Ways(NamedTuple):
    """How many placements there are. `number` is of the places that the rules leave each device.

    `listed` are the first in a fixed order, tried as a whole. `refused`: so many on the way to these were refused as a whole,
    so that the count is a bound. `whole`: no more are left.
    """

    number: Count
    listed: tuple[Placed, ...]
    refused: int
    whole: bool


def ways(answer: Placed, limit: int, words: Sequence[str] | None = None) -> Ways:
    """The number of placements of a placed config, and the first `limit` of them (0: none, only the number).

    `answer` has to be one of `place`, with its setting; each listed one is proven as it is printed, in the `words` of the
    command line where there is one.
    """
    setting = answer.setting
    assert setting is not None
    asked = Asking(setting).question()
    solved = answer.solution or cheapest(asked.problem)
    if not isinstance(solved, Placement) or solved.cost != answer.cost:  # found step by step: nobody counts what else there is
        return Ways(Count(1, 1, False, 0), (answer,) if limit else (), 0, False)
    stands = Placement({}, solved.added, answer.cost, answer.cost)
    found = Placements(standing(asked.problem, stands)._replace(expanders=()))
    listed: list[Placed] = []
    proposing = Proposing(setting, 1, words)
    refused, whole = 0, limit > 0
    for places in found.placements() if limit else ():
        if len(listed) == limit or refused - len(listed) > _REFUSED:
            whole = False
            break
        placement = stands._replace(places={name: Place(*place) for name, place in places.items()})
        try:
            written = write(setting, asked, placement)
            request, proof = proposing.held(written) if isinstance(written, Written) else (None, None)
        except TooLarge:  # what was listed by then is proven
            whole = False
            break
        if isinstance(written, Written) and request is not None and proof is not None:
            listed.append(Placed(request, written.origin, answer.cost, answer.optimal, setting, placement, proof.advice))
        else:
            refused += 1
    number = found.count()
    return Ways(number, tuple(listed), refused, whole and number.exact)
