"""What the page offers to pick from: versions, machines and device types."""

from __future__ import annotations

from qrules.diagnostics import did_you_mean, unusable
from qrules.explain.inventory import machine_request, pluggable
from qrules.plugging.board import Board
from qrules.rulesets.store import Store, open_store
from qrules.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DOCUMENTS = "libvirt"  # the rule set of domains, which stands apart


def about(store: Store, most: int, compiled: bool) -> dict[str, Any]:
    """Which rules there are: architectures with their versions, the oldest first, and profiles. `most` are bytes of a text."""
    arches: dict[str, list[str]] = {}
    for entry in store.compiled_targets() if compiled else store.targets():
        arches.setdefault(entry.arch, []).append(entry.version)
    usual = store.resolve(None, None)
    libvirts = [entry.version for entry in open_store(_DOCUMENTS).targets()] if store.root is None else []
    return {
        "qrules": __version__,
        "arch": usual.arch,
        "qemu": usual.version,
        "arches": [{"arch": arch, "qemu": versions} for arch, versions in arches.items()],
        "libvirt": libvirts,
        "profiles": sorted(store.knowledge(usual).shared["profiles"]),
        "most-bytes": most,
    }


def machines(store: Store, arch: str, qemu: str) -> dict[str, Any]:
    """The machines that rules describe. Raises `Unusable` for a version or an architecture that there is not."""
    knowledge = store.knowledge(store.resolve(qemu or None, arch or None))
    found = [facts for name in knowledge.machine_names() if (facts := knowledge.machine(name)) is not None]
    return {
        "arch": knowledge.arch,
        "qemu": knowledge.version,
        "machines": [
            {"name": m.name, "aliases": list(m.aliases), "description": m.description or None}
            for m in found
            if m.family is not None
        ],
    }


def types(store: Store, arch: str, qemu: str, machine: str, nodefaults: bool) -> dict[str, Any]:
    """All device types of an architecture, and of each whether the machine has a bus for it. Raises `Unusable`."""
    board = Board(store.knowledge(store.resolve(qemu or None, arch or None)))
    facts = board.knowledge.machine(machine)
    if facts is None or facts.family is None:
        hint = did_you_mean(machine, board.knowledge.machine_names())
        raise unusable("QR410", f"there is no machine '{machine}' here", machine, expected="a machine type", hint=hint)
    taken = {found.name: found.bus for found in pluggable(board, machine_request(machine, {}, nodefaults))}
    told = []
    for name, entry in sorted(board.knowledge.shared["types"].items()):
        if entry[0] == "user":
            kind = board.kinds.type(name)
            about = kind.description if kind is not None else ""
            told.append({"name": name, "takes": name in taken, "bus": taken.get(name), "description": about or None})
    return {"machine": facts.name, "types": told}
