"""GitLab's code quality report: one JSON array (docs.gitlab.com, "Code Quality report format")."""

from __future__ import annotations

import hashlib
import json

from qrules.visible import in_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator
    from typing import Any

    from qrules.formats.findings import Finding, Result

_SEVERITIES = {"error": "critical", "unreadable": "critical", "unknown": "major", "warning": "minor", "note": "info"}


def lines(results: Iterable[Result], strict: bool = False) -> Iterator[str]:
    """The report as one text."""
    from collections import Counter

    seen: Counter[str] = Counter()
    entries = [_entry(f, r, strict, seen) for r in results for f in r.findings if f.level in _SEVERITIES and not f.ignored]
    yield in_json(json.dumps(entries, indent=2, ensure_ascii=False))


def _entry(found: Finding, result: Result, strict: bool, seen: Counter[str]) -> dict[str, Any]:
    place = found.place if found.place.file else result.place
    path = place.file or result.name
    return {
        "description": found.message,
        "check_name": found.rule,
        "fingerprint": fingerprint(found, path, seen),
        "severity": "critical" if strict and found.level == "warning" else _SEVERITIES[found.level],
        "location": {"path": path.removeprefix("./"), "lines": {"begin": max(1, place.line)}},
    }


def fingerprint(found: Finding, path: str, seen: Counter[str]) -> str:
    """What a finding is known by from run to run: its file, rule and words, and its number among those that are the same."""
    sign = "\0".join((path, found.rule, found.message))
    seen[sign] += 1
    return hashlib.sha256(f"{sign}\0{seen[sign]}".encode("utf-8", "surrogatepass")).hexdigest()
