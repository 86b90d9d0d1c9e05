"""Command lines to requests: what an option means is a rule, the reader knows syntax only."""

from __future__ import annotations

import pytest

from qrules.configs import argv
from qrules.knowledge.model import Knowledge
from qrules.machine.request import Misread, Request, Where
from qrules.rulesets.store import Store


def read(knowledge: Knowledge, line: str) -> Request:
    return argv.read(line.split(), knowledge)


def test_machine_devices_and_backends(knowledge: Knowledge) -> None:
    backends = "-netdev user,id=n0 -blockdev driver=null-co,node-name=d0"
    line = f"-M q35,usb=on -nodefaults {backends} -device e1000,netdev=n0,id=a,bus=pcie.0"
    request = read(knowledge, line)
    assert (request.machine, request.options, request.nodefaults) == ("q35", {"usb": "on"}, True)
    assert request.backends == {"n0": "network", "d0": "block"}
    (device,) = request.devices
    assert (device.driver, device.id, device.bus, device.properties) == ("e1000", "a", "pcie.0", {"netdev": "n0"})


def test_several_machine_options_add_up(knowledge: Knowledge) -> None:
    request = read(knowledge, "-machine q35 -machine usb=on,accel=kvm")
    assert (request.machine, request.options) == ("q35", {"usb": "on"})


def test_without_a_machine_the_binarys_default_is_meant(knowledge: Knowledge) -> None:
    assert read(knowledge, "-nodefaults").machine == "pc-i440fx-10.0"


def test_shorthands_are_rules(knowledge: Knowledge) -> None:
    request = read(knowledge, "-M pc -usb -vga none -nic none -m 2G,slots=2,maxmem=4G")
    assert request.facts == {
        "usb": True,
        "vga": "none",
        "asked-memory": "2G",
        "memory.slots": "2",
        "memory.max-size": "4G",
    }
    assert set(request.silenced) == {"vga", "network"}
    (disk,) = read(knowledge, "-M pc -fda x.img").wishes
    assert (disk.kind, disk.values, disk.where) == ("disk", {"if": "floppy", "index": 0, "file": "x.img"}, Where(3, 0, 5))


def test_a_pair_may_have_a_meaning_of_its_own(knowledge: Knowledge) -> None:
    request = read(knowledge, "-M virt -drive if=pflash,format=raw,file=a -drive if=none,id=d")
    assert (request.facts, request.backends, request.unmodelled) == ({"flash-drive": True}, {"d": "free-drive"}, ())


def test_the_accelerator_has_two_places(knowledge: Knowledge) -> None:
    assert read(knowledge, "-M q35,accel=kvm").facts == {"accelerator": "kvm", "accelerator-of-machine": "kvm"}
    assert read(knowledge, "-M q35 -accel kvm").facts == {
        "accelerator": "kvm",
        "separate-accelerator": "kvm",
        "known-accelerator": "kvm",
    }


@pytest.mark.parametrize("program", ["kvm", "/usr/bin/kvm", "/usr/libexec/qemu-kvm"])
def test_a_program_whose_name_ends_in_kvm_tries_that_first(knowledge: Knowledge, program: str) -> None:
    request = read(knowledge, f"{program} -M q35")
    assert request.facts == {"accelerator": "kvm", "known-accelerator": "kvm"}
    (assumed,) = request.assumed
    assert (assumed.text, assumed.where) == (program, Where(0, 0, len(program)))


@pytest.mark.parametrize("words", ["-M q35,accel=tcg", "-M q35 -accel tcg", "-M q35 -accel qtest", "-M q35 -enable-kvm"])
def test_an_option_goes_before_the_programs_name(knowledge: Knowledge, words: str) -> None:
    assert read(knowledge, f"kvm {words}").facts == read(knowledge, f"qemu-system-x86_64 {words}").facts


def test_a_programs_name_is_no_option(knowledge: Knowledge) -> None:
    (wrong,) = read(knowledge, "qemu-system-x86_64 -M q35 -kvm").misread
    assert (wrong.refusal, wrong.context["name"]) == ("no-such-command-option", "-kvm")
    assert "accelerator" not in read(knowledge, "kvm-spice -M q35").facts


def test_unknown_options_are_refused_with_their_place(knowledge: Knowledge) -> None:
    (wrong,) = read(knowledge, "-M q35 -frobnicate yes -device e1000").misread
    assert wrong == Misread("no-such-command-option", {"name": "-frobnicate", "text": "yes"}, Where(2, 0, 11))


