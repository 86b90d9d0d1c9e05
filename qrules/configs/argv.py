"""A QEMU command line to a request: which option is about what.

`options`, `pairs` and `ini` know how options are written, `vocabulary` which ones the rules know, `shorthands` what they mean for
the machine, `resources` what they make on the host's side. Left to this file are the few that are about other options, the
machine and devices (``-machine``, ``-device``, ``-global``, ``-set``, ``-readconfig``).
"""

from __future__ import annotations

from qrules.configs.devices import device as device
from qrules.configs.devices import devices as devices
from qrules.configs.devices import with_value
from qrules.configs.looked import Looked
from qrules.configs.options import Option, options, read_pairs, unpaired, where
from qrules.configs.pairs import list_of
from qrules.configs.programs import architecture as architecture
from qrules.configs.programs import check_program
from qrules.configs.resources import Resources
from qrules.configs.shorthands import Shorthands
from qrules.configs.vocabulary import Vocabulary
from qrules.diagnostics import did_you_mean, unusable
from qrules.knowledge.model import Knowledge
from qrules.machine.request import Global, Misread, Remark, Request, Where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


_OF_GLOBAL = frozenset(("driver", "property", "value", "id"))  # what -global takes by name


class _Reader:
    def __init__(self, knowledge: Knowledge, read_file: Callable[[str], str] | None) -> None:
        self.read_file = read_file
        self.knowledge = knowledge
        self.words = knowledge.kept("vocabulary", Vocabulary)
        self.resources = Resources(self.words)
        self.meant = Shorthands(self.words)
        self.looked = Looked(self.words, knowledge)
        self.machine: str | None = None
        self.machine_where: Where | None = None
        self.option_where: dict[str, Where] = {}
        self.nodefaults = False
        self.globals: list[Global] = []
        self.misread: list[Misread] = []
        self.remarks: list[Remark] = []
        self._named: dict[str, list[int]] = {}  # devices that -set has looked at, by id
        self._seen, self._lists = 0, set[str]()  # of -set how many devices it has looked at, machine options that are lists

    # ------------------------------------------------------------------------------ options
    def take(self, option: Option) -> None:
        """One option. Raises `Unusable` where its argument can't be read at all."""
        name = "-" + option.name
        if name in self.words.reads and name not in self.words.absent:
            from qrules.configs.grammar import misread

            self.misread.extend(misread(option, self.words.reads[name], self.knowledge))
        if name == "-device":
            self.meant.devices.append(device(option))
        elif name in self.words.absent:
            self._not_taken(option, self.words.absent[name])
        elif name in ("-M", "-machine"):
            self._machine(option)
        elif name == "-nodefaults":
            self.nodefaults = True
        elif name == "-global":
            self._global(option)
        elif name == "-set":
            self._set(option)
        elif name == "-readconfig":
            self._file(option)
        elif option.name == "" and option.has_argument:
            self.meant.take(option, "")
            self.looked.take(option, "")
        else:
            wrong = self.resources.take(option, name)
            self.misread.extend(self.resources.named_wrongly(option, name) if wrong is None else wrong)
            known = wrong is not None or name in self.words.ignored
            if self.meant.take(option, name, known) or known:
                self.looked.take(option, name)
            else:
                self._not_taken(option, "no-such-command-option")

    def program(self, word: str) -> None:
        """What the end of the program's name means, if no option says so much as a part of it."""
        for name in self.words.programs:
            if word.endswith(name) and not self.words.targets(name) & self.meant.facts.keys():
                option = Option("", word, -1, True)  # its argument is the first word of all
                self.meant.take(option, name)
                self.looked.decided(option, name)

    def _not_taken(self, option: Option, refusal: str) -> None:
        """An option that the emulator has not, or not for this architecture; a vendor's is remarked alone."""
        from qrules.configs.strangers import of_option

        place = option.place or Where(option.word, 0, len(option.name) + 1)
        remarks = of_option(self.knowledge, "-" + option.name, place)
        self.remarks += remarks
        if not remarks:
            self.misread.append(Misread(refusal, {"name": "-" + option.name, "text": option.argument}, place))

    # ------------------------------------------------------------------------------ options about other options
    def _refuse(self, refusal: str, option: Option, **context: object) -> None:
        self.misread.append(Misread(refusal, context, where(option)))

    def _global(self, option: Option) -> None:
        """``driver.property=value``, or the three of them by name (qemu:softmmu/vl.c "qemu_global_option")."""
        short, _, value = option.argument.partition("=")
        driver, _, name = short.partition(".")
        if not (driver and name and "=" in option.argument):
            members = {pair.key: str(pair.value) for pair in read_pairs(option, "")}
            strange = next((key for key in members if key not in _OF_GLOBAL), None)
            if strange is not None:
                self._refuse("no-such-key", option, kind="global", property=strange, text=members[strange])
                return
            if not all(key in members for key in ("driver", "property", "value")):
                self._refuse("incomplete-global", option, text=option.argument)
                return
            driver, name, value = members["driver"], members["property"], members["value"]
        self.globals.append(Global(driver, name, value, where(option)))

    def _set(self, option: Option) -> None:
        """``group.id.key=value``: changes an option that stands before it (qemu:softmmu/vl.c "qemu_set_option")."""
        from qrules.configs.changing import group_of, taken_apart
        from qrules.configs.ini import FIXED

        apart = taken_apart(option)
        if apart is None:
            self._refuse("malformed-set", option, text=option.argument)
            return
        group, identity, key, value = apart
        if group in FIXED or group_of(group, self.words.absent) is None:
            self._refuse("no-option-group", option, name=group, element="fixed" if group in FIXED else None)
        elif group != "device" or (found := self._device(identity)) is None:
            in_json = group == "device" and any(one.json and one.id == identity for one in self.meant.devices)
            self._refuse("no-such-option-id", option, kind=group, name=identity, text="JSON" if in_json else "")
        else:
            self.meant.devices[found] = with_value(self.meant.devices[found], key, value)
            if key == "id":
                from heapq import heappush

                heappush(self._named.setdefault(value, []), found)

    def _device(self, identity: str) -> int | None:
        """The position of the first device that has an id by now and is not written as JSON."""
        from heapq import heappop, heappush

        devices = self.meant.devices
        for index in range(self._seen, len(devices)):
            one = devices[index]
            if one.id is not None and not one.json:
                heappush(self._named.setdefault(one.id, []), index)
        self._seen = len(devices)
        found = self._named.get(identity, [])
        while found and devices[found[0]].id != identity:  # it was given another one
            heappop(found)
        return found[0] if found else None

    def _file(self, option: Option) -> None:
        """The options of a file, as if they stood here."""
        from qrules.configs.ini import Misshapen, argument, sections

        if self.read_file is None:
            from qrules.configs.files import closed

            self.read_file = closed
        try:
            text = self.read_file(option.argument)
            groups = sections(text)
        except OSError as error:
            self._refuse("unreadable-config", option, path=option.argument, text=error.strerror or str(error))
            return
        except Misshapen as wrong:
            self._refuse("malformed-config", option, path=option.argument, text=str(wrong), element=wrong.line)
            return
        for section in groups:
            if section.option is None:
                self._refuse("no-option-group", option, name=section.group)
                return
            self.take(Option(section.option, argument(section), option.word, True, where(option), section.pairs))

    def _machine(self, option: Option) -> None:
        """The machine and its options. Which of these are about something else, the rules' shorthand tells."""
        self.meant.take(option, "-machine", known=True)
        self.misread.extend(unpaired(option))
        self.looked.take(option, "-machine", own=True)
        meanings = self.words.shorthands.get("-machine", {})
        elsewhere = {setting[1] for effects in meanings.values() for _, _, _, setting, _ in effects if setting[:1] == ["key"]}
        lists: set[str] = set()
        for pair in read_pairs(option, "type"):
            name = pair.key.replace("_", "-")  # qemu:util/keyval.c "keyval_dashify"
            if (listed := list_of(name)) in self._lists:  # it takes no more (qemu:util/keyval.c "keyval_do_merge")
                self._refuse("malformed-member", option, kind="machine", property=f"{listed}.*", element="mixed")
                return
            lists |= {listed} if listed else set()
            if name == "type":
                self.machine, self.machine_where = str(pair.value), where(option, pair)
            elif name not in elsewhere:
                self.meant.options[name] = pair.value
                self.meant.facts.pop(name, None)
                self.option_where[name] = where(option, pair)
        self._lists |= lists

    def finish(self) -> Request:
        """The request of all that was taken. Raises `Unusable` (QR405) where no machine is named and none is the default."""
        chosen = self.machine or self.knowledge.kept("default machine", default_machine)
        if chosen is None:
            raise unusable(
                "QR405",
                "this command line names no machine, and the binary's default is not known",
                "-M",
                expected="-M MACHINE, such as -M q35",
            )
        if self.knowledge.machine(chosen) is None:
            from qrules.configs.strangers import upstream

            chosen, self.remarks[:0] = upstream(self.knowledge, chosen, self.machine_where)
        return Request(
            machine=chosen,
            options=self.meant.options,
            facts=self.meant.facts,
            nodefaults=self.nodefaults,
            devices=tuple(self.meant.devices),
            backends=self.resources.made,
            said=self.resources.said,
            silenced={role: by for role, by in self.meant.silenced.items() if role not in self.meant.opened},
            opened=self.meant.opened,
            unmodelled=tuple(self.meant.unmodelled),
            machine_where=self.machine_where,
            option_where={**self.meant.where, **self.option_where} if self.meant.where else self.option_where,
            wishes=tuple(self.meant.wishes),
            asked=tuple(self.meant.asked),
            globals=tuple(self.globals),
            misread=_each_once((*self.misread, *self.meant.misread)),
            unread=tuple(self.looked.unread),
            assumed=tuple(self.looked.assumed),
            processor=self.meant.processor,
            remarks=tuple(self.remarks),
        )


