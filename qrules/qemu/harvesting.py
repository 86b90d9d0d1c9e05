"""Catalogues and schemas of binaries as text: `harvest("qemu-system-x86_64")`, or the files of a whole version.

A text alone has all that one binary says. In a folder what several binaries of a version have in common stands once::

    qapi.qr              options and their members, the same for all of them
    x86_64.qr            types, interfaces, buses, machines
    x86_64-values.qr     enums, objects, accelerators, processors, what links lead to
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qrules.paths import rules_folder
from qrules.qemu.catalogue_text import write
from qrules.qemu.errors import NotQemu
from qrules.qemu.facts import Facts
from qrules.qemu.harvest import gather
from qrules.qemu.harvest_schema import Gathered, gather_schema, shared
from qrules.qemu.process import DEFAULT_TIMEOUT, version
from qrules.qemu.schema_text import head, write_options, write_values

_OPTIONS, _VALUES = "options and their members", "types, members and words of values"


def harvest(binary: str, timeout: float = DEFAULT_TIMEOUT) -> str:
    """All that a binary says, as one text. `timeout` is in seconds, for each step; raises what `Session` raises."""
    facts = gather(binary, timeout)
    said = _schema(binary, timeout)
    return "\n".join((write(facts), write_options(said.options), write_values(said.values)))


def harvest_files(binaries: Sequence[str], timeout: float = DEFAULT_TIMEOUT) -> dict[str, str]:
    """The texts of the files of one version by name. `binaries` are of different architectures; raises what `Session` raises."""
    facts = [_named(gather(binary, timeout), binary) for binary in binaries]
    options, own = shared([_schema(binary, timeout) for binary in binaries])
    texts = {f"{each.arch}.qr": write(each) for each in facts}
    if options.options or options.records:
        texts["qapi.qr"] = head(own[0].version, (each.arch for each in own), _OPTIONS) + "\n" + write_options(options)
    for each in own:
        texts[f"{each.arch}-values.qr"] = head(each.version, [each.arch], _VALUES) + "\n" + write_values(each.values)
    return texts


def _named(facts: Facts, binary: str) -> Facts:
    """The facts, whose architecture is to be the name of a file."""
    if not re.fullmatch(r"\w+", facts.arch):
        raise NotQemu(binary, f"architecture {facts.arch!r}")
    return facts


def versions(binaries: Iterable[str], timeout: float = DEFAULT_TIMEOUT) -> dict[str, str]:
    """The version of each binary. Raises what `process.version` raises."""
    return {binary: version(binary, timeout) for binary in binaries}


def _schema(binary: str, timeout: float) -> Gathered:
    return gather_schema(binary, rules_folder() / "catalog", timeout)
