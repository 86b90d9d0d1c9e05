"""What a shell completes comes from the rule set that is meant, and from no list in Python."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from qrules.cli import check, common, parser

RULES = {
    "lamp.qr": 'catalogue "1.0" for lamp\nabstract machine-type machine\nmachine-type desk-2 is machine\n  alias desk\n'
    "type bulb is device on nothing\ninternal type wire is device on nothing\n",
    "rules.qr": "profile burns\n  decides = on\nprofile saves\n  advice = on\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    for name, text in RULES.items():
        (tmp_path / name).write_text(text)
    return str(tmp_path)


@pytest.mark.parametrize(
    ("what", "prefix", "expected"),
    [
        ("machines", "", ["desk", "desk-2"]),
        ("machines", "desk-", ["desk-2"]),
        ("devices", "", ["bulb"]),
        ("profiles", "", ["burns", "saves"]),
        ("profiles", "s", ["saves"]),
    ],
)
def test_names_come_from_the_rule_set(folder: str, what: str, prefix: str, expected: list[str]) -> None:
    asked = argparse.ArgumentParser()
    action = asked.add_argument("word")
    common.complete(action, what)
    args = argparse.Namespace(rules=folder, qemu=None, arch=None)
    assert action.completer(prefix=prefix, parsed_args=args) == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", ["check", "place", "convert", "spare", "hotplug"])
def test_the_help_names_no_profile(verb: str) -> None:
    asked = parser.verb_parser(verb)
    (option,) = [action for action in asked._actions if "--profile" in action.option_strings]
    assert option.help == "heed only this profile's rules (repeatable; all)"
    assert hasattr(option, "completer")


def test_a_profile_that_the_rule_set_lacks_is_told_with_those_that_it_has(folder: str) -> None:
    from qrules.diagnostics import Unusable

    asked = argparse.ArgumentParser()
    check.configure("check", asked)
    args = asked.parse_args(["--rules", folder, "--profile", "save"])
    args.raw = ["-M", "desk"]
    with pytest.raises(Unusable) as caught:
        args.run(args)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.expected, problem.hint) == ("QR437", "burns, saves", "did you mean 'saves'?")