def _each_once(found: tuple[Misread, ...]) -> tuple[Misread, ...]:
    """What several readers say of the same words is said once."""
    if len(found) < 2:
        return found
    return tuple({(m.refusal, m.where, repr(m.context)): m for m in reversed(found)}.values())[::-1]


def read(argv: list[str], knowledge: Knowledge, read_file: Callable[[str], str] | None = None) -> Request:
    """The request of a command line; `read_file` (such as `Files()`) reads what -readconfig names; None: no file is opened.

    `argv` may begin with the binary. What the emulator would refuse is in `Request.misread`; raises `Unusable` only where nothing
    can be made of the words: QR401 to QR407, QR436.
    """
    check_program(argv)
    reader = _Reader(knowledge, read_file)
    given: Iterable[Option] = options(argv, reader.words.known)
    if "-set" in argv or "--set" in argv:
        from qrules.configs.changing import changed

        given = changed(given)
    for option in given:
        reader.take(option)
    if argv and not argv[0].startswith("-"):
        reader.program(argv[0])
    return reader.finish()


def default_machine(knowledge: Knowledge) -> str | None:
    """The machine that the binary takes where none is named."""
    for name in knowledge.machine_names():
        facts = knowledge.machine(name)
        if facts is not None and "default" in facts.words:
            return name
    return None


def known_profiles(asked: Sequence[str], knowledge: Knowledge) -> None:
    """Raises `Unusable` (QR437, with those that there are) for a profile that no rules stand under."""
    known = knowledge.shared["profiles"]
    for profile in asked:
        if profile not in known:
            raise unusable(
                "QR437",
                f"no rules stand under the profile '{profile}'",
                "--profile",
                expected=", ".join(sorted(known)),
                hint=did_you_mean(profile, known),
            )
