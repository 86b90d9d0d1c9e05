"""A config of one machine as one of another.

The old config is run as it stands. Then, on the new machine: options that it lacks are left out, devices become what rules
say stands for them (`counterparts`), all that can keep its place does (`carrying`), the solver places the rest and adds
controllers where they are needed, every device is written as the user wrote it wherever it lands there all the same
(`shortening`), and the result is read again as a command line and run through the rules as a whole. What is not accepted then
is not shown. `transfer` has these steps; here is which of them are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qrules.configs.converting import written_out
from qrules.configs.files import closed
from qrules.conversion.answer import Converted, Impossible, Uncertain, Why, why_of
from qrules.conversion.target import Target
from qrules.conversion.transfer import Conversion
from qrules.linked.domains import is_switch
from qrules.machine.refusals import Refused
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.place.fitting import without_place
from qrules.plugging.board import Board
from qrules.plugging.plug import Plugger

TYPE_CHECKING = False
if TYPE_CHECKING:
    Answer = Converted | Impossible | Uncertain


def convert(
    board: Board,
    argv: Sequence[str],
    target: Target,
    profiles: tuple[str, ...] = (),
    read_file: Callable[[str], str] | None = None,
) -> Answer:
    """A command line for another machine of the same architecture, with a reason for each line that changes.

    Options of the new machine are switched on where nothing else helps. `profiles` are those whose advice is heeded (none:
    all), `read_file` reads the files that -readconfig names (None: they are not opened). Raises `Unusable` where the command line
    can't be read.
    """
    words = written_out(argv, read_file or closed)
    attempt = Conversion(board, words, target, profiles, inlined=words != list(argv), read_file=read_file)
    first = attempt.run()
    if not isinstance(first, Impossible) or first.before:
        return first
    for name, why in _switches(board, attempt.findings.asked, target, first):
        switched = target._replace(options={**target.options, name: "on"})
        tried = Conversion(board, words, switched, profiles, attempt.findings.inlined, why, read_file).run()
        if isinstance(tried, Converted):
            return tried
    blocked = frozenset(b.device for b in first.blocked if b.device is not None)
    if blocked and all(b.device is not None for b in first.blocked):
        rest = Conversion(board, words, target._replace(without=target.without | blocked), profiles, read_file=read_file).run()
        if isinstance(rest, Converted):
            return first._replace(without=tuple(sorted(blocked)))
    return first


def _switches(board: Board, asked: Request, target: Target, failed: Impossible) -> Iterator[tuple[str, Why]]:
    """The switches of the new machine that are off, each with the reason why it would be turned on."""
    blocking = next((b.reasons[0] for b in failed.blocked if b.reasons), None)
    if blocking is None:
        return
    family = board.family(target.machine)
    base, _ = board.build_machine(target.machine, Request(target.machine.name, target.options, nodefaults=asked.nodefaults))
    for name, clause in family.properties.items():
        if name in family.facts or name in target.options or not is_switch(clause.domain, board.knowledge):
            continue
        if base.machine.get(name, base) is not True and _may_help(board, asked, target, failed, base, name):
            yield name, why_of(blocking)._replace(message=f"{name}=on, since without it {blocking.message}")


def _may_help(board: Board, asked: Request, target: Target, failed: Impossible, base: State, name: str) -> bool:
    """Whether each blocked device finds a bus with a switch on, or a kind of bus is new: what can't help is not tried."""
    state, _ = board.build_machine(
        target.machine, Request(target.machine.name, {**target.options, name: "on"}, nodefaults=asked.nodefaults)
    )
    plugger = Plugger(board.kinds, state)
    for index in (b.device for b in failed.blocked if b.device is not None):
        try:
            plugger.find_bus(without_place(board.kinds, asked.devices[index]))
        except Refused as refused:
            brings = {k for b in state.buses for k in b.kinds} - {k for b in base.buses for k in b.kinds}
            if not brings or all(r.rule != "no-bus" for r in refused.refusals):
                return False
    return True
