"""What is told of a conversion: a reason for each line, what the guest finds elsewhere, what the machines bring by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from qrules.configs.converting import Line, NewDevice, text
from qrules.conversion.answer import Brought, Change, Converted, Row, Seen, Why, unique, why_note, why_of
from qrules.conversion.findings import Findings
from qrules.conversion.parts import maker_of
from qrules.conversion.showing import come_along, of_the_board, other_company, place_text, seen_otherwise
from qrules.conversion.target import defaults
from qrules.explain.reasons import reason
from qrules.explain.verdicts import Verdict, placement
from qrules.machine.entities import Bus, Device
from qrules.machine.request import Request
from qrules.machine.state import State
from qrules.plugging.board import Outcome


class Teller:
    """Puts the answer together of both configs as they were run."""

    def __init__(
        self,
        findings: Findings,
        read: Request,
        outcome: Outcome,
        verdict: Verdict,
        new: Sequence[NewDevice],
        origin: Sequence[int | None],
    ) -> None:
        """`origin` says which of the new config's parts each new device is."""
        self.findings, self.read, self.outcome, self.verdict, self.new = findings, read, outcome, verdict, new
        self.origin, self.carried, self.knowledge = origin, findings.carried, findings.board.knowledge

    def answer(self, lines: Sequence[Line]) -> Converted:
        """The whole answer, for the lines that the conversion made."""
        rows, changes = [], []
        for line in lines:
            before, after = text(line.before), text(line.after)
            why = self._why(line) if before != after else ()
            rows.append(Row(before, after, why))
            if before != after:
                changes.append(Change(self._kind(line), self._position(line), before, after, why))
        findings = self.findings
        known = {(r.rule, r.message) for r in findings.old_verdict.reasons}
        return Converted(
            findings.asked.machine,
            self.read.machine,
            tuple(word for line in lines for word in line.after or ()),
            tuple(n.device for n in self.new),
            tuple(n.origin for n in self.new),
            self.verdict,
            tuple(changes),
            tuple(rows),
            tuple(self._seen()),
            tuple(self._brought()),
            unique([*self._controllers(), *self._otherwise(), *self._inlined()]),
            unique(findings.advice),
            tuple(r for r in self.verdict.reasons if (r.rule, r.message) not in known),
        )

    # ------------------------------------------------------------------------------ a line
    def _kind(self, line: Line) -> str:
        if line.what == "device":
            if line.before is None:
                return "kept" if line.number is not None and self.origin[line.number] is not None else "added"
            return "dropped" if line.after is None else "device"
        return {"said": "device", "other": "option"}.get(line.what, line.what)

    def _position(self, line: Line) -> int | None:
        """The position of a line's device in the config as asked."""
        if line.what != "device":
            return None
        if line.number is not None:
            return self.new[line.number].origin
        return line.origin

    def _why(self, line: Line) -> tuple[Why, ...]:
        findings = self.findings
        if line.what == "machine":
            return self._why_machine()
        if line.what == "global":
            return findings.global_why.get(line.number if line.number is not None else -1, ())
        if line.what == "said":
            return (Why("what it says stands in the device's own line now"),)
        if line.what == "kept":
            return (Why("a default device of the old machine that is to be kept"),)
        if line.number is None:
            return unique(findings.why.get(line.origin, ())) if line.origin is not None else ()
        at = line.number
        part = self.origin[at]
        if part is None:
            return self._why_added(at)
        if self.new[at].origin is None:
            return (Why("a default device of the old machine that is to be kept"),)
        return self._why_device(at, part)

    def _why_machine(self) -> tuple[Why, ...]:
        findings = self.findings
        found = [Why(f"{self.read.machine} is asked for")] if self.read.machine != findings.asked.machine else []
        found += [w for why in findings.option_why.values() for w in why]
        if findings.switched is not None:
            found.append(findings.switched)
        return unique(found or [Why("asked for")])

    def _why_added(self, at: int) -> tuple[Why, ...]:
        """What hangs on an added controller, and why that needs one."""
        users = [i for i, d in enumerate(self.outcome.devices) if d is not None and d.bus is not None and maker_of(d.bus) == at]
        names = ", ".join(_label(self.new[i]) for i in users[:6]) + (f" and {len(users) - 6} more" if len(users) > 6 else "")
        found = [Why(f"added for {names}" if users else "added")]
        for i in users:  # a line that changes tells its own reasons
            part, position = self.origin[i], self.new[i].origin
            if part is not None and (position is None or self.new[i].device == self.findings.asked.devices[position]):
                found += self.findings.unplaced.get(part, ())
        return unique(found)

    def _why_device(self, at: int, part: int) -> tuple[Why, ...]:
        findings = self.findings
        position = self.new[at].origin
        assert position is not None
        found = list(findings.why.get(position, ()))
        before, after = findings.old.devices[position], self.outcome.devices[at]
        if before is None or after is None or before.bus is None or after.bus is None:
            return unique(found or [Why("as the new machine wants it")])
        gone = maker_of(before.bus)
        if gone is not None and findings.fate.get(gone) is None:
            found += [w._replace(message=f"it stood on {before.bus.id}, which is let go") for w in findings.why.get(gone, ())][:1]
        if self._elsewhere(before, after):
            found += findings.unplaced.get(part, ())
            found += [why_of(reason(self.knowledge, r, self.read)) for r in self.carried.moved.get(part, ())]
            if part in self.carried.apart:
                found.append(
                    Why("guests look for further functions of a place only behind its first one, and that moves or is not there")
                )
            found.append(Why(f"the guest finds it at {_where(after)} instead of {_where(before)}"))
            return unique(found)
        asked, new = findings.asked.devices[position], self.new[at].device
        if asked.bus is not None and asked.bus != new.bus:
            found.append(self._renamed(before.bus, after.bus))
        if dict(asked.properties) != dict(new.properties) and not found:
            found.append(Why(f"written out, so that the guest finds it at {_where(after)} as before"))
        return unique(found)

    def _renamed(self, before: Bus, after: Bus) -> Why:
        if maker_of(after) is not None:
            return Why(f"{before.id} is called {after.id} here")
        return why_note(
            self.knowledge,
            after.origin,
            f"{after.id} of {self.read.machine} stands for {before.id} of {self.findings.asked.machine}",
        )

    # ------------------------------------------------------------------------------ what the guest sees
    def _elsewhere(self, before: Device, after: Device) -> bool:
        """Whether a guest finds a device at another place: another address, or a bus that does not stand for the old one."""
        if before.bus is None or after.bus is None:
            return before.bus is not after.bus
        if before.address != after.address:
            return True
        old, new = maker_of(before.bus), maker_of(after.bus)
        if old is None:
            return new is not None
        return new is None or self.new[new].origin != old

    def _seen(self) -> Iterable[Seen]:
        for at, new in enumerate(self.new):
            after = self.outcome.devices[at]
            before = self.findings.old.devices[new.origin] if new.origin is not None else None
            if before is not None and after is not None and new.origin is not None and self._elsewhere(before, after):
                yield Seen(new.origin, after.kind.name, placement(new.origin, before), placement(new.origin, after))

    def _controllers(self) -> Iterable[Why]:
        """Controllers of the machine that devices of the user's stand on, where another type stands in their place."""
        users: dict[tuple[str, str], list[str]] = {}
        notes: dict[tuple[str, str], int] = {}
        for at, new in enumerate(self.new):
            after = self.outcome.devices[at]
            before = self.findings.old.devices[new.origin] if new.origin is not None else None
            if before is None or after is None or before.bus is None or after.bus is None:
                continue
            old, now = before.bus.owner, after.bus.owner
            if (
                not isinstance(old, Device)
                or not isinstance(now, Device)
                or old.kind is now.kind
                or old.bus is None
                or now.bus is None
            ):
                continue
            if old.bus.parent is not None and maker_of(before.bus) is None and maker_of(after.bus) is None:
                key = (old.kind.name, now.kind.name)
                users.setdefault(key, []).append(_label(new))
                notes[key] = now.origin
        for (old_type, new_type), names in users.items():
            message = f"the guest finds {', '.join(names)} behind {new_type} instead of {old_type}"
            yield why_note(self.knowledge, notes[old_type, new_type], message)

    def _otherwise(self) -> Iterable[Why]:
        """What rules say that the guest sees otherwise: of the machine, then of devices, alike ones together."""
        old, new = self.findings.old.state, self.outcome.state
        board = self.findings.board
        facts = [board.knowledge.machine(state.machine.name) for state in (old, new)]
        was, now = (board.family(f) if f is not None else None for f in facts)
        if was is not None and now is not None:
            yield from (Why(told) for told in seen_otherwise(old.machine, new.machine, was, now, old, new))
        found: dict[str, list[str]] = {}
        company, company_now = come_along(old), come_along(new)
        for at, each in enumerate(self.new):
            after = self.outcome.devices[at]
            before = self.findings.old.devices[each.origin] if each.origin is not None else None
            if before is None or after is None or each.origin is None:
                continue
            for told in other_company(company.get(each.origin, Counter()), company_now.get(at, Counter())):
                found.setdefault(told, []).append(_label(each))
            kind, other = board.kinds.type(before.kind.name), board.kinds.type(after.kind.name)
            for told in seen_otherwise(before, after, kind, other, old, new) if kind and other else ():
                found.setdefault(told, []).append(_label(each))
        for told, names in found.items():
            yield Why(f"{', '.join(names)}: {told}")

    def _inlined(self) -> Iterable[Why]:
        if self.findings.inlined:
            yield Why("what -readconfig took from a file is written out, since places in it change")

    # ------------------------------------------------------------------------------ what machines bring
    def _brought(self) -> Iterable[Brought]:
        old, new = self.findings.old.state, self.outcome.state
        before, after = _by_role(old), _by_role(new)
        asked, got = _by_wish(old), _by_wish(new)
        wished = list(got.values())[len(asked) :]  # by the options that keep default devices
        for role in dict.fromkeys((*before, *after)):
            was, now = before.get(role, ()), after.get(role, ())
            if role in self.findings.kept_roles:
                now = wished[self.findings.kept_roles.index(role)]
            if was != now:
                yield Brought(role, was, now, role)
        for number, was in asked.items():
            now = got.get(number, ())
            if was != now:
                yield Brought(self._option(old, number), was, now)
        yield from of_the_board(old, new)

    def _option(self, state: State, number: int) -> str:
        """The option that a wish comes from."""
        wishes = [d for d in state.devices if d.where is not None]
        where = wishes[number].where
        words = self.findings.words
        if where is None or not 0 < where.argument < len(words):
            return "an option"
        return text(words[where.argument - 1 : where.argument + 1]) or "an option"


