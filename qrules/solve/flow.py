"""How many of each class go to each type of pool: a flow with augmenting paths, on classes, not on single items.

Items that may use the same types are one class, so the size of the graph does not depend on how many items there are, and a
path moves as many as fit. Shortest paths come first (Edmonds and Karp, JACM 19, 1972). Orders are those of the lists given: the
same question has the same answer.
"""

from __future__ import annotations

from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Class = tuple[tuple[int, ...], int]  # the types that it may use, and how many want a place


class Flow(NamedTuple):
    """``amounts[c][t]``: so many of class ``c`` in type ``t``.

    ``stuck``: a class that does not fit, with the classes and types that it could displace: they alone prove that it does
    not (Hall, 1935).
    """

    amounts: list[dict[int, int]]
    stuck: tuple[int, frozenset[int], frozenset[int]] | None


def distribute(classes: Sequence[Class], capacities: Sequence[int]) -> Flow:
    """Fill in order; where a type is full, move others along the shortest path; stop at the first that does not fit.

    Types of `classes` are positions in `capacities`, which are not negative. The lists given are not changed.
    """
    left = list(capacities)
    amounts: list[dict[int, int]] = [{} for _ in classes]
    for c, (types, count) in enumerate(classes):
        for t in types:
            moved = min(count, left[t])
            if moved > 0:
                amounts[c][t] = moved
                left[t] -= moved
                count -= moved
        while count:
            path, seen_classes, seen_types = _path(c, classes, amounts, left)
            if path is None:
                return Flow(amounts, (c, frozenset(seen_classes), frozenset(seen_types)))
            count -= _push(path, count, amounts, left)
    return Flow(amounts, None)


def _path(
    start: int, classes: Sequence[Class], amounts: list[dict[int, int]], left: list[int]
) -> tuple[list[int] | None, set[int], set[int]]:
    """Breadth first: class, type, class, type ... to a type with room."""
    came_type: dict[int, int] = {}  # type -> the class that wants it
    came_class: dict[int, int] = {start: -1}  # class -> the type that it would leave
    queue = [start]
    for c in queue:
        for t in classes[c][0]:
            if t in came_type:
                continue
            came_type[t] = c
            if left[t] > 0:
                return _walk(t, came_type, came_class), set(), set()
            for other in range(len(classes)):
                if other not in came_class and amounts[other].get(t, 0) > 0:
                    came_class[other] = t
                    queue.append(other)
    return None, set(came_class), set(came_type)


def _walk(end: int, came_type: dict[int, int], came_class: dict[int, int]) -> list[int]:
    """[type with room, class, type it leaves, class, ...], from the end back to the class that wants in."""
    path = [end]
    while end >= 0:
        c = came_type[end]
        end = came_class[c]
        path += (c, end)
    return path[:-1]


def _push(path: list[int], count: int, amounts: list[dict[int, int]], left: list[int]) -> int:
    moved = min(count, left[path[0]])
    for i in range(2, len(path), 2):
        moved = min(moved, amounts[path[i - 1]][path[i]])
    left[path[0]] -= moved
    for i in range(0, len(path), 2):
        c = path[i + 1]
        amounts[c][path[i]] = amounts[c].get(path[i], 0) + moved
        if i + 2 < len(path):
            amounts[c][path[i + 2]] -= moved
    return moved
