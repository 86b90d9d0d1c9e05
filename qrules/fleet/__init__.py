"""Fleets: many configs at once, of which most are alike.

``qrules fleet`` makes tables of them; `check_batches`, `check_table` and `check_frame` are for engines that have their own cores.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.fleet.batches import check_batches, check_frame, check_table, schema

__all__ = ["check_batches", "check_frame", "check_table", "schema"]


def __getattr__(name: str) -> object:
    """What the interface offers, loaded when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'qrules.fleet' has no attribute '{name}'")
    from qrules.fleet import batches

    return getattr(batches, name)
