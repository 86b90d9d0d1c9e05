"""`learn` on an emulator that is made up: what it finds out, what it writes, and that it comes to an end."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qrules.knowledge.model import Knowledge
from qrules.qemu import learning, process
from qrules.qemu.drafting import draft
from qrules.qemu.learning import MOST_STARTS, Learner, Learnt, NoStart
from qrules.rulesets.store import open_store

HEAD = 'bus: main-system-bus\n  type System\n  dev: fw_cfg_io, id ""\n  dev: odd-host, id ""\n    bus: pci\n      type PCI\n'
CARD = '      dev: {type}, id "{id}"\n        addr = {at}\n'
BRIDGE = CARD.format(type="odd-bridge", id="", at="00.0")


class Pretended:
    """An emulator whose board has a host bridge with a bus, a network card by default, and a part that an option leaves out."""

    def __init__(self, needs: str = "") -> None:
        self.needs, self.asked = needs, 0

    def __call__(
        self, binary: str, argv: Sequence[str], commands: Sequence[str], timeout: float
    ) -> tuple[process.Outcome, tuple[str, ...]]:
        self.asked += 1
        line = " ".join(argv)
        refused = self._refused(line)
        if refused:
            return process.Outcome(False, refused, 1, False, False), ()
        plain = "-nodefaults" in argv or "-net none" in line
        cards = [] if plain else [CARD.format(type="e1000", id="", at="0b.0")]
        added = [word.split(",")[0] for word, before in zip(argv[1:], argv, strict=False) if before == "-device"]
        cards += [CARD.format(type=each, id="", at="12.0") for each in added]
        sound = "" if "usb=off" in line else '  dev: odd-sound, id ""\n'
        return process.Outcome(True, "", 0, False, False), (HEAD + "".join(reversed(cards)) + BRIDGE + sound,)

    def _refused(self, line: str) -> str:
        if self.needs and self.needs not in line:
            return "no kernel"
        if "-numa" in line:
            return "NUMA is not supported by this machine-type"
        if "-device" in line and "bus=pci" not in line and "ramfb" not in line:
            return "Parameter 'driver' expects a dynamic sysbus device type for the machine"
        return "machine type does not support if=scsi,bus=0,unit=0" if "-drive" in line and "if=ide" not in line else ""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    store = open_store()
    return store.knowledge(store.resolve("10.0", "x86_64"))


def learnt(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge, emulator: Pretended) -> Learnt:
    monkeypatch.setattr(learning.process, "ask", emulator)
    facts = knowledge.machine("none")
    assert facts is not None
    found = Learner("qemu", knowledge, facts, 5.0, None).learn()
    assert found.starts == emulator.asked <= MOST_STARTS
    return found


def test_parts_in_the_order_of_their_birth(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> None:
    found = learnt(monkeypatch, knowledge, Pretended())
    assert [part.type for part in found.parts] == ["odd-sound", "odd-host", "odd-bridge", "e1000", "fw_cfg_io"]
    assert [(part.type, part.role) for part in found.parts if part.role] == [("e1000", "network")]
    assert dict(found.attributes)["has-numa"] is False
    assert dict(found.attributes)["network-bus"] == "pci"
    assert dict(found.attributes)["sysbus-allowed"] == ("ramfb",)


def test_the_draft(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> None:
    lines = draft(learnt(monkeypatch, knowledge, Pretended()), knowledge).splitlines()
    assert "machine none for x86_64" in lines
    assert '  default e1000 as network on "pci" at "0b.0"' in lines
    assert "  has odd-sound when not (usb = off)" in lines
    assert lines[-4:] == ['  provides PCI called "pci"', "    root-bus = on", "    default-bus = on", "    first-slot = 18"]


def test_a_board_that_needs_something(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> None:
    with pytest.raises(NoStart, match="no kernel"):
        learnt(monkeypatch, knowledge, Pretended(needs="-nothing"))


def test_a_board_that_needs_something_with_nodefaults_alone(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> None:
    class Silent(Pretended):
        def _refused(self, line: str) -> str:
            return "no sound" if "-nodefaults" in line and "-wav" not in line else super()._refused(line)

    monkeypatch.setattr(learning, "samples", lambda knowledge: [("-nothing", "x"), ("-wav", "y")])
    found = learnt(monkeypatch, knowledge, Silent())
    assert (found.needs, found.says, found.starts_bare) == (("-wav", "y"), "no sound", True)
    assert "    when nodefaults" in draft(found, knowledge).splitlines()
