"""Formats told apart: what has a command line is read, and what has none is named with the way to one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.configs.pasted import pasted
from qrules.diagnostics import Unusable
from tests.conftest import Run

UNIT = """[Unit]
Description=a vm's unit
[Service]
Environment="MEMORY=4G"
ExecStart=-/usr/bin/qemu-system-x86_64 -M q35 \\
  -m ${MEMORY} -device e1000,addr=1f.0
Restart=no
"""
LOG = """2026-05-05 10:11:12.123+0000: starting up libvirt version: 9.0.0, package: 4 (Debian), hostname: it's
LC_ALL=C \\
/usr/bin/qemu-system-x86_64 \\
-name guest=a \\
-machine pc-q35-7.2
char device redirected to /dev/pts/0 (label charserial0)
2026-05-05 10:11:14.123+0000: shutting down, reason=it's over
2026-05-06 10:11:12.123+0000: starting up libvirt version: 9.0.0
/usr/bin/qemu-system-x86_64 -machine pc
"""
OPTIONS = '[machine]\n  type = "q35"\n[device "n"]\n  driver = "e1000"\n  addr = "1f.0"\n'


def argvs(text: str) -> list[list[str]]:
    return [command.argv for command in pasted(text, "file").commands]


def test_words_with_nul_between_them() -> None:
    assert argvs("qemu-system-x86_64\0-name\0a b\nc\0-S\0") == [["qemu-system-x86_64", "-name", "a b\nc", "-S"]]


def test_a_unit_of_systemd() -> None:
    [command] = pasted(UNIT, "vm.service").commands
    assert command.argv == ["/usr/bin/qemu-system-x86_64", "-M", "q35", "-m", "4G", "-device", "e1000,addr=1f.0"]
    assert (command.line_and_column, command.unread) == ((5, 12), ())
    [command] = pasted(UNIT.replace("q35", "%i"), "vm.service").commands
    assert [u.why for u in command.unread] == ["%i is not known here: it is known only when this runs"]


def test_the_log_of_libvirt() -> None:
    starts = argvs(LOG)
    assert starts == [
        ["/usr/bin/qemu-system-x86_64", "-name", "guest=a", "-machine", "pc-q35-7.2"],
        ["/usr/bin/qemu-system-x86_64", "-machine", "pc"],
    ]


def test_a_file_of_options() -> None:
    found = pasted(OPTIONS, "my.cfg")
    assert found.commands[0].argv == ["-readconfig", "my.cfg"]
    assert found.options == OPTIONS


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<?xml version='1.0'?>\n<domain type='kvm'/>", "this is a libvirt domain (XML), not a command line"),
        ("<a/>", "this is an XML document, not a command line"),
        ("apiVersion: kubevirt.io/v1\nkind: VirtualMachine\n", "this is a Kubernetes document (YAML), not a command line"),
        ("boot: order=scsi0\nnet0: virtio=AA\n", "this is a configuration of Proxmox VE, not a command line"),
        ('guest_os="linux"\ndisk_img="a"\n', "this is a configuration of quickemu, not a command line"),
        ('{"argv": []}', "this is JSON, not a command line"),
        ("hello\n", "no command here runs a QEMU emulator"),
        ("", "no command here runs a QEMU emulator"),
        ("hello\0there", "there are NUL characters in it, and what stands before the first is no QEMU emulator"),
        ("[a]\nb=c\n", "no command here runs a QEMU emulator"),
    ],
)
def test_what_has_no_command_line(text: str, told: str) -> None:
    with pytest.raises(Unusable) as caught:
        pasted(text, "file")
    [diagnostic] = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.message) == ("QR436", told)


def test_each_command_line_of_a_file_is_checked(qrules: Run, tmp_path: Path) -> None:
    log = tmp_path / "vm.log"
    log.write_text(LOG)
    done = qrules("check", str(log))
    assert done.returncode == 0
    assert done.stdout.count("accepted") == 2
    assert f"{log}:9:1" in done.stdout
    refused = qrules("place", str(log))
    assert refused.returncode == 2
    assert "there are 2 command lines in it" in refused.stderr


def test_options_in_a_file_are_checked_as_they_stand(qrules: Run, tmp_path: Path) -> None:
    file = tmp_path / "vm.cfg"
    file.write_text(OPTIONS)
    for words, stdin in (([str(file)], None), (["-"], OPTIONS)):
        done = qrules("check", *words, stdin=stdin)
        assert done.returncode == 1
        assert "ICH9-LPC sits at 1f.0" in " ".join(done.stdout.split())


def test_what_only_a_shell_knows_makes_it_unknown(qrules: Run, tmp_path: Path) -> None:
    script = tmp_path / "vm.sh"
    script.write_text("qemu-system-x86_64 -M q35 $EXTRA -device e1000,addr=1f.0\n")
    done = qrules("check", str(script))
    assert done.returncode == 3
    assert done.stdout.startswith("unknown")
    assert f"{script}:1:27: $EXTRA is not known here: nothing in this text sets it," in " ".join(done.stdout.split())
    refused = qrules("place", str(script))
    assert refused.returncode == 2
    assert "QR447" in refused.stderr


def test_constants_come_back_as_they_were(qrules: Run, tmp_path: Path) -> None:
    script = tmp_path / "vm.sh"
    script.write_text('VM=/srv/vm\nA=(-M q35 -hda "$VM/d.img")\nqemu-system-x86_64 "${A[@]}" -device e1000 -name "in $VM"\n')
    done = qrules("place", str(script))
    assert done.stdout.splitlines()[1:] == [
        "VM=/srv/vm",
        'A=(-M q35 -hda "$VM/d.img")',
        "qemu-system-x86_64 \\",
        '  "${A[@]}" \\',
        "  -device e1000,bus=pcie.0,addr=03.0 \\",
        '  -name "in $VM"',
    ]
    again = tmp_path / "again.sh"
    again.write_text(done.stdout)
    assert qrules("check", str(again)).returncode == 0


def test_a_program_that_is_no_emulator(qrules: Run) -> None:
    done = qrules("check", "--", "foo", "-M", "q35")
    assert done.returncode == 2
    assert "'foo' is no QEMU emulator" in done.stderr
