"""Which architectures are meant: the only one that has a machine, or all of them."""

from __future__ import annotations

import sys

from qrules.cli import common
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.cli.form import Arguments
    from qrules.knowledge.model import Knowledge
    from qrules.plugging.board import Board


def only_one(args: Arguments, found: Board, name: str) -> Board:
    """The machines of the only architecture that has one of that name, where `found` lacks it; that is said on standard error."""
    if args.arch or getattr(args, "at_hand", None):
        return found
    version = found.knowledge.version
    arches = dict.fromkeys(arch for qemu, arch in found.knowledge.homes("machines", name) if qemu == version)
    if len(arches) != 1:
        return found
    arch = next(iter(arches))
    sys.stderr.write(f"qrules: {name} is a machine of {arch} alone{BREAK}")
    args.arch = arch
    return common.board(args)


def each_arch(args: Arguments) -> list[Knowledge]:
    """What is known of the version that is meant, for the architecture that is named or, for ``all``, for each."""
    opened = common.store(args)
    if args.arch != "all":
        return [opened.knowledge(common.entry(args, opened))]
    arches = dict.fromkeys(target.arch for target in opened.targets())
    return [opened.knowledge(opened.resolve(args.qemu, arch)) for arch in arches]
