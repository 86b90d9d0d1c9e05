"""Which virtual devices plug into which QEMU machine, and why: answered from rules, without starting QEMU.

>>> import qrules
>>> q35 = qrules.machine("q35", nodefaults=True)
>>> q35.supported_types()
['conventional-pci-device', 'i2c-slave', 'ide-device', 'isa-device', 'pci-express-device', ...]
>>> q35.why("floppy").verdict.verdict
'reject'
>>> qrules.check(argv=["-M", "q35", "-device", "e1000,addr=1f.0"]).reasons[0].emulator_message
'PCI: slot 31 function 0 not available for e1000, in use by ICH9-LPC,id=(null)'
"""

from __future__ import annotations

import sys

from qrules.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.api import MachineView, check, convert, machine, place
    from qrules.diagnostics import Diagnostic, Span, Unusable

__all__ = ["Diagnostic", "MachineView", "Span", "Unusable", "__version__", "check", "convert", "machine", "place"]


_FUNCTIONS = ("machine", "check", "convert", "place", "MachineView")
_CLASSES = ("Diagnostic", "Span", "Unusable")


def __getattr__(name: str) -> object:
    """What the interface offers, loaded when it is first asked for."""
    if name in _FUNCTIONS:
        from qrules import api

        return getattr(api, name)
    if name in _CLASSES:
        from qrules import diagnostics

        return getattr(diagnostics, name)
    raise AttributeError(f"module 'qrules' has no attribute '{name}'")


class _Room(type(sys)):  # type: ignore[misc]  # the type of modules
    """A room that has the name of a function: ``qrules.place(argv=...)`` is that of `qrules.api` in any case."""

    def __call__(self, *given: object, **asked: object) -> object:
        from qrules import api

        return getattr(api, self.__name__.rpartition(".")[2])(*given, **asked)


class _Package(type(sys)):  # type: ignore[misc]
    """This module. Python hangs each room here that is imported; one with a function's name has to answer as that, too."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _FUNCTIONS and isinstance(value, type(sys)):
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
