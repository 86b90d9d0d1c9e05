"""For each verb inputs that grow: the worst that are known, as functions of a size in bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.corpus.rule_texts import BOARD, MACHINE
from tests.fuzz.corpus.sizes import PC, Q35
from tests.fuzz.corpus.streams import bridges, shell
from tests.fuzz.entry import Entry, Make

Grows = Callable[[int], bytes]


class Worst(NamedTuple):
    """A growing input of a verb: `text` gives standard input of about that many bytes, or `folder` a rule folder."""

    verb: str
    name: str
    words: tuple[str, ...]
    text: Grows | None = None
    folder: Callable[[int], str] | None = None

    def entry(self, size: int) -> Entry:
        """The input of that size, as an entry that is run."""
        made = None if self.folder is None else _rules(BOARD + MACHINE + self.folder(size))
        text = b"" if self.text is None else self.text(size)
        return Entry(
            f"{self.verb}-{self.name}",
            self.verb,
            "",
            self.words,
            text,
            make=made,
            cache="shared" if made is None else "own",
            wall=300,
        )


def _rules(text: str) -> Make:
    def make(folder: Path) -> None:
        (folder / "rules").mkdir()
        (folder / "rules" / "board.qr").write_text(text)

    return make


def _lines(head: str, piece: str) -> Grows:
    """A command line of pieces; `{i}` and `{b}` (1 to 255) are numbers."""

    def grow(size: int) -> bytes:
        count = max(1, (size - len(head)) // (len(piece) + 2))
        return (head + " ".join(piece.format(i=i, b=i % 255 + 1) for i in range(count))).encode()

    return grow


def _properties(size: int) -> bytes:
    return (Q35 + "-device e1000" + "".join(f",p{i}=1" for i in range(size // 8))).encode()


def _nested(size: int) -> bytes:
    return shell(bridges(max(1, size // 48)))


def _json_line(grow: Grows) -> Grows:
    """The command line as a line of --jsonl."""
    import json

    return lambda size: json.dumps({"id": 1, "argv": grow(size).decode().split(" ")[1:]}).encode() + b"\n"


def _file(piece: str) -> Callable[[int], str]:
    return lambda size: "".join(piece.format(i=i, j=i - 1 if i else "x") for i in range(size // (len(piece) + 2)))


_CONFIGS: tuple[tuple[str, Grows], ...] = (
    ("hubs", _lines(Q35 + "-device qemu-xhci ", "-device usb-hub")),
    ("tablets", _lines(PC + "-device piix3-usb-uhci ", "-device usb-tablet")),
    ("root-ports", _lines(Q35, "-device pcie-root-port,id=r{i},chassis={b},slot={i}")),
    ("no-such-bus", _lines(Q35, "-device e1000,bus=b{i}")),
    ("e1000", _lines(Q35, "-device e1000")),
    ("same-id", _lines(Q35, "-device e1000,id=a")),
    ("same-address", _lines(Q35, "-device e1000,addr=5")),
    ("bridges", _nested),
    ("properties", _properties),
    ("disks", _lines(Q35 + "-device virtio-scsi-pci,id=s ", "-drive if=none,id=d{i},file=x -device scsi-hd,drive=d{i}")),
    ("drives", _lines(Q35, "-drive if=none,id=d{i}")),
    ("serial", _lines(Q35, "-serial null")),
    ("global", _lines(Q35 + "-device e1000 " * 20, "-global e1000.p{i}=1")),
    ("set", _lines(Q35 + "-device e1000,id=a ", "-set device.a.p{i}=1")),
    ("unknown-options", _lines(Q35, "-zork{i}")),
    ("unknown-types", _lines(Q35, "-device zork{i}")),
    ("isa", _lines(PC, "-device isa-serial")),
    ("objects", _lines(Q35, "-object rng-builtin,id=o{i}")),
)
_VERBS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("check", ("check", "-")),
    ("check --repairs", ("check", "--repairs", "-")),
    ("place", ("place", "-")),
    ("spare", ("spare", "e1000", "-")),
    ("convert", ("convert", "--to", "q35", "-")),
    ("hotplug", ("hotplug", "e1000,bus=zork", "--into", "-")),
    ("buses", ("buses", "-")),
    ("slots --tree", ("slots", "--tree", "-")),
)
_MESSAGES: tuple[tuple[str, str], ...] = (
    ("colons", "a: "), ("lines", "a: b\n"), ("options", "-a b: "), ("words", "Bus 'pcie.0' does not support "), ("brackets", '{"desc"'), ("dashes", "(-"), ("slots", "PCI: slot "),
)  # fmt: skip
_RULES: tuple[tuple[str, str], ...] = (
    ("groups", "group g{i} = card\n"), ("kinds", "type k{i} is card\n"), ("kinds-chain", "type k{i} is k{j}\n"), ("mistakes", "zork {i}\n"),
    ("rules", 'rule r{i} : run\n  for card d\n  require d.width > 0\n  because "so"\n  says "no"\n'), ("terms", "term t{i}(d) means d.width > 0\n"),
    ("unclosed", "group g{i} = (\n"), ("comments", "# {i}\n"), ("attributes", "device card\n  a{i} = width\n"),
)  # fmt: skip


def worst() -> list[Worst]:
    """All of them."""
    found = [Worst(verb, name, words, text=grow) for verb, words in _VERBS for name, grow in _CONFIGS]
    found += [Worst("check --jsonl", name, ("check", "--jsonl", "-"), text=_json_line(grow)) for name, grow in _CONFIGS]
    found += [
        Worst("explain", name, ("explain", "-"), text=lambda size, p=piece: (p * (size // len(p))).encode())
        for name, piece in _MESSAGES
    ]  # type: ignore[misc]
    found += [Worst("rules lint", name, ("rules", "lint", "rules"), folder=_file(piece)) for name, piece in _RULES]
    # argv holds what `why` is asked, at most 128 KiB a word: the devices before it
    found += [Worst("why", "with", ("why", "e1000", "--on", "q35"), text=None)]
    return found


def of_argv(one: Worst, size: int) -> Entry:
    """`why` reads no standard input: its question grows in words."""
    return one.entry(0)._replace(words=(*one.words, *("--with", "usb-tablet") * (size // 18)))
