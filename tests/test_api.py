"""The Python interface gives the objects that the command line prints."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable

import jsonschema
import pytest

import qrules
from qrules import Unusable
from qrules.report import dicts


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

    assert qrules.machine("q35", qemu="10.0").name == "pc-q35-10.0"
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


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: qrules.check(argv=["-M", "q35"], profiles=["quemu"]), Unusable, "did you mean 'qemu'"),
        (lambda: qrules.check(argv=["-M", "q35"], profiles="qemu"), TypeError, "profiles is a list of texts"),
        (lambda: qrules.check(argv="-M q35"), TypeError, "shlex.split"),
        (lambda: qrules.check(argv=["-M", 35]), TypeError, r"argv\[1\] is int"),  # type: ignore[list-item]
        (lambda: qrules.place(argv="-M q35"), TypeError, "shlex.split"),
        (lambda: qrules.convert(argv=["-M", "q35"], to="pc", keep="network"), TypeError, "keep is a list"),
        (lambda: qrules.convert(argv=["-M", "q35"], to="p"), Unusable, "no machine 'p'"),
        (lambda: qrules.why("flopy", on="q35"), Unusable, "did you mean 'floppy'"),
        (lambda: qrules.machine("q35").why("flopy"), Unusable, "did you mean 'floppy'"),
        (lambda: qrules.machine("q35").why("floppy", before="isa-fdc"), TypeError, "before is a list"),
        (lambda: qrules.machine("q36"), Unusable, "did you mean 'q35'"),
        (lambda: qrules.machine("xlnx-versal-virt", arch="aarch64"), Unusable, "no rules describe"),
        (lambda: qrules.spare("e100", argv=["-M", "q35"]), Unusable, "did you mean 'e1000'"),
        (lambda: qrules.hotplug(argv=["-M", "q35"]), TypeError, "no device to add"),
        (lambda: qrules.schema("chek"), ValueError, "check"),
        (lambda: qrules.explain(3), TypeError, "message is a text"),  # type: ignore[arg-type]
        (lambda: qrules.to_dict("x"), TypeError, "str is no answer"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: Callable[[], object], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        call()


Q35 = ["-M", "q35", "-device", "e1000"]


def test_every_verb_is_a_function() -> None:
    assert qrules.why("floppy", on="pc").placement is not None
    assert "e1000" in [t.name for t in qrules.types("q35")]
    assert {b.id for b, _ in qrules.slots("q35")} <= {b.id for b in qrules.buses("q35")}
    assert qrules.diff(qrules.machine("pc-q35-7.2"), qrules.machine("pc-q35-10.0")).new.startswith("pc-q35-10.0")
    assert ("q35",) in [m.aliases for m in qrules.machines()]
    assert {"name", "opts-complete"} <= set(qrules.query_machines(rules="tests/language/behaviours/start")[0])
    assert qrules.hotplug("e1000", argv=["-M", "pc"]).verdict == "accept"
    assert qrules.repairs(argv=["-M", "q35", "-device", "e1000,addr=1f.0"])[0].argv
    assert isinstance(qrules.spare("e1000", argv=Q35), qrules.Room)
    assert qrules.explain("Bus 'pcie.0' does not support hotplugging")[0].meanings
    assert all(t.passed for t in qrules.run_rule_tests("tests/language/behaviours/start"))
    assert isinstance(qrules.lint_rules("tests/language/behaviours/start"), list)
    assert qrules.format_rules("# one\n") == "# one\n"


def test_answers_as_dictionaries_are_as_the_schema_says() -> None:
    placed, nowhere = qrules.place(argv=Q35), qrules.place(argv=["-M", "microvm", "-nodefaults", "-device", "e1000"])
    assert isinstance(placed, qrules.Placed)
    answers: list[tuple[str, dict[str, object]]] = [
        ("check", qrules.check(argv=Q35).to_dict()),
        ("why", qrules.why("floppy", on="q35").to_dict()),
        ("hotplug", qrules.hotplug("e1000", argv=Q35).to_dict()),
        ("place", placed.to_dict(Q35)),
        ("place", qrules.to_dict(nowhere)),
        ("convert", qrules.convert(argv=Q35, to="pc").to_dict()),
        (
            "upgrade",
            {"schema": 1, "configs": [{"file": None, **qrules.upgrade(argv=Q35, old="7.2", new="10.0").to_dict()}], "counts": {}},
        ),
        ("spare", qrules.spare("e1000", argv=Q35).to_dict()),
    ]
    for verb, answer in answers:
        jsonschema.validate(json.loads(json.dumps(answer)), qrules.schema(verb))
    with pytest.raises(TypeError, match="to_dict"):
        qrules.to_dict(placed)


def test_every_kind_of_answer_has_a_maker() -> None:
    for name, (module, function) in dicts._HOMES.items():
        home, _, kind = name.rpartition(".")
        assert hasattr(importlib.import_module(home), kind)
        assert callable(getattr(importlib.import_module(module), function))


def test_dir_lists_the_interface() -> None:
    assert set(qrules.__all__) <= set(dir(qrules))
    assert all(getattr(qrules, name) is not None for name in qrules.__all__)
    assert sorted(qrules._HOMES) == sorted(set(qrules.__all__) - {"__version__"})


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "qrules", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"qrules {qrules.__version__}\n"
