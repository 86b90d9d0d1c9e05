"""The fewest controllers, and room for more: against trying all there is, and against a real binary.

``QRULES_FULL=1`` asks many more. Run with ``-s`` to see the counts, with 95% Wilson intervals.
"""

from __future__ import annotations

from collections import Counter

import pytest

from qrules.configs.argv import read
from qrules.place.answer import Nowhere, Placed
from qrules.place.placing import place
from qrules.plugging.board import Board
from qrules.rulesets.store import Store
from tests.conformance import exhaustive, rooms
from tests.conformance.agreement import row
from tests.conformance.conftest import full, sibling
from tests.conformance.small_wishes import small
from tests.qemu.conftest import Binary

SMALL = 250 if full else 8
ROOMS = 50 if full else 1  # with each version
CHEAP = 20  # where there is said to be no place: so much is spent on controllers to find one


def test_nothing_cheaper_is_found_by_trying_all_there_is(store: Store) -> None:
    """A placement costs the least that any config costs which the rules accept; where there is none, none is found."""
    counts: Counter[str] = Counter()
    less = []
    for series, wish in small("least", SMALL):
        rules = Board(store.knowledge(store.resolve(series, wish.arch)))
        request = read(list(wish.argv), rules.knowledge)
        answer = place(rules, request, wish.wants, words=wish.argv)
        if not isinstance(answer, Placed | Nowhere) or answer.setting is None or (isinstance(answer, Placed) and answer.advice):
            counts["not asked"] += 1
            continue
        most = answer.cost - 1 if isinstance(answer, Placed) else CHEAP
        costs = {a.device.driver: a.cost for a in answer.setting.additions.values()}
        try:
            found = exhaustive.least(rules, request, wish.wants.profiles, costs, most)
        except exhaustive.TooMany:
            counts["too many to try"] += 1
            continue
        counts["equal" if found is None else "less"] += 1
        if found is not None:
            less.append(f"{series} {wish}: {found.cost} will do: {[d.driver for d in found.request.devices]}")
    print(f"\n{dict(counts)}\n{row('least', counts['equal'], counts['equal'] + counts['less'])}")
    assert less == []
    assert counts["equal"] > SMALL / 2


@pytest.mark.qemu
def test_room_for_so_many_and_not_one_more(qemu: Binary, store: Store) -> None:
    """All that `spare` counts are taken by the binary, at the start and while it runs, and one more nowhere."""

    def board(arch: str) -> Board:
        return Board(store.knowledge(store.resolve(qemu.series, arch)))

    wrong = []
    for asked in rooms.questions("rooms", ROOMS, qemu.series, board):
        issues = rooms.wrong(board(asked.arch), sibling(qemu, asked.arch), asked)
        wrong += [f"{asked}: {issues}"] if issues else []
    print(f"\n{row(f'rooms, {qemu.series}', ROOMS - len(wrong), ROOMS)}")
    assert wrong == []
