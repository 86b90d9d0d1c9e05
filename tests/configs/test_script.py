"""Scripts: constants are filled in, everything else is told with its place; nothing is run and nothing is guessed."""

from __future__ import annotations

import pytest

from qrules.configs import script
from qrules.configs.commands import Command
from qrules.configs.programs import runs_emulator
from qrules.configs.script import commands
from qrules.diagnostics import Unusable
from qrules.machine.request import Where


def the(text: str) -> Command:
    [found] = commands(text, "a.sh")
    return found


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("qemu-system-x86_64 -M q35", "qemu-system-x86_64 -M q35"),
        ("LC_ALL=C PATH=/bin \\\n/usr/bin/qemu-system-x86_64 -name a", "/usr/bin/qemu-system-x86_64 -name a"),
        ("#!/bin/sh\nset -e\nexec sudo -E -u me qemu-system-x86_64 -M pc # mine\n", "qemu-system-x86_64 -M pc"),
        ("taskset -c 0-3 nice -n 5 qemu-kvm -M pc >/dev/null 2>&1 &", "qemu-kvm -M pc"),
        ("qemu -M q35\n  -device e1000", "qemu -M q35 -device e1000"),
        ("-M q35", "-M q35"),
        ('M="q35,usb=on"\nR=4\nkvm -M $M -m ${R}G', "kvm -M q35,usb=on -m 4G"),
        ("export Q=qemu-system-arm\n$Q -M virt", "qemu-system-arm -M virt"),
        ('A=(-M q35)\nA+=(-name x)\nkvm "${A[@]}" -S', "kvm -M q35 -name x -S"),
        ('A="-M q35"\nA="$A -S"\nA+=" -m 4G"\nkvm $A', "kvm -M q35 -S -m 4G"),
        ("E=\nkvm $E -S", "kvm -S"),
        ("A=${B:-x}\nkvm -S", "kvm -S"),
        ("if ! [ -f d ]; then qemu-img create d 4G; fi\nkvm -S", "kvm -S"),
        ("run() {\n  local M=q35\n  kvm -M $M\n}\nrun", "kvm -M q35"),
        ("A=(-device e1000)\nB[1]=x\nkvm ${A[@]}", "kvm -device e1000"),
        ("declare -ar A=(-S)\nkvm ${A[@]}", "kvm -S"),
        ("A=' -S  -s\t'\nkvm $A", "kvm -S -s"),
        ("kvm -device e1000\u00a0-S", "kvm -device e1000\u00a0-S"),
        ("A='e1000\u2003-S'\nkvm -device $A", "kvm -device e1000\u2003-S"),
        ("kvm -name {{a:b}}", "kvm -name {{a:b}}"),
        ("cat <<END\nkvm -M wrong 'x\nEND\nkvm -S", "kvm -S"),
    ],
)
def test_what_is_known(text: str, argv: str) -> None:
    found = the(text)
    assert (" ".join(found.argv), found.unread) == (argv, ())


