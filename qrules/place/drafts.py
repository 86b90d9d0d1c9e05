"""Drafts of a repair: a command line as it would be printed, read again after each change, with the changes that led to it."""

from __future__ import annotations

import itertools

from qrules.configs import argv as argv_reader
from qrules.configs.editing import changed, option_at, replaced, saying, told
from qrules.configs.rewriting import as_written, rewritten, with_machine
from qrules.diagnostics import Unusable
from qrules.machine.request import DeviceRequest, Request, Where
from qrules.plugging.board import Board
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    Change: TypeAlias = "Edit | tuple[Edit, ...]"


DEVICE = "-device"


class Edit(NamedTuple):
    """One change; `device` is a position in the config as asked, None for what is about no device of it.

    `kind` is add (before `device`; None: at the end), move (bus or address), property, model (another type; before and after
    are types), reorder (later), earlier (`after` is the device that it stands before then), option (of -machine), machine,
    words (another option; before or after may be empty) or drop.
    """

    kind: str
    device: int | None
    before: str
    after: str


class Draft(NamedTuple):
    """A config on the way to one that starts. `request` is what its `words` say; `cost` is the sum over its `edits`.

    `origin` gives for each device its position in the config as asked, None for an added one.
    """

    words: tuple[str, ...]
    request: Request
    origin: tuple[int | None, ...]
    edits: tuple[Edit, ...] = ()
    cost: int = 0
    depth: int = 0  # edits in turn; one that is made of all that are alike counts once


