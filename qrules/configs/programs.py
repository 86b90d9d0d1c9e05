"""Which words are names of emulators, so that nothing else is taken for a command line."""

from __future__ import annotations

from qrules.diagnostics import unusable

_SUFFIXES = ("-spice", "-wrapped", ".exe", ".real")


def runs_emulator(word: str) -> bool:
    """Whether a word names an emulator of whole machines: ``qemu-system-ARCH``, ``qemu-kvm``, ``kvm``, with a path or version.

    Those of single programs (``qemu-aarch64``) and QEMU's tools (``qemu-img``) are none.
    """
    name = word.replace("\\", "/").rpartition("/")[2].lower().lstrip(".")
    if "qemu-system-" in name:
        return True
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    name = name.rstrip("0123456789.").removesuffix("-")
    return name in ("qemu", "kvm", "qemu-kvm") or name.endswith(("-qemu", "-qemu-kvm"))


def check_program(words: list[str]) -> None:
    """Raises `Unusable` (QR436) for words whose first is neither an option nor an emulator."""
    if words and not words[0].startswith("-") and not runs_emulator(words[0]):
        raise unusable(
            "QR436",
            f"'{words[0]}' is no QEMU emulator",
            "the command line",
            expected="qemu-system-ARCH with its options, or options alone",
        )


def architecture(argv: list[str]) -> str | None:
    """The architecture that the name of the binary tells: ``/usr/bin/qemu-system-x86_64`` is x86_64."""
    if not argv or argv[0].startswith("-"):
        return None
    name = argv[0].replace("\\", "/").rsplit("/", 1)[-1]
    return name.removeprefix("qemu-system-").removesuffix(".exe") if name.startswith("qemu-system-") else None
