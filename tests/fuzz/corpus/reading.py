"""Point 2e: what QEMU refuses and what it takes. Each was tried on QEMU 10.0.2 (`-S`, and `quit` on its monitor)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.entry import Entry, Make

REFUSED_NUMBERS = {
    "underscore": "1_0", "arabic": "\u0663", "blank-behind": "3 ", "newline-behind": "4\n", "no-break-space": "\u00a03",
    "plus-minus": "+-3", "hex-underscore": "0x1_0", "hex-alone": "0x", "binary": "0b1", "octal-o": "0o7", "octal-8": "08", "minus": "-1",
    "exponent": "1e1", "fraction": "1.0", "empty": "", "full-width": "\uff13", "blank-minus": " -1", "hex-plus": "0x+1", "plus-blank": "+ 3",
}  # fmt: skip
TAKEN_NUMBERS = {
    "plain": "3",
    "plus": "+3",
    "blank-before": " 3",
    "hex-capital": "0X1f",
    "octal": "010",
    "plus-hex": "+0x10",
    "tab-before": "\t3",
}

REFUSED_JSON = {
    "blank-before": ' {"driver":"e1000"}', "twice": '{"driver":"e1000","driver":"e1000"}', "form-feed": '{"driver":\f"e1000"}',
    "comma-at-end": '{"driver":"e1000",}', "exponent": '{"driver":"e1000","addr":1e1}', "surrogate": '{"driver":"e1000","id":"\\ud800"}',
    "nan": '{"driver":"e1000","mac":NaN}', "no-comma": '{"driver":"e1000" "id":"a"}', "newline-before": '\n{"driver":"e1000"}',
    "more-behind": '{"driver":"e1000"}x', "zero-before": '{"driver":"e1000","addr":08}', "plus": '{"driver":"e1000","addr":+1}',
    "capital-true": '{"driver":"e1000","multifunction":True}', "tab-in-text": '{"driver":"e1000","id":"a\tb"}',
    "twice-inside": '{"driver":"e1000","id":"a","id":"b"}',
}  # fmt: skip
TAKEN_JSON = {
    "single-quotes": "{'driver':'e1000'}", "blank-behind": '{"driver":"e1000"} ', "escapes": '{"driver":"\\u0065\\u0031000"}',
    "mixed-quotes": "{'driver':\"e1000\",'addr':\"5\"}", "quote-in-single": "{'driver':'nvme','serial':'a\"b'}",
}  # fmt: skip

TAKEN_FILES = {
    "form-feed": '[device "a"]\n  driver = "e1000"\f\n', "line-separator-in-comment": '# a\u2028[zork\n[device "a"]\n  driver = "e1000"\n',
    "form-feed-in-comment": '# a comment\f[zork\n[device "a"]\n  driver = "e1000"\n', "carriage-returns": '[device "a"]\r\n  driver = "e1000"\r\n',
    "next-line-in-comment": '# a\u0085[zork\n[device "a"]\n  driver = "e1000"\n', "file-separator-in-comment": '# a\x1c[zork\n[device "a"]\n  driver = "e1000"\n',
}  # fmt: skip
REFUSED_FILES = {
    "form-feed-behind-group": '[device "a"]\f  driver = "e1000"\n', "line-separator-in-key": '[device "a"]\n  driver = "e1000"\n  id\u2028x = "5"\n',
    "form-feed-alone": '[device "a"]\n  driver = "e1000"\n\f\n', "nul": '[device "a"]\n  driver = "e1000"\n\0\n',
}  # fmt: skip

REFUSED_SHELL = {
    "no-break-space": "-device e1000\u00a0", "em-space": "-device e1000\u2003-S", "form-feed-in-word": "-device e1000\f-S",
    "next-line": "-device e1000\x85", "return-in-word": "-device e1000\r-S",
}  # fmt: skip
UNKNOWN_SHELL = {
    "member": "A=(-device e1000)\nA[1]=zork\n{} ${{A[@]}}", "arithmetic": "A=1\n((A=-1))\n{} -m $A", "let": "A=1\nlet A=-1\n{} -m $A",
    "upper": "declare -u A=e1000\n{} -device $A", "builtin": "A=e1000\nbuiltin eval A=zork\n{} -device $A",
    "behind": "A=e1000\nA=e1000e &\n{} -device $A", "nested-braces": "{} -name a{{b,{{c}}}}",
}  # fmt: skip


Q35 = "qemu-system-x86_64 -M q35 -nodefaults "
_MEMBERS = (
    Entry(
        "members-in-members",
        "2d",
        "5,000 members behind one another",
        ("check", "-"),
        lambda: (Q35 + "-blockdev driver=raw," + "file." * 5_000 + "driver=null-co").encode(),
        statuses=(2,),
        says="QR403: members stand in one another more than 64 deep",
    ),
    Entry(
        "members-without-a-number",
        "2e",
        "a list of which a number is no digit",
        ("check", "-"),
        (Q35 + "-blockdev driver=quorum,node-name=q,vote-threshold=1,children.\u00b2=x").encode(),
        statuses=(1,),
        says="^rejected",
    ),
)


def _check(*words: str) -> tuple[str, ...]:
    return ("check", "--profile", "qemu", "--", "-M", "q35", "-nodefaults", *words)


def entries() -> Iterator[Entry]:
    """All of them."""
    for values, status in ((REFUSED_NUMBERS, 1), (TAKEN_NUMBERS, 0)):
        for name, value in values.items():
            words = _check("-device", f"pcie-root-port,id=r,chassis={value}")
            yield Entry(
                f"number-{name}",
                "2e",
                f"chassis={value!r}",
                words,
                statuses=(status,),
                heavy=name in ("exponent", "fraction", "hex-plus"),
            )
    for values, statuses in ((REFUSED_JSON, (1, 2)), (TAKEN_JSON, (0,))):
        for name, value in values.items():
            yield Entry(f"json-{name}", "2e", f"-device {value!r}", _check("-device", value), statuses=statuses)
    for values, status in ((TAKEN_FILES, 0), (REFUSED_FILES, 1)):
        for name, value in values.items():
            yield Entry(
                f"config-{name}", "2e", repr(value), _check("-readconfig", "vm.cfg"), make=_file(value), statuses=(status,)
            )
    yield from _MEMBERS
    for name, words in REFUSED_SHELL.items():
        line = f"qemu-system-x86_64 -M q35 -nodefaults {words}".encode()
        yield Entry(f"shell-{name}", "2e", repr(words), ("check", "-"), line, statuses=(1,), says="^rejected")
    for name, script in UNKNOWN_SHELL.items():
        line = script.format("qemu-system-x86_64 -M q35 -nodefaults").encode()
        yield Entry(f"shell-{name}", "2e", repr(script), ("check", "-"), line, statuses=(1, 3), says="^(unknown|rejected)")
    for name, line in (
        ("object-twice", '{"argv":["-M","q35"],"argv":["-M","pc"]}'), ("nan-id", '{"id":NaN,"argv":["-M","q35"]}'),
        ("utf-16", '{"id":1,"argv":["-M","q35"]}'), ("byte-order-mark", '\ufeff{"id":1,"argv":["-M","q35"]}'),
    ):  # fmt: skip
        text = line.encode("utf-16" if name == "utf-16" else "utf-8") + b"\n"
        yield Entry(
            f"line-{name}",
            "2e",
            f"--jsonl {line!r}",
            ("check", "--jsonl", "-"),
            text,
            statuses=(2,),
            says="unreadable",
            never="NaN\\s*,",
        )


def _file(text: str) -> Make:
    def make(folder: Path) -> None:
        (folder / "vm.cfg").write_bytes(text.encode())

    return make
