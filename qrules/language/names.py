"""The grammar of names that stand for a catalogue: versions of the emulator, and architectures.

Both come from rule files, which may be anybody's, and stand in answers and file names of others' tools: they are no paths and
hold no characters that do anything.
"""

from __future__ import annotations

import re

from qrules.diagnostics import Diagnostic, Span

_VERSION = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,5}", re.ASCII)
_ARCH = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*", re.ASCII)
_LONGEST = 40  # of an architecture


def wrong_version(version: str, span: Span) -> Diagnostic | None:
    """What is wrong with the version of a catalogue; None where nothing is."""
    if _VERSION.fullmatch(version):
        return None
    expected = "up to six numbers with dots between them, such as 10.0.2"
    return Diagnostic("QR115", f"{version!a:.60} is no version of an emulator", span, expected)


def wrong_arch(arch: str, span: Span) -> Diagnostic | None:
    """What is wrong with the name of an architecture; None where nothing is."""
    if _ARCH.fullmatch(arch) and len(arch) <= _LONGEST:
        return None
    expected = f"a letter, then letters, digits, '_' and single '-', {_LONGEST} at the most, such as x86_64"
    return Diagnostic("QR116", f"{arch!a:.60} is no name of an architecture", span, expected)
