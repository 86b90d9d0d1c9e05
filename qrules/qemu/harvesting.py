"""Catalogues and schemas of binaries as text: `harvest("qemu-system-x86_64")`, or the files of a whole version.

A text alone has all that one binary says. In a folder what several binaries of a version have in common stands once::

    qapi.qr              options and their members, the same for all of them
    x86_64.qr            types, interfaces, buses, machines
    x86_64-values.qr     enums, objects, accelerators, processors, what links lead to
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from qrules.paths import rules_folder
from qrules.qemu.catalogue_text import write
from qrules.qemu.errors import NotQemu
from qrules.qemu.facts import Facts
from qrules.qemu.harvest import gather
from qrules.qemu.harvest_schema import Gathered, gather_schema, shared
from qrules.qemu.process import DEFAULT_TIMEOUT, version
from qrules.qemu.schema_text import head, write_options, write_values
from qrules.visible import clean

_OPTIONS, _VALUES = "options and their members", "types, members and words of values"


def harvest(binary: str, timeout: float = DEFAULT_TIMEOUT) -> str:
    """All that a binary says, as one text. `timeout` is in seconds, for each step.

    Raises what `Session` raises, and NotQemu for answers of another shape than QEMU's, or with names that do not show.
    """
    version(binary, timeout)  # what is no QEMU is found out before anything waits for it
    with _answering(binary):
        facts = gather(binary, timeout)
        said = _schema(binary, timeout)
        text = "\n".join((write(facts), write_options(said.options), write_values(said.values)))
    return shown(text, binary)


def harvest_files(binaries: Sequence[str], timeout: float = DEFAULT_TIMEOUT) -> dict[str, str]:
    """The texts of the files of one version by name. `binaries` are of different architectures; raises as `harvest` does."""
    facts, schemas = [], []
    for binary in binaries:
        version(binary, timeout)
        with _answering(binary):
            facts.append(_named(gather(binary, timeout), binary))
            schemas.append(_schema(binary, timeout))
    options, own = shared(schemas)
    texts = {f"{fact.arch}.qr": write(fact) for fact in facts}
    if options.options or options.records:
        texts["qapi.qr"] = head(own[0].version, (each.arch for each in own), _OPTIONS) + "\n" + write_options(options)
    for each in own:
        texts[f"{each.arch}-values.qr"] = head(each.version, [each.arch], _VALUES) + "\n" + write_values(each.values)
    for text in texts.values():
        shown(text, ", ".join(binaries))
    return texts


@contextmanager
def _answering(binary: str) -> Iterator[None]:
    """Where answers are taken apart: one of another shape than QEMU's is NotQemu."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        raise NotQemu(binary, f"an answer of another shape, {type(error).__name__}: {error}"[:200]) from error


def shown(text: str, binary: str) -> str:
    """A text that shows as it is. Raises NotQemu."""
    odd = next((line for line in text.split("\n") if not clean(line)), None)
    if odd is not None:
        raise NotQemu(binary, odd[:200])
    return text


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
