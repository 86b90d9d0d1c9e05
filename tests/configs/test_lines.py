"""Lines of a stream of questions: read, or told why not with the id that could be read."""

from __future__ import annotations

import json

import pytest

from qrules.configs.lines import MAX_LINE, Unreadable, read_line
from qrules.machine.request import DeviceRequest


def test_a_whole_question() -> None:
    asked = {
        "id": 7,
        "argv": ["-M", "q35"],
        "arch": "x86_64",
        "qemu": "10.0",
        "profile": "p",
        "hotplug": {"driver": "a", "id": "b"},
    }
    line = read_line(json.dumps(asked).encode())
    assert (line.id, line.argv, line.arch, line.qemu, line.profiles) == (7, ["-M", "q35"], "x86_64", "10.0", ("p",))
    assert line.hotplug == (DeviceRequest("a", "b", json=True),)


@pytest.mark.parametrize(
    ("raw", "identity", "said"),
    [
        (b'{"id": 1, "argv": "-M q35"}', 1, '"argv" is no list of texts'),
        (b'{"id": 2, "argv": [], "machine": "q35"}', 2, "'machine' is not a member"),
        (b'{"id": 3, "argv": [], "arch": 5}', 3, '"arch" is no text'),
        (b'{"id": 4, "argv": [], "profile": [5]}', 4, '"profile" is neither'),
        (b'{"id": 5, "argv": [], "hotplug": "e1000"}', 5, '"hotplug" names no device'),
        (b"[]", None, "JSON, but not an object"),
        (b'{"id": ', None, "this is not JSON"),
        (b'"\xff"', None, "is not UTF-8"),
        (b"[" * 100_000, None, "nested more than 200 deep"),
        (b'{"id": ' + b"[" * 300 + b"]" * 300 + b', "argv": []}', None, "nested more than 200 deep"),
        (b'{"id": 6, "argv": ["\\ud800"]}', 6, "half of a surrogate pair"),
        (b'{"id": "\\ud800", "argv": []}', "\ud800", "half of a surrogate pair"),
        (b'{"id": 7, "argv": [], "\\udfff": 1}', 7, "half of a surrogate pair"),
        (b'{"id": "\xed\xa0\x80", "argv": []}', None, "is not UTF-8"),
        (b'{"id": 8, "argv": [], "argv": []}', None, "duplicate key 'argv'"),
        (b'{"id": NaN, "argv": []}', None, "NaN is no number"),
        (b'{"id": 1e999, "argv": []}', None, "too large"),
        (b'\xef\xbb\xbf{"id": 9, "argv": []}', None, "this is not JSON"),
        (b'{"id": 10, "argv": [], "hotplug": {"driver": "a", "id": [[]]}}', 10, '"id" and "bus" of a device are texts'),
        (b" " * (MAX_LINE + 1), None, "more than 4 MiB"),
    ],
)
def test_what_is_no_question(raw: bytes, identity: int | None, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_line(raw)
    assert caught.value.id == identity
    assert said in str(caught.value)
