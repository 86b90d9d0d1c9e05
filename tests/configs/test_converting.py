"""A command line beside the one of another machine: which words stay, and what files of options stand for."""

from __future__ import annotations

import pytest

from qrules.configs.converting import Line, NewDevice, converted, written_out
from qrules.machine.request import DeviceRequest, Where


def file_of(text: str) -> object:
    def read(path: str) -> str:
        if path != "vm.cfg":
            raise OSError(2, "No such file")
        return text

    return read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[smp-opts]\ncpus = "4"\n[device "n"]\ndriver = "e1000"\n', ["-smp", "cpus=4", "-device", "id=n,driver=e1000"]),
        ("", ["-readconfig", "vm.cfg"]),
        ('[machine]\nusb = "on"\n[frobnicate]\n', ["-readconfig", "vm.cfg"]),
        ('usb = "on"\n', ["-readconfig", "vm.cfg"]),
    ],
)
def test_a_file_is_written_out_where_it_can_be_read_as_a_whole(text: str, words: list[str]) -> None:
    argv = ["qemu", "-nodefaults", "-readconfig", "vm.cfg", "disk.img"]
    assert written_out(argv, file_of(text)) == ["qemu", "-nodefaults", *words, "disk.img"]  # type: ignore[arg-type]


def test_a_file_that_is_not_there_stays_named() -> None:
    assert written_out(["-readconfig", "x"], file_of("")) == ["-readconfig", "x"]  # type: ignore[arg-type]


def test_each_option_stands_beside_what_becomes_of_it() -> None:
    argv = ["-M", "pc,usb=on,hpet=off", "-device", "e1000,addr=5", "-global", "a.b=c", "-nodefaults"]
    old = DeviceRequest("e1000", properties={"addr": "5"}, where=Where(3, 0, 12))
    new = [NewDevice(None, DeviceRequest("bridge", "b,1")), NewDevice(0, old._replace(bus="b,1"))]
    assert converted(argv, [old], new, "q35", {"hpet": None}, {0: None}) == [
        Line("machine", ("-M", "pc,usb=on,hpet=off"), ("-M", "q35,usb=on")),
        Line("device", None, ("-device", "bridge,id=b,,1"), 0),
        Line("device", ("-device", "e1000,addr=5"), ("-device", "e1000,bus=b,,1,addr=5"), 1),
        Line("global", ("-global", "a.b=c"), None, 0),
        Line("other", ("-nodefaults",), ("-nodefaults",)),
    ]