@pytest.mark.parametrize(
    ("text", "argv", "why"),
    [
        ("kvm -M q35 $X", "kvm -M q35", "$X is not known here: nothing in this text sets it"),
        ("kvm -hda $X -S", "kvm -hda $X -S", "$X is not known here: nothing in this text sets it"),
        ('kvm -S "$@"', "kvm -S", "$@ is not known here: it is what the script is called with"),
        ("kvm -m $(cat m)", "kvm -m $(cat m)", "$(cat m) is not known here: it is what a command prints"),
        ("kvm -m $((2*2))", "kvm -m $((2*2))", "$((2*2)) is not known here: it is worked out by the shell"),
        ("if a; then X=-S; fi\nkvm $X", "kvm", "$X is not known here: it is set under a condition"),
        ("a && X=-S\nkvm $X", "kvm", "$X is not known here: it is set under a condition"),
        ("X=`a`\nkvm -m $X", "kvm -m $X", "$X is not known here: it is what a command prints"),
        ("X=1\neval $Y\nkvm -m $X", "kvm -m $X", "$X is not known here: 'eval' may set it"),
        ("X=1\n. /etc/x\nkvm -m $X", "kvm -m $X", "$X is not known here: '.' may set it"),
        ("for X in 1 2; do kvm -m $X; done", "kvm -m $X", "$X is not known here: it takes one value after another"),
        ("f() { X=1; }\nkvm -m $X", "kvm -m $X", "$X is not known here: a function sets it"),
        ("(X=1)\nkvm -m $X", "kvm -m $X", "$X is not known here: a subshell sets it"),
        ("read X\nkvm -m $X", "kvm -m $X", "$X is not known here: 'read' sets it"),
        ("X=1\nf() { kvm -m $X; }\nX=2\nf", "kvm -m 1", "$X is not known here: it is set anew behind the function that uses it"),
        ("IFS=,\nX=a\nkvm -m $X", "kvm -m $X", "$X is not known here: IFS is set, which decides how it is split"),
        (
            'kvm -blockdev {"driver":"null-co","node-name":"a"}',
            'kvm -blockdev {"driver":"null-co","node-name":"a"}',
            '{"driver":"null-co","node-name":"a"} is not known here: unquoted braces make several words of it, so put it in quotes',
        ),
        ('A=(-M q35)\nA[1]=pc\nkvm "${A[@]}"', "kvm", "${A[@]} is not known here: its members are set one by one"),
        ('A=([1]=pc [0]=-M)\nkvm "${A[@]}"', "kvm", "${A[@]} is not known here: its members are set one by one"),
        ("X=1\n((X++))\nkvm -m $X", "kvm -m $X", "$X is not known here: a subshell sets it"),
        ("X=1\nlet X=2\nkvm -m $X", "kvm -m $X", "$X is not known here: 'let' sets it"),
        ("X=1\nprintf -vX 2\nkvm -m $X", "kvm -m $X", "$X is not known here: 'printf' sets it"),
        ("X=1\nX=2 &\nkvm -m $X", "kvm -m $X", "$X is not known here: it is set under a condition"),
        ("declare -u X=a\nkvm -m $X", "kvm -m $X", "$X is not known here: 'declare' alters what it stands for"),
        ("declare -i X\nX=1+1\nkvm -m $X", "kvm -m $X", "$X is not known here: 'declare' alters what it stands for"),
        ("X=1\nbuiltin eval X=2\nkvm -m $X", "kvm -m $X", "$X is not known here: 'eval' may set it"),
        ("X=1\n\\eval X=2\nkvm -m $X", "kvm -m $X", "$X is not known here: 'eval' may set it"),
        (
            "kvm -name {a,{b}}",
            "kvm -name {a,{b}}",
            "{a,{b}} is not known here: unquoted braces make several words of it, so put it in quotes",
        ),
        ("$QEMU -M q35", "$QEMU -M q35", "$QEMU is not known here: nothing in this text sets it"),
    ],
)
def test_what_is_not_known(text: str, argv: str, why: str) -> None:
    found = the(text)
    assert " ".join(found.argv) == argv
    assert [unread.why for unread in found.unread] == [why]


def test_places_are_those_of_the_text() -> None:
    found = the('X=9\nqemu \\\n -device "e10"00,\\\naddr=$X')
    assert found.argv == ["qemu", "-device", "e1000,addr=9"]
    assert found.position(Where(1, 0, 0)) == (3, 2)
    assert [found.position(Where(2, at, at)) for at in (0, 3, 6, 11, 12)] == [(3, 11), (3, 15), (4, 1), (4, 6), (4, 8)]
    assert [found.text[start:end] for start, end in found.constants] == ["X=9"]


def test_all_command_lines_of_a_text() -> None:
    found = commands(
        "kvm -S\nwhich qemu-system-arm\nsudo apt install qemu-kvm\nqemu-img info x\nqemu-aarch64 a\n\nqemu -s\n", "a"
    )
    assert [c.argv for c in found] == [["kvm", "-S"], ["qemu", "-s"]]
    assert [c.line_and_column for c in found] == [(1, 1), (7, 1)]


def test_constants_that_double_are_bounded() -> None:
    with pytest.raises(Unusable) as caught:
        commands("A=aaaaaaaa\n" + "A=$A$A\n" * 40 + "kvm $A", "a")
    assert [d.code for d in caught.value.diagnostics] == ["QR448"]


def test_a_text_has_so_many_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "MAX_COMMANDS", 3)
    assert len(script.commands("a; b; qemu-system-x86_64 -S", "text")) == 1
    with pytest.raises(Unusable) as caught:
        script.commands("a; b; c; qemu-system-x86_64 -S", "text")
    assert [(d.code, d.message) for d in caught.value.diagnostics] == [("QR448", "this text has more than 3 commands")]
    assert script.MAX_CHARACTERS < 10_000_000


@pytest.mark.parametrize(
    "word", ["qemu-system-x86_64", "/usr/libexec/qemu-kvm", "kvm", "./qemu", "qemu-7.2", ".qemu-system-arm-wrapped"]
)
def test_emulators(word: str) -> None:
    assert runs_emulator(word)


@pytest.mark.parametrize("word", ["foo", "qemu-img", "qemu-aarch64", "kvm-ok", "virsh", "", "qemuu", "-M"])
def test_other_programs(word: str) -> None:
    assert not runs_emulator(word)