class Desk:
    """Makes drafts of one config. A change that can't be made, or not be read, gives None."""

    def __init__(self, board: Board, request: Request, words: Sequence[str]) -> None:
        self.board, self.asked, self.words = board, request, list(words)

    def first(self) -> Draft:
        """The config as it was asked."""
        return Draft(tuple(self.words), self.asked, tuple(range(len(self.asked.devices))))

    # ------------------------------------------------------------------------------ devices
    def device(self, draft: Draft, index: int, device: DeviceRequest, kind: str, cost: int) -> Draft | None:
        """Another way to write one device."""
        where = draft.request.devices[index].where
        if where is None or not _is_device(draft.words, where.argument):
            return None
        words = list(draft.words)
        before, after = words[where.argument], as_written(words, device)
        if before == after:
            return None
        words[where.argument] = after
        edit = Edit(kind, draft.origin[index], before, after)
        return self._read(draft, words, draft.origin, edit, cost)

    def placed(self, draft: Draft, devices: Sequence[DeviceRequest], origin: Sequence[int | None], cost: int) -> Draft | None:
        """All devices written anew, some of them added. `origin` speaks of the draft's devices."""
        words = rewritten(draft.words, devices)
        before = [self._text(draft, index) for index in range(len(draft.request.devices))]
        edits: list[Edit] = []
        told = tuple(None if o is None else draft.origin[o] for o in origin)
        for at, (device, index) in enumerate(zip(devices, origin, strict=True)):
            after = as_written(draft.words, device)
            if index is None:
                edits.append(Edit("add", next((o for o in told[at:] if o is not None), None), "", after))
            elif after != before[index] and draft.origin[index] is not None:
                edits.append(Edit("move", draft.origin[index], before[index], after))
        order = [index for index in origin if index is not None]
        for first, second in itertools.pairwise(order):
            if second < first:
                edits.append(Edit("reorder", draft.origin[second], "", before[second]))
        return self._read(draft, words, told, tuple(edits), cost) if edits else None

    def without(self, draft: Draft, indices: Sequence[int], cost: int) -> Draft | None:
        """Devices left out."""
        words = list(draft.words)
        edits = []
        for index in sorted(indices, reverse=True):
            where = draft.request.devices[index].where
            if where is None or not _is_device(words, where.argument):
                return None
            edits.append(Edit("drop", draft.origin[index], words[where.argument], ""))
            del words[where.argument - 1 : where.argument + 1]
        dropped = set(indices)
        origin = tuple(o for index, o in enumerate(draft.origin) if index not in dropped)
        return self._read(draft, words, origin, tuple(reversed(edits)), cost)

    def earlier(self, draft: Draft, index: int, before: int, cost: int) -> Draft | None:
        """A device put before another one."""
        where, first = draft.request.devices[index].where, draft.request.devices[before].where
        if (
            where is None
            or first is None
            or not (_is_device(draft.words, where.argument) and _is_device(draft.words, first.argument))
        ):
            return None
        option, words = draft.words[where.argument - 1 : where.argument + 1], list(draft.words)
        del words[where.argument - 1 : where.argument + 1]
        words[first.argument - 1 : first.argument - 1] = option
        order = [n for n in range(len(draft.origin)) if n != index]
        order.insert(before, index)
        edit = Edit("earlier", draft.origin[index], option[1], draft.words[first.argument])
        return self._read(draft, words, tuple(draft.origin[n] for n in order), edit, cost)

    def _text(self, draft: Draft, index: int) -> str:
        return as_written(draft.words, draft.request.devices[index])

    # ------------------------------------------------------------------------------ the machine
    def machine(self, draft: Draft, name: str, known: Mapping[str, object], cost: int) -> Draft | None:
        """Another machine, with those of the options that it has too."""
        gone = {key: None for key in draft.request.options if key not in known}
        words = self._machine_words(draft.words, gone) if gone else list(draft.words)
        edit = Edit("machine", None, draft.request.machine, name)
        return self._read(draft, with_machine(words, name, {}), draft.origin, edit, cost)

    def option(self, draft: Draft, name: str, value: object, cost: int) -> Draft | None:
        """A machine option said (None: left out)."""
        if value is None:
            words, text = self._machine_words(draft.words, {name: None}), name
            edit = Edit("words", None, f"-machine {name}={draft.request.options.get(name)}", "")
        else:
            said = "on" if value is True else "off" if value is False else str(value)
            words, text = with_machine(draft.words, None, {name: said}), f"{name}={said}"
            edit = Edit("option", None, "", text)
        return self._read(draft, words, draft.origin, edit, cost)

    def without_member(self, draft: Draft, name: str, cost: int) -> Draft | None:
        """The machine without an option that has members of its own, ``name.0.size=1G``: without all of these."""
        said = {key: value for key, value in draft.request.options.items() if key.startswith(name + ".")}
        words = self._machine_words(draft.words, dict.fromkeys(said))
        edit = Edit("words", None, "-machine " + ",".join(f"{key}={value}" for key, value in said.items()), "")
        return self._read(draft, words, draft.origin, edit, cost)

    def option_named(self, draft: Draft, name: str, known: str, cost: int) -> Draft | None:
        """A machine option by another name."""
        value = draft.request.options.get(name)
        words = with_machine(self._machine_words(draft.words, {name: None}), None, {known: value})
        edit = Edit("words", None, f"-machine {name}={value}", f"-machine {known}={value}")
        return self._read(draft, words, draft.origin, edit, cost)

    @staticmethod
    def _machine_words(words: Sequence[str], values: Mapping[str, object]) -> list[str]:
        found = list(words)
        for at, word in enumerate(words[:-1]):
            if word in ("-M", "-machine", "--machine") and not words[at + 1].startswith("{"):
                found[at + 1] = changed(words[at + 1], values, "type")
        return found

    # ------------------------------------------------------------------------------ other options
    def say(self, draft: Draft, name: str, argument: str, cost: int) -> Draft | None:
        """An option that says something more."""
        words, before, after = saying(draft.words, name, argument, "value")
        return self._read(draft, words, draft.origin, Edit("words", None, before, after), cost)

    def added(self, draft: Draft, name: str, argument: str, before: int | None, cost: int) -> Draft | None:
        """An option more: before a device, or at the end."""
        where = draft.request.devices[before].where if before is not None else None
        at = where.argument - 1 if where is not None and _is_device(draft.words, where.argument) else len(draft.words)
        words = [*draft.words[:at], name, argument, *draft.words[at:]]
        is_device = name == DEVICE
        place = before if before is not None else len(draft.origin)
        origin = (*draft.origin[:place], None, *draft.origin[place:]) if is_device else draft.origin
        first = draft.origin[before] if before is not None else None
        edit = Edit("add", first, "", argument) if is_device else Edit("words", None, "", f"{name} {argument}")
        return self._read(draft, words, origin, edit, cost)

    def replaced(self, draft: Draft, where: Where, new: Sequence[str], cost: int) -> Draft | None:
        """Others in the place of the option that stands there; none: it is left out."""
        option = option_at(draft.words, where.argument)
        if option is None or (not new and option.name in ("M", "machine")):
            return None
        words = replaced(draft.words, option, new)
        position = sum(d.where is not None and d.where.argument < option.word for d in draft.request.devices)
        more = new[:1] == [DEVICE]
        origin = (*draft.origin[:position], None, *draft.origin[position:]) if more else draft.origin
        return self._read(draft, words, origin, Edit("words", None, told(draft.words, option), " ".join(new)), cost)

    def option_key(self, draft: Draft, where: Where, key: str, value: object, cost: int) -> Draft | None:
        """Another value for one key of the option that stands there; None: without it."""
        option = option_at(draft.words, where.argument)
        if option is None or not option.has_argument or not option.name or option.argument.lstrip().startswith("{"):
            return None
        text = changed(option.argument, {key: value}, "value")
        if text == option.argument or not text:
            return None
        return self.replaced(draft, where, ["-" + option.name, text], cost)

    # ------------------------------------------------------------------------------ reading
    def read(self, words: Sequence[str]) -> Request | None:
        """What a command line says; None where it can't be read."""
        try:
            return argv_reader.read(list(words), self.board.knowledge)
        except Unusable:
            return None

    def _read(
        self, draft: Draft, words: Sequence[str], origin: tuple[int | None, ...], edits: Edit | tuple[Edit, ...], cost: int
    ) -> Draft | None:
        request = self.read(words)
        if request is None or len(request.devices) != len(origin):
            return None
        more = (edits,) if isinstance(edits, Edit) else edits
        return Draft(tuple(words), request, origin, (*draft.edits, *more), draft.cost + cost, draft.depth)


def _is_device(words: Sequence[str], argument: int) -> bool:
    return 0 < argument < len(words) and words[argument - 1].lstrip("-") == "device"
