"""SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0): one log of one run."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from qrules.formats.gitlab import fingerprint
from qrules.version import __version__
from qrules.visible import in_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator
    from typing import Any

    from qrules.formats.findings import Finding, Place, Result

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_KINDS = {  # what the standard has for them: a kind other than "fail" has the level "none" (3.27.10)
    "error": ("fail", "error"),
    "warning": ("fail", "warning"),
    "unknown": ("open", "none"),
    "note": ("review", "none"),
    "given": ("informational", "none"),
}


def lines(results: Iterable[Result], strict: bool = False) -> Iterator[str]:
    """The log as one text."""
    yield in_json(json.dumps(log(list(results), strict), indent=2, ensure_ascii=False))


def log(results: list[Result], strict: bool = False) -> dict[str, Any]:
    """The log. What can't be read is a notification of the run, which has not been successful then."""
    from collections import Counter

    seen: Counter[str] = Counter()
    told = [(f, r) for r in results for f in r.findings]
    rules: dict[str, dict[str, Any]] = {}
    for found, _ in told:
        if found.level != "unreadable":
            rules.setdefault(found.rule, _rule(found))
    numbers = {name: number for number, name in enumerate(rules)}
    unread = [(f, r) for f, r in told if f.level == "unreadable"]
    invocation: dict[str, Any] = {"executionSuccessful": not unread}
    if unread:
        invocation["toolExecutionNotifications"] = [_notification(f, r) for f, r in unread]
    run = {
        "tool": {"driver": {"name": "qrules", "version": __version__, "rules": list(rules.values())}},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, r, numbers, strict, seen) for f, r in told if f.level != "unreadable"],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(found: Finding) -> dict[str, Any]:
    properties = {"profile": found.profile} if found.profile else {}
    if found.where is not None:
        properties |= {"file": found.where.file, "line": str(found.where.line)}
    return {"id": found.rule, **({"properties": properties} if properties else {})}


def _result(found: Finding, result: Result, numbers: dict[str, int], strict: bool, seen: Counter[str]) -> dict[str, Any]:
    kind, level = _KINDS[found.level]
    place = found.place if found.place.file else result.place
    text = found.message + "".join(
        f"\n{what}: {told}" for what, told in (("QEMU", found.emulator), ("try", found.advice)) if told
    )
    out: dict[str, Any] = {
        "ruleId": found.rule,
        "ruleIndex": numbers[found.rule],
        "kind": kind,
        "level": "error" if strict and level == "warning" else level,
        "message": {"text": text},
        "partialFingerprints": {"qrules/v1": fingerprint(found, place.file or result.name, seen)},
        "properties": {"config": result.name, "verdict": result.verdict, **({"see": list(found.see)} if found.see else {})},
    }
    if found.ignored:
        out["suppressions"] = [{"kind": "external", "justification": found.ignored}]
    if place.file:
        out["locations"] = [_location(place)]
    else:
        out["locations"] = [{"logicalLocations": [{"name": result.name}]}]
    return out


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        region = {"startLine": place.line, "startColumn": place.column or 1}
        if place.end_line:
            region |= {"endLine": place.end_line, "endColumn": max(1, place.end_column)}
        physical["region"] = region
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    """A path as a reference: relative where it is below the folder we are in."""
    try:
        path = os.fsencode(file)
    except UnicodeEncodeError:  # a name that no file has
        path = file.encode("utf-8", "replace")
    if not os.path.isabs(file):
        return quote(os.path.normpath(path))
    below = os.path.relpath(path)
    return quote(below) if not below.startswith(b"..") else "file://" + quote(path)


def _notification(found: Finding, result: Result) -> dict[str, Any]:
    place = found.place if found.place.file else result.place
    text = found.message + (f"\n{found.advice}" if found.advice else "")
    out: dict[str, Any] = {"descriptor": {"id": found.rule}, "level": "error", "message": {"text": text}}
    return {**out, "locations": [_location(place)]} if place.file else out
