"""What differs between machines or versions, as JSON, and what the catalogues of versions gained and lost, as text, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qrules.explain.diff import Change, Difference
from qrules.explain.releases import Default, Property, Releases
from qrules.report.json import rule_line
from qrules.report.style import Style, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def as_json(found: Difference) -> dict[str, Any]:
    """All that differs, in lists."""

    def changes(listed: tuple[Change, ...]) -> list[dict[str, Any]]:
        return [{"type": c.name, "bus": c.bus, "why": c.why, "where": rule_line(c.line)} for c in listed]

    rest = found._asdict()
    fixed = rest.pop("fixed")
    return {
        "from": rest.pop("old"),
        "to": rest.pop("new"),
        "became-possible": changes(rest.pop("possible")),
        "has-a-bus-now": changes(rest.pop("conditional")),
        "became-impossible": changes(rest.pop("impossible")),
        **{name.replace("_", "-"): list(value) for name, value in rest.items()},
        "fixed": None if fixed is None else _defaults(fixed),
    }


def catalogues(found: Releases) -> dict[str, Any]:
    """What the catalogues of two versions gained and lost, in lists."""
    lists = ("types_gone", "types_new", "machines_gone", "machines_new", "machines_deprecated")
    return {
        "from": found.old,
        "to": found.new,
        "arch": found.arch,
        **{name.replace("_", "-"): list(getattr(found, name)) for name in lists},
        "aliases": [{"name": a.name, "before": a.before or None, "after": a.after or None} for a in found.aliases],
        "properties-gone": [{"property": p.name, "types": list(p.types)} for p in found.properties_gone],
        "properties-new": [{"property": p.name, "types": list(p.types)} for p in found.properties_new],
        "property-defaults": _defaults(found.defaults),
    }


def _defaults(found: Iterable[Default]) -> list[dict[str, Any]]:
    return [{"property": d.property, "types": list(d.types), "before": d.before or None, "after": d.after or None} for d in found]


# ------------------------------------------------------------------------------------- text
_SHOWN = 20  # rows of one list; --json tells all
_NAMES = 100  # of one list in a row
_FEW = 6  # types of one row
_OWN = "(what the type has)"  # a default that QEMU does not tell


def catalogue_lines(found: Releases, style: Style) -> Iterator[str]:
    """What the catalogues of two versions gained and lost."""
    yield style(f"QEMU {found.old} to {found.new}, {found.arch}", "bold")
    for title, names in (
        ("new device types", found.types_new),
        ("device types gone", found.types_gone),
        ("new machines", found.machines_new),
        ("machines gone", found.machines_gone),
        ("machines deprecated now", found.machines_deprecated),
    ):
        if names:
            yield wrapped(f"{len(names)} {title}: {_shortened(sorted(names), _NAMES)}", "    ", "  ")
    aliases = [f"{a.name}: {a.after or 'nothing'} now, {a.before or 'nothing'} before" for a in found.aliases]
    yield from _listed(f"names that mean another machine: {len(aliases)}", aliases)
    for title, properties in (("new properties", found.properties_new), ("properties gone", found.properties_gone)):
        yield from _listed(f"{len(properties)} {title}", _by_types(properties))
    yield from default_lines("defaults of types that changed", found.defaults)
    yield ""


def default_lines(title: str, found: Sequence[Default]) -> Iterator[str]:
    """Defaults that are others, a row each."""
    rows = [f"{_types(d.types)}: {d.property}={d.after or _OWN} now, {d.before or _OWN} before" for d in found]
    yield from _listed(f"{title}: {len(rows)}", rows)


def _by_types(properties: Iterable[Property]) -> list[str]:
    """Those that the same types have in one row."""
    names: dict[tuple[str, ...], list[str]] = {}
    for each in properties:
        names.setdefault(each.types, []).append(each.name)
    return [f"{_types(types)}: {_shortened(names[types])}" for types in names]


def _listed(title: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"  {title}"
        yield from (wrapped(row, "      ", "    ") for row in rows[:_SHOWN])
    if len(rows) > _SHOWN:
        yield f"    and {len(rows) - _SHOWN} more (--json tells all)"


def _types(names: Sequence[str]) -> str:
    return _shortened(names, _FEW)


def _shortened(names: Sequence[str], most: int = _SHOWN) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
