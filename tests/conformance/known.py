"""Misses of the random tests that are known, by name. A sample has no other ones, and each of these has to come up."""

from __future__ import annotations

from typing import NamedTuple

ALL = ("7.2", "10.0", "11.1")


class Known(NamedTuple):
    """A miss: where, of what kind, what stands in its line or in the binary's words, and why it is there."""

    series: tuple[str, ...]
    archs: tuple[str, ...]
    what: str
    part: str
    why: str

    def is_of(self, series: str, arch: str) -> bool:
        return series in self.series and arch in self.archs


def named(known: tuple[Known, ...], series: str, arch: str, what: str, text: str) -> Known | None:
    """The known miss that a miss is; `text` is all that is told of it."""
    return next((k for k in known if k.is_of(series, arch) and k.what == what and k.part in text), None)


DEVICES: tuple[Known, ...] = ()  # none now
COMMAND_LINES = (
    Known(
        ("10.0", "11.1"),
        ("x86_64",),
        "message",
        "-M isapc -m 256M",
        "of a board without memory slots the rules say that there are none, where the binary speaks of ACPI",
    ),
    Known(
        ALL,
        ("riscv64",),
        "message",
        "Duplicate nodes with node-name='x1'",
        "names of block nodes are no matter of the rules: a node inside another one has its name, and a second mistake is told",
    ),
    Known(
        ("11.1",),
        ("aarch64", "ppc64", "s390x"),
        "message",
        "unsupported machine type",
        "of a machine that is gone and an option that is wrong, the binary speaks of the option first, where it reads that before",
    ),
)
