"""What refuses a draft of a repair, which refusal is mended first, and what tells one from another."""

from __future__ import annotations

from qrules.explain.verdicts import no_such_machine
from qrules.machine.frames import CONTEXT
from qrules.machine.refusals import Refusal
from qrules.place.drafts import Draft
from qrules.place.mending import UNREAD
from qrules.plugging.board import Board, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    # the rule that refuses, the device (as asked), and the property that it speaks of
    Sign: TypeAlias = tuple[str, int | None, object]

NOT_PLACES = ("reading", "properties", "type", "options", "machine")  # phases of refusals that no other place helps


def roots(board: Board, draft: Draft, outcome: Outcome | None) -> list[Refusal]:
    """What refuses a config, but for what only follows from other refusals, or is advice alone."""
    if outcome is None:
        return [no_such_machine(board.knowledge, draft.request)]
    return [r for r in outcome.refusals if r.consequence_of is None and not r.unknown and refuses(board, r)]


def refuses(board: Board, refusal: Refusal) -> bool:
    """Whether a refusal is more than advice."""
    knowledge = board.knowledge
    if refusal.note is None:
        return True
    return not knowledge.is_advice(knowledge.note(refusal.note).profile or knowledge.profile)


def blame(board: Board, draft: Draft, outcome: Outcome | None) -> set[Sign]:
    """The signs of all that refuses a draft."""
    return {sign(draft, r) for r in roots(board, draft, outcome)}


def sign(draft: Draft, refusal: Refusal) -> Sign:
    """What tells a refusal from others, in whichever draft it comes again."""
    device = draft.origin[refusal.device] if refusal.device is not None else None
    return refusal.rule, device, refusal.frame[CONTEXT["property"]]


def turn(refusal: Refusal) -> tuple[bool, bool, bool, bool]:
    """What is mended first: what could be asked nothing yet; what no other place helps; what misses something by its name."""
    named = refusal.missing is not None and refusal.missing.name is not None
    return refusal.rule not in UNREAD, refusal.phase not in NOT_PLACES, not named, refusal.device is None