def unserved(old: State, new: State) -> Iterable[tuple[Device, tuple[Device, ...]]]:
    """What options asked of the old machine and got, and the new one brings nothing for: the wish, and what there was."""
    wishes = [w for w in old.devices if w.where is not None]
    got = _by_wish(new)
    for number, wish in enumerate(wishes):
        served = tuple(d for d in old.devices if d.wish is wish)
        if served and not got.get(number):
            yield wish, served


def _by_role(state: State) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for device, role in defaults(state):
        found[role] = (*found.get(role, ()), place_text(device))
    return found


def _by_wish(state: State) -> Mapping[int, tuple[str, ...]]:
    """What was brought for each wish, by the wish's number among all."""
    numbers = {d.number: n for n, d in enumerate(w for w in state.devices if w.where is not None)}
    found: dict[int, tuple[str, ...]] = dict.fromkeys(numbers.values(), ())
    for device in state.devices:
        if device.wish is not None and device.wish.number in numbers:
            n = numbers[device.wish.number]
            found[n] = (*found[n], place_text(device))
    return found


def _where(device: Device) -> str:
    placed = placement(None, device)
    return ", ".join((str(placed.bus), *(f"{n}={v}" for n, v in placed.address.items())))


def _label(new: NewDevice) -> str:
    return f"{new.device.driver} '{new.device.id}'" if new.device.id else new.device.driver
