"""The questions of the page: a JSON text in, a JSON text out, whatever stands in either. Nothing is opened or sent for any.

    {"ask": "check", "text": "qemu-system-x86_64 -M q35 -device floppy", "qemu": "10.0"}
    {"schema": 1, "configs": [{"verdict": "reject", ...}], "findings": [{"level": "error", "line": 1, ...}], ...}

``check`` tells what is wrong and what stands, ``draw`` has the Graphviz of this machine lay that out, ``mend`` tells how it would
start, ``why`` is about one device; ``machines`` and ``types`` are the lists to pick from, ``about`` says which rules there are.
What can't be answered is ``{"error": "..."}``.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from qrules.configs.json_text import NotJson, strict, whole_characters
from qrules.diagnostics import Unusable
from qrules.lsp.configs import Configs
from qrules.machine.budget import Question
from qrules.page import lists, looking
from qrules.records import NamedTuple
from qrules.report import json as shapes
from qrules.rulesets.store import open_store
from qrules.visible import printable, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST = 64 * 1024  # bytes of a text
MOST_QUESTION = 8 * MOST  # of a question, whose JSON may escape each of them
_OPEN = 4  # combinations of versions and profiles whose machines are kept
_ASKED = ("about", "machines", "types", "check", "draw", "mend", "why")
_TEXTS = ("ask", "text", "qemu", "libvirt", "arch", "machine", "device", "profile")


class Asked(NamedTuple):
    """A question: its members that are texts (empty where not given), which config of the text is meant, and a switch."""

    texts: dict[str, str]
    config: int
    nodefaults: bool


class Unanswerable(Exception):
    """A question that is none. `text` says what is wrong, in a whole sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Page:
    """Answers, one at a time, to whichever thread asks. `rules` is a folder of one's own instead of the shipped rules.

    `compiled`: only targets that came compiled are offered, since compiling others takes a minute in a browser.
    """

    def __init__(self, rules: str | None = None, compiled: bool = False) -> None:
        self._rules, self._compiled = rules, compiled
        self._configs: dict[tuple[str, str, str], Configs] = {}
        self._lock = Lock()
        self._ways: dict[str, Callable[[Asked], Mapping[str, Any]]] = {
            "about": lambda asked: lists.about(open_store(self._rules), MOST, self._compiled),
            "machines": lambda asked: lists.machines(open_store(self._rules), asked.texts["arch"], asked.texts["qemu"]),
            "types": self._types,
            "check": lambda asked: looking.check(self._of(asked), asked.texts["text"]),
            "mend": lambda asked: looking.mend(self._of(asked), asked.texts["text"], asked.config),
            "draw": lambda asked: looking.draw(self._of(asked), asked.texts["text"], asked.config),
            "why": self._why,
        }

    def ask(self, question: str | bytes) -> str:
        """The answer to a question, in one line of JSON. Never raises for what stands in it."""
        with self._lock:
            return shown(shapes.line(self._answer(question)))

    def _answer(self, question: str | bytes) -> Mapping[str, Any]:
        try:
            asked = _read(question)
            with Question():
                return {"schema": shapes.SCHEMA, **self._ways[asked.texts["ask"]](asked)}
        except Unanswerable as error:
            return {"error": error.text}
        except Unusable as error:
            told = error.diagnostics[0]
            more = f"; expected: {told.expected}" if told.expected else f"; {told.hint}" if told.hint else ""
            return {"error": f"{told.message}{more} ({told.code})."}
        except RecursionError:
            return {"error": "This is nested too deeply to be answered here."}

    def _types(self, asked: Asked) -> Mapping[str, Any]:
        texts = asked.texts
        return lists.types(open_store(self._rules), texts["arch"], texts["qemu"], texts["machine"], asked.nodefaults)

    def _why(self, asked: Asked) -> Mapping[str, Any]:
        return looking.ask_why(self._of(asked), open_store(self._rules), asked.texts, asked.config)

    def _of(self, asked: Asked) -> Configs:
        """What judges configs by the versions and the profile of a question."""
        key = asked.texts["qemu"], asked.texts["libvirt"], asked.texts["profile"]
        if key not in self._configs:
            if len(self._configs) >= _OPEN:
                del self._configs[next(iter(self._configs))]
            qemu, libvirt, profile = key
            self._configs[key] = Configs(self._rules, qemu or None, libvirt or None, (profile,) if profile else ())
        return self._configs[key]


def _read(question: str | bytes) -> Asked:
    """A question as read. Raises `Unanswerable`."""
    raw = question if isinstance(question, bytes) else question.encode("utf-8", "replace")
    if len(raw) > MOST_QUESTION:
        raise Unanswerable(f"A question has at most {MOST_QUESTION:,} bytes.")
    try:
        members = strict(raw.decode("utf-8"))
    except (UnicodeDecodeError, NotJson) as error:
        raise Unanswerable(f"This is not JSON: {error}.") from error
    if not isinstance(members, dict) or not whole_characters(members):
        raise Unanswerable("A question is a JSON object of whole characters.")
    texts = dict.fromkeys(_TEXTS, "")
    config, nodefaults = 0, False
    for name, value in members.items():
        if name in texts and isinstance(value, str):
            texts[name] = value
        elif name == "config" and type(value) is int and value >= 0:
            config = value
        elif name == "nodefaults" and isinstance(value, bool):
            nodefaults = value
        else:
            raise Unanswerable(f"'{printable(name[:40])}' is no member of a question, or has a value of another kind.")
    if texts["ask"] not in _ASKED:
        raise Unanswerable(f"Nothing is asked: 'ask' is one of {', '.join(_ASKED)}.")
    if len(texts["text"].encode()) > MOST:
        raise Unanswerable(f"A config has at most {MOST:,} bytes here; `qrules check` reads larger ones.")
    return Asked(texts, config, nodefaults)