def test_options_belong_to_versions_and_architectures(store: Store) -> None:
    words = ["-M", "none", "-no-acpi", "-run-with", "async-teardown=on", "-prom-env", "a=b"]
    found = {
        (series, arch): [
            wrong.context["name"] for wrong in argv.read(words, store.knowledge(store.resolve(series, arch))).misread
        ]
        for series, arch in (("7.2", "x86_64"), ("10.0", "x86_64"), ("10.0", "ppc64"))
    }
    assert found == {
        ("7.2", "x86_64"): ["-run-with", "-prom-env"],
        ("10.0", "x86_64"): ["-no-acpi", "-prom-env"],
        ("10.0", "ppc64"): ["-no-acpi"],
    }


@pytest.mark.parametrize("words", ["-frobnicate", "-frobnicate -device e1000", "-frobnicate yes -device e1000"])
def test_words_behind_an_unknown_option(knowledge: Knowledge, words: str) -> None:
    request = read(knowledge, "-M q35 " + words)
    assert [d.driver for d in request.devices] == ["e1000"] * ("-device" in words)
    assert request.wishes == ()


def test_ids_of_resources_are_looked_at(knowledge: Knowledge) -> None:
    request = read(knowledge, "-M q35 -chardev null,id=a -chardev null,id=a -object rng-builtin,id=9 -object nothing,id=b")
    assert [(wrong.refusal, wrong.context["kind"]) for wrong in request.misread] == [
        ("duplicate-option-id", "chardev"),
        ("malformed-id", "object"),
        ("no-such-option-value", "object"),
    ]


def test_resources_inside_others_have_names_too(knowledge: Knowledge) -> None:
    nested = '{"driver":"raw","node-name":"b","file":{"driver":"null-co","node-name":"c"}}'
    argv_ = ["-M", "q35", "-blockdev", nested, "-blockdev", "driver=raw,node-name=d,file.driver=null-co,file.node-name=e"]
    assert list(argv.read(argv_, knowledge).backends) == ["b", "c", "d", "e"]


def test_a_device_without_a_type(knowledge: Knowledge) -> None:
    assert [d.driver for d in read(knowledge, "-M q35 -device id=a").devices] == [""]


@pytest.mark.parametrize(
    ("words", "arch"),
    [
        (["qemu-system-x86_64"], "x86_64"),
        (["/usr/bin/qemu-system-aarch64", "-M"], "aarch64"),
        (["-M", "q35"], None),
        ([], None),
        (["kvm"], None),
    ],
)
def test_the_binarys_name_tells_the_architecture(words: list[str], arch: str | None) -> None:
    assert argv.architecture(words) == arch


def test_options_that_are_members_of_machine_options(knowledge: Knowledge) -> None:
    request = read(knowledge, "-M q35,smp.cpus=2 -smp 4,cores=2 -boot order=c,menu=on")
    assert request.facts == {"smp.cpus": "4", "smp.cores": "2", "boot.order": "c", "boot.menu": "on"}
    assert request.options == {}
    assert request.option_where["smp.cores"].argument == 3


def test_pairs_alone(knowledge: Knowledge) -> None:
    for line in ("-M q35,usb", "-M q35 -smp 4,cores", "-M q35 -boot order=c,menu"):
        misread = read(knowledge, line).misread
        assert [wrong.refusal for wrong in misread] == ["pair-without-value"]
        assert misread[0].context == {"name": line.rpartition(",")[2]}


def test_of_several_ids_the_first_counts(knowledge: Knowledge) -> None:
    request = read(knowledge, "-M q35 -netdev user,id=a,id=b -audiodev none,id=c,id=d -device e1000,scsi-id=1,id=x,id=y")
    assert set(request.backends) == {"a", "d"}  # one reader of options knows ids, the other does not
    assert request.devices[0].id == "x"


def test_json_of_another_type_names_nothing(knowledge: Knowledge) -> None:
    words = ["-M", "q35", "-device", '{"driver": 1.5, "id": 5, "bus": ["pcie.0"]}']
    device = argv.read(words, knowledge).devices[0]
    assert (device.driver, device.id, device.bus, device.properties) == ("", None, None, {})


def test_a_dash_alone_is_no_option(knowledge: Knowledge) -> None:
    for dash in ("-", "--"):
        assert [wrong.refusal for wrong in read(knowledge, f"-M q35 {dash} pc").misread] == ["no-such-command-option"]


def test_a_list_of_machine_options_is_told_by_one_option(knowledge: Knowledge) -> None:
    once = read(knowledge, "-M q35,cxl=on,cxl-fmw.0.size=4G,cxl-fmw.1.size=4G -M smm=off")
    twice = read(knowledge, "-M q35,cxl-fmw.0.size=4G -M cxl-fmw.1.size=4G")
    assert once.misread == ()
    assert [(wrong.refusal, wrong.context["property"]) for wrong in twice.misread] == [("malformed-member", "cxl-fmw.*")]
