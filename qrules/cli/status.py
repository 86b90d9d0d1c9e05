"""Exit statuses: what each of them says, when which verb gives it, and which of several is the worst."""

from __future__ import annotations

import sys

from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from qrules.cli.form import Arguments, Form

ACCEPTED, REJECTED, UNUSABLE, UNKNOWN = 0, 1, 2, 3
INTERNAL_ERROR = 70  # sysexits.h EX_SOFTWARE
INTERRUPTED, CLOSED = 128 + 2, 128 + 13  # as if SIGINT or SIGPIPE had ended us

MEANINGS = {
    ACCEPTED: "accepted, accepted with a warning, or answered: a `why` that says no is an answer",
    REJECTED: "rejected, or what was asked for is not possible, or something was found",
    UNUSABLE: "input, options or files that can't be used; no other question of a stream is stopped by one",
    UNKNOWN: "unknown: the rules do not say, or the question is larger than the budget",
    INTERNAL_ERROR: "a bug of qrules, which is never printed as a verdict",
    INTERRUPTED: "interrupted from the keyboard",
    CLOSED: "nobody read the answer to its end",
}
_OF_VERDICTS = {"accept": ACCEPTED, "warn": ACCEPTED, "reject": REJECTED, "unknown": UNKNOWN, "unreadable": UNUSABLE}
_ORDER = (ACCEPTED, UNKNOWN, REJECTED, UNUSABLE)

# What 0, 1 and 3 say for a verb. 2 says the same for all of them.
BY_VERB: dict[str, dict[int, str]] = {
    "why": {0: "yes or no: both are answers", 3: "the rules do not say"},
    "check": {
        0: "all that was asked is accepted, or accepted with a warning",
        1: "something is rejected; with --strict also where there is a warning",
        3: "something is unknown, and nothing rejected",
    },
    "place": {
        0: "every device has a place; or --why-not is answered",
        1: "not all can have a place",
        3: "the search was ended before that was found out",
    },
    "convert": {
        0: "converted as a whole",
        1: "something can't come along",
        3: "it was not found out whether all can",
    },
    "upgrade": {
        0: "all start as they are written",
        1: "one does not, be it that it would with changes",
        3: "of one that is unknown, and all others start",
    },
    "fleet": {
        0: "all are accepted, or accepted with a warning; with --from all start as they are written",
        1: "one is rejected; with --from one does not start as it is written",
        3: "one is unknown, and none rejected",
    },
    "spare": {
        0: "a number, be it 0",
        1: "the config itself is rejected; or with --for there is no place for so many",
        3: "the rules do not know the machine; or with --for it was not found out",
    },
    "hotplug": {
        0: "the last device is accepted, or accepted with a warning",
        1: "the last device is rejected, or the machine does not start; with --strict also where there is a warning",
        3: "that is unknown",
    },
    "argv": {0: "written", 1: "libvirt refuses the domain, so it writes none", 3: "whether it would is unknown"},
    "explain": {0: "something is known of the words", 3: "nothing is"},
    "show": {0: "shown", 3: "the question is larger than the budget"},
    "machines": {0: "listed"},
    "types": {0: "listed"},
    "buses": {0: "listed", 3: "the config is larger than the budget"},
    "slots": {0: "listed", 3: "the config is larger than the budget"},
    "diff": {0: "compared, whatever the differences are"},
    "query-machines": {0: "listed"},
    "serve": {0: "it was ended, by SIGTERM or Ctrl+C or since its client went away"},
    "open": {0: "it was ended, by SIGTERM or Ctrl+C"},
    "harvest": {0: "written"},
    "learn": {0: "the draft is the same as the binary, or was not compared", 1: "it does not compile, or there are differences"},
    "verify": {0: "no difference, or none on an architecture whose differences count", 1: "there are differences"},
    "release": {
        0: "the rules say all that the new binary does, as far as it was tried",
        1: "they do not, or a new machine has no rules",
    },
    "rules": {
        0: "test: all hold; lint: nothing found; the others: done",
        1: "test: one fails, or none was asked; lint: something found; fmt --check: something would change",
    },
    "lsp": {0: "the editor ended it"},
    "schema": {0: "printed"},
    "completion": {0: "printed"},
}


def of_verdict(verdict: str, strict: bool = False) -> int:
    """The status of a verdict; with `strict` a warning counts as a refusal."""
    return REJECTED if strict and verdict == "warn" else _OF_VERDICTS[verdict]


def worst(statuses: Iterable[int]) -> int:
    """The status of several answers: unusable before rejected before unknown before accepted; 0 of none."""
    return max(statuses, key=_ORDER.index, default=ACCEPTED)


def add(sub: Form, strict: bool = False) -> None:
    """The options that change the status."""
    if strict:
        sub.add_argument("--strict", action="store_true", help="a warning counts as a refusal: the exit status is 1")
    sub.add_argument("--exit-zero", action="store_true", help="the exit status is 0 whatever the answer is, if there is one")


def tell_strict(args: Arguments, verdict: str, times: int = 1) -> None:
    """Says, beside the answer, that a warning counted as a refusal, where that is so."""
    if args.strict and verdict == "warn" and times:
        what = "the warning counts" if times == 1 else f"{times:,} configs that are accepted with a warning count"
        sys.stderr.write(f"--strict: {what} as a refusal (exit status {REJECTED}){BREAK}")


def told(name: str) -> str:
    """The statuses of a verb, for the end of its help."""
    own = BY_VERB[name]
    lines = [f"  {number}  {meaning}" for number, meaning in sorted({**own, UNUSABLE: "the input can't be used"}.items())]
    return "\n".join(["exit status:", *lines])
