"""What there is to know of a name, as text, as JSON, and in the words of the emulator's own help."""

from __future__ import annotations

from qrules.explain.describing import Described, RuleShown
from qrules.report.json import SCHEMA, rule_line, sources
from qrules.report.style import Style, fitted, table, wrapped
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.report import shapes_show as shapes


def text(found: Described, style: Style) -> str:
    """A type or machine for people."""
    lines = [f"{style(found.name, 'bold')}{'  ' + found.description if found.description else ''}"]
    rows = [
        ("it is", ", ".join((*(() if found.status in ("user", "") else (found.status,)), *found.kinds[1:5]))),
        ("also called", ", ".join(found.aliases)),
        ("goes on", found.goes_on or ("no bus" if found.what == "type" else "")),
        ("machines", ", ".join(found.machines)),
        ("in", ", ".join(_versions(found.at))),
    ]
    lines += [fitted(told, " " * 15, f"  {style(f'{label:<11}', 'dim')}  ") for label, told in rows if told]
    if found.properties:
        lines += ["", style("properties", "bold")]
        lines += ["  " + row for row in table([(p.name, p.type, _default(p.default)) for p in found.properties])]
    if found.rules:
        lines += ["", style("rules about it, the nearest first", "bold")]
        lines += ["  " + row for row in table([(name, str(line)) for name, line in dict(found.rules).items()])]
    return BREAK.join(lines)


def _versions(at: tuple[tuple[str, str], ...]) -> list[str]:
    by_version: dict[str, list[str]] = {}
    for version, arch in at:
        by_version.setdefault(version, []).append(arch)
    return [f"QEMU {version} ({', '.join(arches)})" for version, arches in by_version.items()]


def _default(value: object) -> str:
    return "" if value is None else "= on" if value is True else "= off" if value is False else f"= {value}"


def rules_text(found: list[RuleShown], style: Style) -> str:
    """Rules with their sentences, sources and tests."""
    blocks = []
    for shown in found:
        meaning = shown.meaning
        lines = [f"{style(meaning.rule, 'bold')} ({meaning.profile}), {meaning.where}"]
        lines += [wrapped(told, "  ", "  ") for told in meaning.because]
        if meaning.template:
            lines.append(fitted(meaning.template, " " * 10, f"  {style('QEMU', 'dim')}    "))
        lines += [wrapped(told, " " * 10, f"  {style('try', 'bold', 'green')}     ") for told in meaning.instead]
        lines += [f"  {style('source', 'dim')}  {source}" for source in meaning.see]
        lines += [f"  {style('test', 'dim')}    {title}, {file}:{line}" for title, file, line in shown.tests]
        blocks.append(BREAK.join(lines))
    return (BREAK * 2).join(blocks)


def as_json(found: Described) -> shapes.Shown:
    """The same as JSON."""
    return {
        "schema": SCHEMA,
        "what": found.what,
        "name": found.name,
        "description": found.description or None,
        "status": found.status,
        "aliases": list(found.aliases),
        "goes-on": found.goes_on or None,
        "kinds": list(found.kinds),
        "properties": [{"name": p.name, "type": p.type, "default": p.default} for p in found.properties],
        "at": [{"qemu": version, "arch": arch} for version, arch in found.at],
        "machines": list(found.machines),
        "rules": [{"rule": name, "where": rule_line(line)} for name, line in found.rules],
    }


def rules_json(found: list[RuleShown]) -> shapes.RulesShown:
    """Rules as JSON."""
    return {
        "schema": SCHEMA,
        "rules": [
            {
                "rule": one.meaning.rule,
                "profile": one.meaning.profile,
                "because": list(one.meaning.because),
                "emulator-message": one.meaning.template,
                "instead": list(one.meaning.instead),
                "where": rule_line(one.meaning.where),
                "see": sources(one.meaning.see),
                "tests": [{"title": title, "file": file, "line": line} for title, file, line in one.tests],
            }
            for one in found
        ],
    }


def options(found: Described) -> str:
    """What ``-device TYPE,help`` prints."""
    rows = [f"  {p.name}=<{p.type}>{_told(p.default)}" for p in found.properties]
    return BREAK.join([f"{found.name} options:", *rows])


def _told(value: object) -> str:
    return "" if value is None else f" (default: {_default(value)[2:]})"
