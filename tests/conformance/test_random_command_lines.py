"""Random command lines on the binaries: verdicts, words, buses and addresses, counted for each option and each machine.

In the sample the only misses are those that stand in `known` by name. QRULES_FULL=1 starts 2,400 on each binary of x86_64 and 600 on each other one, otherwise a sample; QRULES_COUNT says another number
for each, QRULES_SEED other ones. Run with ``-s`` to see the counts with their 95% intervals.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qrules.configs import pasted
from qrules.plugging.board import Board
from qrules.qemu.trials import Trial
from qrules.qemu.verify import Checked
from qrules.rulesets.store import Store
from tests.conformance.agreement import summary, told
from tests.conformance.conftest import full, sibling, start
from tests.conformance.generate import EVERYWHERE, MACHINES, Config, configs
from tests.conformance.known import COMMAND_LINES, named
from tests.qemu.conftest import Binary

pytestmark = pytest.mark.qemu

SEED = int(os.environ.get("QRULES_SEED", "20261123"))
ASKED = os.environ.get("QRULES_COUNT")
COUNT = {"x86_64": 2400 if full else 120}
OTHERS = 600 if full else 40
SAMPLE = not (full or ASKED or "QRULES_SEED" in os.environ)
# Of what else is drawn little is a question that has come up before. Verdict and places of so many agree, and of two mistakes in
# one line the binary may have met the other one first.
OTHER_VERDICTS = 0.0 if SAMPLE else 0.03
OTHER_WORDS = 0.0 if SAMPLE else 0.08


def trial(config: Config) -> Trial:
    """The start of what is read from the config's text."""
    words = pasted.pasted(config.text, "drawn").commands[0].argv[1:]
    assert tuple(words) == config.words
    return Trial(config.machine, False, (), tuple(words[2:]))


@pytest.mark.parametrize("arch", MACHINES)
def test_agreement(qemu: Binary, store: Store, arch: str, tmp_path: Path) -> None:
    count = int(ASKED) if ASKED else COUNT.get(arch, OTHERS)
    drawn = [config.placed(tmp_path) for config in configs(SEED, count, arch)]
    board = Board(store.knowledge(store.resolve(qemu.series, arch)))
    results = start(sibling(qemu, arch), board, map(trial, drawn))
    found = [(kind(c), told(c)) for c in results if c.verdict not in ("same", "no-rules")]
    names = [named(COMMAND_LINES, qemu.series, arch, *miss) for miss in found]
    unnamed = [miss for miss, known in zip(found, names, strict=True) if known is None]
    print(f"\n{arch}, QEMU {qemu.series}:", *summary(drawn, results), *(text for _, text in found), sep="\n  ")
    different = [text for what, text in unnamed if what == "verdict"]
    other_words = [text for what, text in unnamed if what == "message"]
    assert len(different) <= OTHER_VERDICTS * len(results), different
    assert len(other_words) <= OTHER_WORDS * len(results), other_words
    if SAMPLE:
        gone = [known for known in COMMAND_LINES if known.is_of(qemu.series, arch) and known not in names]
        assert gone == [], "these agree now: take them out of known.py"


def kind(checked: Checked) -> str:
    """A miss in words alone, or one in verdict or places; what the rules leave open is of the latter."""
    words = checked.verdict == "different" and all(d.what == "message" for d in checked.differences)
    return "message" if words else "verdict"


def test_every_option_is_drawn() -> None:
    """Each kind of option, text and machine comes up in a few hundred."""
    for arch, machines in MACHINES.items():
        drawn = list(configs(SEED, 400, arch))
        assert {config.machine for config in drawn} == {name for name, _ in machines}
        assert {*EVERYWHERE, "-nodefaults", "shell line", "shell quoting", "libvirt .args"} <= {
            o for c in drawn for o in c.options
        }
