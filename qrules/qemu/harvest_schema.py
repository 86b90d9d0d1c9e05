"""Asks binaries what can be written to their options and properties: `gather_schema("qemu-system-x86_64")`.

Types and members only. Everything is asked of machines without parts, as in `qrules.qemu.harvest`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from qrules.qemu import enums, qapi, undescribed
from qrules.qemu.errors import Died
from qrules.qemu.fixed import fixed_defaults
from qrules.qemu.harvest import EMPTY_MACHINE, MACHINE_SUFFIX, UNFINISHED_MACHINE, Tree, settable
from qrules.qemu.members import Probe, keys_of
from qrules.qemu.printed import printed
from qrules.qemu.process import DEFAULT_TIMEOUT
from qrules.qemu.qmp import Session
from qrules.qemu.schema_asked import Asked, Listing, Patient, told
from qrules.qemu.schema_facts import Options, Record, Values
from qrules.qemu.widths import with_widths

_ENUM = re.compile(r"^enum ([\w|]+) = (.*)$", re.MULTILINE)
_WORD = re.compile(r'"([^"\\]*)"')


class Gathered(NamedTuple):
    """What one binary says: `options` may be the same for other architectures of its version."""

    version: str
    arch: str
    options: Options
    values: Values


def gather_schema(binary: str, catalogues: Path, timeout: float = DEFAULT_TIMEOUT) -> Gathered:
    """What can be written to a binary. What it does not describe itself is looked for in a folder of `catalogues`, and tried.

    Raises what `Session` raises.
    """
    likely = likely_words(catalogues)
    shown = printed(binary, ["-help"], timeout)
    with Session(binary, UNFINISHED_MACHINE, timeout) as session:
        machines = _machines(session)
    with Session(binary, EMPTY_MACHINE, timeout) as session, Patient(binary, EMPTY_MACHINE, timeout) as patient:
        asked = Asked(session)
        number = session.execute("query-version")["qemu"]
        version, arch = f"{number['major']}.{number['minor']}.{number['micro']}", session.execute("query-target")["arch"]
        described = qapi.records(asked.schema)
        records = (*undescribed.confirmed(binary, described, catalogues, timeout), *described)
        options = Options(tuple(asked.options(record.name for record in records)), with_widths(binary, records, timeout))
        values = Values(
            enums=(),
            records=(),
            options=(),
            objects=asked.objects(),
            accelerators=tuple(asked.accelerators()),
            processors=tuple(asked.processors()),
            features=(*asked.features(patient), *asked.internals(patient)),
            links=told(asked.links(machines)),
            forms=told(asked.forms(machines)),
            fixes=fixed_defaults(session),
        )
    words = enums.words(binary, asked.enums(), likely, (*asked.words(), *enums.any_words(shown)), timeout)
    words |= {type_: enums.spelled(type_) for type_ in asked.types(machines, values.accelerators) if enums.spelled(type_)}
    keys = [*keys_of(shown), *(each["name"] for entity in asked.schema for each in entity.get("members", ()) if "name" in each)]
    structured = _structured(binary, machines, words, keys, shown, timeout)
    return Gathered(version, arch, options, values._replace(enums=tuple(sorted(words.items())), records=structured))


def likely_words(folder: Path) -> dict[str, tuple[str, ...]]:
    """The words of enums in the catalogues of a folder, by type: what one version describes, another may only have."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.qr")):
        for match in _ENUM.finditer(path.read_text(encoding="utf-8", errors="replace")):
            found.setdefault(match[1], []).extend(_WORD.findall(match[2]))
    return {type_: tuple(dict.fromkeys(words)) for type_, words in found.items()}


def _machines(session: Session) -> dict[str, Listing]:
    """The properties of each concrete machine type, under the name that -machine takes."""
    tree = Tree(session)
    of_all = {each["name"] for each in session.execute("qom-list-properties", typename="object")}
    found = {}
    for name in tree.under("machine"):
        if name not in tree.abstract:
            listed = session.execute("qom-list-properties", typename=name)
            wanted = settable(listed, of_all)
            found[name.removesuffix(MACHINE_SUFFIX)] = {each["name"]: each for each in listed if each["name"] in wanted}
    return found


def _structured(
    binary: str, machines: Mapping[str, Listing], words: Mapping[str, object], keys: Sequence[str], shown: str, timeout: float
) -> tuple[Record, ...]:
    """The records that options of machines take, by the name of their type; each is asked of a machine that has most of them."""
    wanted = {
        (each["type"], each["name"]): name
        for name, machine in sorted(machines.items(), key=lambda item: (len(item[1]), item[0]))
        for each in machine.values()
        if enums.may_be_enum(each["type"]) and each["type"] not in words
    }
    found: dict[str, Record] = {}
    for machine in sorted(set(wanted.values())):
        try:
            with Session(binary, ("-machine", machine, "-nodefaults", "-preconfig"), timeout) as session:
                probe = Probe(session, machine, keys, shown)
                for (type_, prop), name in wanted.items():
                    if name == machine and (record := probe.record(type_, prop)) is not None:
                        found[type_] = record
        except Died:
            continue  # a machine that does not wait for its configuration
    return tuple(found[type_] for type_ in sorted(found))


def shared(gathered: Sequence[Gathered]) -> tuple[Options, tuple[Gathered, ...]]:
    """What all binaries of a version have in common, and each with what is its own: options; all records where one differs."""
    counted = Counter(option for each in gathered for option in each.options.options)
    common = tuple(option for option in gathered[0].options.options if counted[option] == len(gathered))
    same = all(each.options.records == gathered[0].options.records for each in gathered)
    return Options(common if same else (), gathered[0].options.records if same else ()), tuple(
        _own(each, frozenset(common) if same else frozenset(), same) for each in gathered
    )


def _own(gathered: Gathered, common: frozenset[object], same: bool) -> Gathered:
    own = tuple(option for option in gathered.options.options if option not in common)
    records = gathered.values.records if same else (*gathered.options.records, *gathered.values.records)
    return gathered._replace(values=gathered.values._replace(options=(*own, *gathered.values.options), records=records))
