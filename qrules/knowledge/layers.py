"""Two mappings as one, without a copy of either: `collections.ChainMap`, whose module takes longer to load than an answer."""

from __future__ import annotations

from _collections_abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Layers(Mapping[str, "Any"]):
    """What stands in `upper`, and behind it what stands in `lower`."""

    def __init__(self, upper: Mapping[str, Any], lower: Mapping[str, Any]) -> None:
        self._upper, self._lower = upper, lower

    def __getitem__(self, name: str) -> Any:
        return self._upper[name] if name in self._upper else self._lower[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self._upper[name] if name in self._upper else self._lower.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._upper or name in self._lower

    def __iter__(self) -> Iterator[str]:
        yield from self._lower
        yield from (name for name in self._upper if name not in self._lower)

    def __len__(self) -> int:
        return sum(1 for _ in self)
