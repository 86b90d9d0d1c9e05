"""The words of a command line for another machine: each option beside the one that takes its place."""

from __future__ import annotations

from qrules.configs.options import Option, options, read_pairs
from qrules.configs.quoting import joined
from qrules.configs.rewriting import device_text, value_text, words_of
from qrules.machine.request import DeviceRequest
from qrules.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Line(NamedTuple):
    """Words before and after; None for none. `what` is machine, device, global, said or other.

    `number` is the position of a device in the new config, or of a -global among its kind; `origin` that of a device in the
    old config which has none in the new one.
    """

    what: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    number: int | None = None
    origin: int | None = None


class NewDevice(NamedTuple):
    """A device of the new config: what it was in the old one (None: it is added), and as it is written now."""

    origin: int | None
    device: DeviceRequest


def text(words: Sequence[str] | None) -> str | None:
    """Words as a shell takes them, in one line."""
    return None if words is None else joined(words)


def written_out(argv: Sequence[str], read_file: Callable[[str], str]) -> list[str]:
    """The command line with the options of the files that -readconfig names in place of it; unreadable ones stay named."""
    found: list[str] = list(argv[:1]) if argv and not argv[0].startswith("-") else []
    for option in options(list(argv)):
        found += _of_file(option, read_file) or words_of(argv, option)
    return found


def _of_file(option: Option, read_file: Callable[[str], str]) -> list[str]:
    """The words of the options in a -readconfig file; none where it can't be read as a whole."""
    if option.name != "readconfig":
        return []
    from qrules.configs.ini import Misshapen, argument, sections

    try:
        groups = [(section.option, argument(section)) for section in sections(read_file(option.argument))]
    except (OSError, Misshapen):
        return []
    words = [word for name, text in groups if name is not None for word in ("-" + name, text)]
    return words if len(words) == 2 * len(groups) else []


def converted(
    argv: Sequence[str],
    old: Sequence[DeviceRequest],
    new: Sequence[NewDevice],
    machine: str,
    options_changed: Mapping[str, str | None],
    globals_changed: Mapping[int, str | None],
) -> list[Line]:
    """Each option with what becomes of it. Of `options_changed` and `globals_changed` None leaves an option out.

    Devices keep the places of their options; what is added stands before the device that it came in front of.
    """
    return _Converter(argv, old, new, machine, options_changed, globals_changed).run()


class _Converter:
    def __init__(
        self,
        argv: Sequence[str],
        old: Sequence[DeviceRequest],
        new: Sequence[NewDevice],
        machine: str,
        options_changed: Mapping[str, str | None],
        globals_changed: Mapping[int, str | None],
    ) -> None:
        self.argv, self.old, self.new = argv, old, new
        self.machine, self.options_changed, self.globals_changed = machine, options_changed, globals_changed
        self.at_word = {d.where.argument: i for i, d in enumerate(old) if d.where is not None}
        order = [n.origin for n in new if n.origin is not None]
        self.in_order = order == sorted(order)
        self.next = 0  # of the new devices, those before it stand
        self.lines: list[Line] = []

    def run(self) -> list[Line]:
        """The lines, in the order of the old words."""
        listed = list(options(list(self.argv)))
        machines = [o for o in listed if o.name in ("M", "machine") and o.has_argument]
        if self.argv and not self.argv[0].startswith("-"):
            self.lines.append(Line("other", (self.argv[0],), (self.argv[0],)))
        if not machines:
            self._machine(None, True)
        seen = 0
        for option in listed:
            before = tuple(words_of(self.argv, option))
            if option in machines:
                self._machine(option, option is machines[-1])
            elif option.name == "device":
                self._device(option, before)
            elif option.name == "global":
                self._global(seen, before)
                seen += 1
            elif option.name == "set" and option.argument.startswith("device."):
                self._said(option, before)
            else:
                self.lines.append(Line("other", before, before))
        self._devices_until(len(self.new))
        return self.lines

    def _machine(self, option: Option | None, last: bool) -> None:
        members = {p.key: p.value for p in read_pairs(option, "type")} if option is not None else {}
        before = tuple(words_of(self.argv, option)) if option is not None else None
        kept = {k: v for k, v in members.items() if k != "type" and self.options_changed.get(k, v) is not None}
        kept.update({k: self.options_changed[k] for k in kept if k in self.options_changed})
        named: list[str] = []
        if last:
            kept.update({k: v for k, v in self.options_changed.items() if v is not None})
            named = [self.machine]
        parts = [*named, *(f"{key}={value_text(value)}" for key, value in kept.items())]
        word = before[0] if before is not None else "-machine"
        after = (word, ",".join(parts)) if parts else None
        same = last and members.get("type") == self.machine and kept == {k: v for k, v in members.items() if k != "type"}
        unchanged = before is not None and (same or (not last and kept == members))
        self.lines.append(Line("machine", before, before if unchanged else after))

    def _said(self, option: Option, before: tuple[str, ...]) -> None:
        """``-set`` of a device: where the device is written anew, what it says stands there."""
        named = option.argument.split(".")[1]
        new = next((n for n in self.new if n.device.id == named), None)
        stays = new is not None and new.origin is not None and self.in_order and _same(new.device, self.old[new.origin])
        self.lines.append(Line("said", before, before if stays else None))

    def _device(self, option: Option, before: tuple[str, ...]) -> None:
        index = self.at_word.get(option.word + 1)
        if not self.in_order:
            self._devices_until(len(self.new))
            self.lines.append(Line("device", before, None, None, index))
            return
        at = next((i for i, n in enumerate(self.new) if n.origin == index), None)
        if index is None or at is None:
            self.lines.append(Line("device", before, None, None, index))
            return
        self._devices_until(at)
        self._write(at, before, self.old[index])
        self.next = at + 1

    def _devices_until(self, end: int) -> None:
        for at in range(self.next, end):
            self._write(at, None, None)
        self.next = max(self.next, end)

    def _write(self, at: int, before: tuple[str, ...] | None, old: DeviceRequest | None) -> None:
        device = self.new[at].device
        if before is not None and old is not None and _same(device, old):
            self.lines.append(Line("device", before, before, at))
            return
        word = before[0] if before is not None else "-device"
        self.lines.append(Line("device", before, (word, device_text(device)), at))

    def _global(self, number: int, before: tuple[str, ...]) -> None:
        changed = self.globals_changed.get(number, "")
        if changed == "":
            self.lines.append(Line("other", before, before))
        else:
            self.lines.append(Line("global", before, (before[0], changed) if changed is not None else None, number))


def _same(device: DeviceRequest, old: DeviceRequest) -> bool:
    return device._replace(where=None) == old._replace(where=None)
