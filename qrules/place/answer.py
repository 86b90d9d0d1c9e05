"""What a placement says: a config in which everything has its place, why there is none, or that it was not found out."""

from __future__ import annotations

from qrules.explain.reasons import Reason
from qrules.machine.request import Request
from qrules.place.problem import Struck
from qrules.place.setting import Setting
from qrules.records import NamedTuple, as_dict
from qrules.solve import answers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Placed(NamedTuple):
    """A config in which everything has its place. `request` is the whole of it; `added` are positions in it.

    `origin` gives for each device its position in the config as asked, None for an added one. `cost` is that of the
    controllers added, in the rules' own units; `optimal` says that it is proven least. `solution` is None for a config
    that stands as it was written. `advice` is what guidelines say against it.
    """

    request: Request
    origin: tuple[int | None, ...]
    cost: int
    optimal: bool
    setting: Setting | None = None
    solution: answers.Placement | None = None
    advice: tuple[Reason, ...] = ()

    def argv(self, words: Sequence[str]) -> list[str]:
        """The command line `words`, from which the config was read, with its devices as they are placed."""
        from qrules.configs.rewriting import rewritten

        return rewritten(words, self.request.devices)

    @property
    def added(self) -> tuple[int, ...]:
        """The positions of the controllers that were not asked for."""
        return tuple(i for i, origin in enumerate(self.origin) if origin is None)

    def to_dict(self, argv: list[str]) -> dict[str, Any]:
        """The answer as ``--json`` prints it; `argv` is the command line that was asked about."""
        return as_dict(self, argv)


class Nowhere(NamedTuple):
    """No placement exists. `struck` are devices that no bus takes; `conflicts` and `corrections` of `found` speak of the rest.

    `reasons` are what is wrong with the config apart from places.
    """

    reasons: tuple[Reason, ...]
    struck: tuple[Struck, ...]
    found: answers.Infeasible | None
    setting: Setting | None

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)


class Undecided(NamedTuple):
    """It was not found out whether a placement exists, and why.

    `standing` are positions of devices that were found to stand on the machine together, `left` those of the others. Both are
    empty where nothing was put onto the machine by then.
    """

    why: str
    reasons: tuple[Reason, ...] = ()
    standing: tuple[int, ...] = ()
    left: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as ``--json`` prints it."""
        return as_dict(self)
