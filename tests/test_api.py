"""The Python interface gives the objects that the command line prints."""

from __future__ import annotations

import sys

import pytest

import qrules
from qrules import Unusable


def test_a_machine_answers() -> None:
    q35 = qrules.machine("q35", qemu="10.0", nodefaults=True, usb=True)
    assert (q35.name, q35.arch, q35.qemu) == ("pc-q35-10.0", "x86_64", "10.0.2")
    assert "usb-device" in q35.supported_types()
    assert "usb-device" not in qrules.machine("q35", nodefaults=True).supported_types()
    assert "usb-bus.0" in [b.id for b in q35.buses()]
    assert q35.why("floppy").verdict.verdict == "reject"
    assert q35.why("floppy", before=["isa-fdc"]).verdict.verdict == "accept"


def test_a_room_with_the_name_of_a_function_answers_as_that() -> None:
    import qrules.machine.state
    import qrules.place.placing

    assert qrules.machine("q35").name == "pc-q35-10.0"
    assert qrules.place(argv=["qemu-system-x86_64", "-M", "q35", "-device", "e1000"]).cost == 0  # type: ignore[union-attr]
    assert qrules.place.placing.place is sys.modules["qrules.place.placing"].place  # type: ignore[attr-defined]


def test_underscores_stand_for_hyphens() -> None:
    pc = qrules.machine("pc", x_south_bridge="piix4-isa")
    assert "piix4-isa" in [b.parent_device for b in pc.buses()]


def test_check_reads_a_command_line() -> None:
    answer = qrules.check(argv=["qemu-system-x86_64", "-M", "pc-q35-7.2", "-device", "e1000,addr=1f.0"], qemu="7.2")
    assert (answer.verdict, answer.qemu) == ("reject", "7.2.22")


@pytest.mark.parametrize(
    "options", [{"name": "q36"}, {"name": "q35", "qemu": "1.0"}, {"name": "q35", "sparkle": True}, {"name": "q35", "arch": "vax"}]
)
def test_what_does_not_exist_is_unusable(options: dict[str, object]) -> None:
    with pytest.raises(Unusable) as caught:
        qrules.machine(**options)  # type: ignore[arg-type]
    assert len(caught.value.diagnostics) == 1


def test_an_attribute_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        qrules.nothing  # noqa: B018
