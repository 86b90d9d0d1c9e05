"""Configs with the binary's answers beside them: read, asked of the rules in process, compared, and their misses in heaps.

A row has `arch`, `argv` (without the binary), `verdict`, `error` (the binary's first line, behind the option that it names), `scenes`
(what was drawn), and for some accepted ones `places`. Left out is what says nothing of rules: crashes, `odd` outcomes, `host` refusals.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from qrules.configs.argv import read
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import Verdict, judge
from qrules.plugging.board import Board
from qrules.rulesets.store import Store

ADDRESS = ("addr", "unit", "nr", "scsi-id", "lun", "channel", "usb-port", "cad", "nsid", "dev_id")
TAKEN = ("accept", "warn")


class Asked(NamedTuple):
    """One question of a row: `measure` is verdict, blamed, words or place; `told` says what differs."""

    measure: str
    right: bool
    told: str = ""


class Compared(NamedTuple):
    """A row with what was asked of it."""

    row: dict[str, Any]
    asked: tuple[Asked, ...]


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a file that count."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return [row for row in found if row["verdict"] in ("accepted", "rejected") and not row.get("host")]


def compare(store: Store, boards: dict[tuple[str, str], Board], row: dict[str, Any]) -> Compared:
    """Asks the rules of a row. A question that they can't read is a miss, and so is *unknown*."""
    target = row["version"], row["arch"]
    if target not in boards:
        boards[target] = Board(store.knowledge(store.resolve(*target)))
    board = boards[target]
    try:
        answer = judge(board, read(list(row["argv"]), board.knowledge), (board.knowledge.profile,))
    except Unusable as wrong:
        return Compared(row, (Asked("verdict", False, f"not read: {wrong}"),))
    return Compared(row, tuple(_questions(row, answer)))


def _questions(row: dict[str, Any], answer: Verdict) -> Iterator[Asked]:
    got = "accepted" if answer.verdict in TAKEN else "rejected" if answer.verdict == "reject" else answer.verdict
    first = answer.reasons[0] if answer.reasons else None
    told = f"{first.rule}: {first.emulator_message or first.message}" if first else "nothing to say against it"
    yield Asked("verdict", got == row["verdict"], f"{got} ({told})")
    if got == row["verdict"] == "rejected" and first is not None:
        texts = [text for flag, text in zip(row["argv"], row["argv"][1:], strict=False) if flag == "-device"]
        named = [n for n, text in enumerate(texts) if row["error"].startswith(f"-device {text}: ")]
        blamed = first.devices[0] if first.devices else None
        if named:
            yield Asked("blamed", blamed in named, f"device {blamed}, not {named} ({told})")
        said = first.emulator_message.partition("\n")[0].strip()
        yield Asked("words", said == without_option(row), told)
    if got == row["verdict"] == "accepted":
        places = {p.device: p for p in answer.placements}
        for wanted in row.get("places") or ():
            if "where" in wanted:
                place = places.get(wanted["i"])
                address = {k: str(v) for k, v in place.address.items()} if place else {}
                same = place is not None and place.bus == wanted["bus"]
                same = same and all(address.get(k) == str(v) for k, v in wanted["where"].items() if k in ADDRESS)
                yield Asked("place", same, f"{wanted}: {place.bus if place else None} {address}")


def without_option(row: dict[str, Any]) -> str:
    """The binary's first line without the option that stands before it."""
    error, argv = str(row["error"]), row["argv"]
    for flag, text in pairwise(argv):
        if error.startswith(f"{flag} {text}: "):
            return error.removeprefix(f"{flag} {text}: ")
    for flag in argv:
        if flag.startswith("-") and error.startswith(f"{flag}: "):
            return error.removeprefix(f"{flag}: ")
    return error


def template(text: str) -> str:
    """A message with its names and numbers taken out."""
    text = re.sub(r"'[^']*'", "'*'", text)
    text = re.sub(r"0x[0-9a-f]+|\b\d+(\.\d+)*\b", "N", text)
    return re.sub(r'"[^"]*"', '"*"', text)


def measures(results: Iterable[Compared]) -> dict[str, tuple[int, int]]:
    """Of each measure how many are right, and how many there are; of verdicts besides the false yes and the false no."""
    right, of = Counter[str](), Counter[str]()
    for compared in results:
        for asked in compared.asked:
            of[asked.measure] += 1
            right[asked.measure] += asked.right
            if asked.measure == "verdict" and not asked.right and asked.told.startswith(("accepted", "rejected")):
                right["false " + asked.told.partition(" ")[0]] += 1
    return {measure: (right[measure], of.get(measure, of["verdict"])) for measure in sorted(right | of)}


def heaps(results: Iterable[Compared]) -> list[tuple[int, str, list[str]]]:
    """The misses by what was missed and the binary's message, the largest heap first: its size, its name, its lines."""
    found: dict[str, list[str]] = defaultdict(list)
    for compared in results:
        row = compared.row
        said = without_option(row) if row["error"] else ""
        for asked in compared.asked:
            if not asked.right:
                name = f"{asked.measure}: {row['verdict']} {template(said) if said else template(asked.told)}"
                found[name].append(f"{row['id']} {row['arch']} {'+'.join(row['scenes'])}: {row['error']} | {asked.told}")
    return sorted(((len(lines), name, lines) for name, lines in found.items()), key=lambda heap: (-heap[0], heap[1]))
