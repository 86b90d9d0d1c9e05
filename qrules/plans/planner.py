"""The door of this room: what a caller hands to a board that many configs are asked of."""

from __future__ import annotations

from qrules.plans.fast_path import FastPath
from qrules.plans.plan import Plans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.machine.state import State


class MachinePlans(Plans):
    """The plans of a machine, with the way to plug by them: a planner for `qrules.plugging.board.Board`."""

    def fast_path(self, state: State) -> FastPath:
        """What plugs into a state, whose machine is the one that these plans are for."""
        return FastPath(state, self)
