"""What has to be placed once it is said which demands are kept: counts of what is alike, pinned units, bundles."""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Unit(NamedTuple):
    """Items in one place, or a single one; ``functions`` are those that pins give."""

    names: tuple[str, ...]
    functions: tuple[int | None, ...] = (None,)


class Bundle(NamedTuple):
    """Units that must be in one pool, of any of these types; ``fixed`` where pins say which; ``groups`` keep it apart."""

    units: tuple[Unit, ...]
    types: tuple[int, ...]
    fixed: str | None
    groups: tuple[int, ...]

    @property
    def weight(self) -> int:
        """How many places it takes."""
        return len(self.units)


class Load(NamedTuple):
    """What has to be placed: counts by the types that suit, pinned units, and bundles that are coupled."""

    plain: Mapping[tuple[int, ...], int]
    carved: Mapping[str, frozenset[int] | set[int]]
    pinned: Sequence[tuple[Unit, str, int]] = ()
    bundles: Sequence[Bundle] = ()
    loose: Sequence[tuple[Unit, tuple[int, ...]]] = ()  # units that `plain` counts but no `Alike` has
