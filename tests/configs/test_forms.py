"""Options of a form that was right are right: what is remembered of a stream changes no answer."""

from __future__ import annotations

import random

from qrules.configs import argv
from qrules.configs.grammar import Forms
from qrules.plugging.board import Board

VALUES = ("on", "off", "3", "64M", "x", "", "null-co", "raw", "qcow2", "user", "tap", "hostfwd", "a b", "bogus")
OPTIONS = {
    "-blockdev": ("driver=null-co", "driver=raw", "node-name=n", "size=1M", "read-zeroes=on", "read-only=x", "file=f", "file.driver=null-co", "filename=/dev/sda", "driver=host_device", "no-such=1", "size=x", "node-name="),
    "-netdev": ("type=user", "user", "id=n", "hostname=h", "restrict=on", "restrict=2", "net=1.2.3.4", "ipv4=off", "nothing=1", "dns=x"),
    "-object": ("qom-type=memory-backend-ram", "id=m", "size=1G", "size=x", "share=on", "prealloc-threads=2", "nothing=x", "host-nodes.0=1"),
    "-chardev": ("backend=socket", "socket", "file", "id=c", "path=/dev/x", "path=/run/x", "host=h", "port=1", "server=on", "wait=off", "logfile=/x", "nothing=1"),
    "-drive": ("if=none", "id=d", "file=/dev/sda", "file=x.img", "file=nbd://h", "format=raw", "format=x", "media=cdrom", "serial=s", "readonly=on", "nothing=1"),
    "-fsdev": ("local", "id=f", "path=/x", "security_model=none", "readonly=on", "nothing=1"),
}  # fmt: skip


def config(drawn: random.Random) -> list[str]:
    words = ["-M", "q35"]
    for _ in range(3):
        option = drawn.choice(list(OPTIONS))
        pieces = drawn.sample(OPTIONS[option], drawn.randint(1, 5))
        if drawn.random() < 0.3:
            at = drawn.randrange(len(pieces))
            pieces[at] = pieces[at].partition("=")[0] + "=" + drawn.choice(VALUES)
        words += [option, ",".join(pieces)]
    return words


def test_remembered_forms_change_no_answer(board: Board) -> None:
    drawn = random.Random(17)
    known, key = board.knowledge, "forms of options"
    forms = known.kept(key, Forms)
    for _ in range(3_000):
        words = config(drawn)
        remembered = argv.read(words, known)
        before = forms._free, forms._met
        forms._free, forms._met = {}, {}  # as if none had come
        plain = argv.read(words, known)
        forms._free, forms._met = before
        assert remembered == plain, words
    assert len(forms.right) > 20
    assert len(known.kept("options looked at whole", set)) > 20


def test_what_decides_is_in_the_form(board: Board) -> None:
    forms = board.knowledge.kept("forms of options", Forms)
    for number in range(40):
        argv.read(["-M", "q35", "-blockdev", f"driver=null-co,node-name=n{number},size=1M"], board.knowledge)
    assert "node-name" in forms._free["blockdev"]
    assert {"driver", "size", "read-zeroes", "read-only"}.isdisjoint(forms._free["blockdev"])
    assert forms._free["blockdev"]
