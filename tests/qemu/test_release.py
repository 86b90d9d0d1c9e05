"""What a release changes: of catalogues without a binary, by cause, as drafts; and a board of two real ones."""

from __future__ import annotations

import json

import pytest

from qrules.explain.reasons import RuleLine
from qrules.plugging.board import Board
from qrules.qemu.compare import Difference
from qrules.qemu.drafts import drafts
from qrules.qemu.news import new_options, new_types, news
from qrules.qemu.release import Group, Release, Sides, _Groups, twin
from qrules.qemu.release_trials import newest, planned
from qrules.qemu.trials import Trial
from qrules.qemu.verify import Checked
from qrules.rulesets.store import Store
from tests.conftest import Run
from tests.qemu.conftest import find


def test_what_the_catalogues_tell(store: Store) -> None:
    old, new = (store.knowledge(store.resolve(version, "aarch64")) for version in ("10.0", "11.1"))
    told = {(n.how, n.what, n.detail or n.names[0]): n for n in news(old, new)}
    assert told["gone", "type", "nand"].names[0] == "nand"
    assert told["changed", "default", "dpofua"].names == ("scsi-hd",)
    assert told["changed", "internal type", "users can add them now"].names == ("arm-smmuv3", "emmc")
    assert told["gone", "key", "-chardev"].names == ("reconnect",)
    assert not told["new", "machine option", "cxl-fmw"].spoken
    assert told["new", "machine option", "msi"].spoken
    assert "virt-8.1" in told["new", "deprecated", "virt-7.1"].names
    assert news(old, old) == []


def test_what_is_tried(store: Store) -> None:
    old, new = (store.knowledge(store.resolve(version, "aarch64")) for version in ("10.0", "11.1"))
    [facts] = newest(new, ("virt",))
    assert facts.name == "virt-11.1"
    assert {"msi", "cxl", "virtio-mmio-transports"} <= set(new_options(old, new, facts))
    fresh = new_types(old, new)
    assert "arm-smmuv3" in fresh
    tried = list(planned(old, new, facts, ()))
    assert Trial("virt-11.1", True, (("msi", "help"),), device="arm-smmuv3") in tried
    assert Trial("virt-11.1", True, device="sbsa-gwdt", words=("-device", "sbsa-gwdt")) in tried
    assert any(json.loads(t.device)["id"] == "1a" for t in tried if t.device.startswith("{"))
    assert twin(old, "virt-11.1") == "virt-10.0"
    assert twin(old, "nothing") is None


def test_differences_are_one_where_only_names_are_others(store: Store) -> None:
    board = Board(store.knowledge(store.resolve("7.2", "x86_64")))
    groups = _Groups(Sides("nothing", board), 1.0)
    where = RuleLine("rules/x.qr", 3)
    for machine, driver in (("new-1", "one"), ("new-1", "two"), ("new-2", "one")):
        found = Difference("verdict", "", f"accept on {machine}", f"reject No 'x{driver}' for {driver}", where)
        groups.add(Checked(Trial(machine, device=driver), "different", differences=(found,)))
    groups.add(
        Checked(
            Trial("new-1", options=(("a", "x"),)),
            "different",
            differences=(Difference("verdict", "", "accept", "reject a", None),),
        )
    )
    groups.add(
        Checked(
            Trial("new-1", options=(("a", "x"),), device="one"),
            "different",
            differences=(Difference("verdict", "", "accept", "reject b", None),),
        )
    )
    first, second = groups.groups()
    assert (first.starts, first.machines, first.types, first.where, first.older) == (
        3,
        ("new-1", "new-2"),
        ("one", "two"),
        (where,),
        False,
    )
    assert (second.starts, second.binary) == (1, "reject a"), "with an option that is refused itself no device says anything"


def test_drafts_have_the_words_and_the_range(store: Store) -> None:
    new = store.knowledge(store.resolve("11.1", "x86_64"))
    where = (RuleLine("rules/x.qr", 3),)
    message = Group("start", "message", "No room", 'A "bus" is full', 3, ("q35",), ("e1000",), ("-M", "q35"), where, False)
    fresh = Group("start", "verdict", "accept", "reject No socket", 1, ("q35",), ("vfio-user-pci",), (), (), False)
    known = message._replace(older=True)
    found = Release("10.0.2", "11.1.3", "x86_64", (), (message, fresh, known), ("vfio-user-pci",), (), 5, 0)
    texts = ["\n".join(draft.lines) for draft in drafts(found, new)]
    assert texts[0] == 'says ("A \\"bus\\" is full" when machine.qemu since 10.0 .. 11.1  # rules/x.qr:3\n      else "No room")'
    assert texts[1].startswith("# vfio-user-pci may be as vfio-pci\ndevice vfio-user-pci\n  rule ...")
    assert 'says "No socket"' in texts[1]
    assert len(texts) == 2
    assert not found.verified
    assert found._replace(groups=(known,)).verified
    assert not found._replace(groups=(), no_rules=("odd",)).verified, "a new machine without rules is not verified"


@pytest.mark.qemu
def test_a_board_of_two_binaries(qrules: Run) -> None:
    old, new = find("10.0").path, find("11.1").path
    done = qrules("release", old, new, "--no-types", "--machine", "none", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["verified"], answer["no-rules"]) == (1, False, ["nitro"])
    assert [c for c in answer["causes"] if not c["older"]] == []
    assert answer["starts"] > 20
