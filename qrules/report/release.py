"""What a release changes, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from qrules.qemu.drafts import Draft
from qrules.qemu.news import News
from qrules.qemu.release import Group, Release
from qrules.report.json import rule_line
from qrules.report.style import Style, wrapped
from qrules.visible import BREAK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMED = 6  # names that a line tells
_UNSPOKEN = ("new machines without rules", "new and no rule speaks of it")


def text(found: Release, drafts: list[Draft], style: Style) -> str:
    """What the catalogues tell, what no rule speaks of, what differs by cause, and drafts for that."""
    lines = [style(f"QEMU {found.old} to {found.new}, {found.arch}", "bold"), "", style("what the catalogues tell", "bold")]
    lines += [_line(each) for each in found.news if each.spoken]
    silent = [each for each in found.news if not each.spoken]
    if silent:
        lines += ["", style("new, and no rule speaks of it", "bold"), *map(_line, silent)]
    for title, groups in (
        ("what the binary does otherwise than the rules say, by cause", [g for g in found.groups if not g.older]),
        ("no change of this release: the older binary differs in the same way", [g for g in found.groups if g.older]),
    ):
        if groups:
            lines += ["", style(title, "bold"), *(line for group in groups for line in _group(group))]
    if drafts:
        lines += ["", style("drafts: each ... is for a person to say", "bold")]
        lines += [line for draft in drafts for line in ("", f"# {draft.about}", *draft.lines)]
    causes = sum(not group.older for group in found.groups)
    told = f"{found.starts} starts and {found.plugs} devices added: {causes} causes, {len(found.groups) - causes} known before"
    verdict = style("verified", "bold") if found.verified else style("not verified", "bold", "red")
    lines += ["", f"{verdict}: {told}"]
    if found.no_rules:
        lines.append(wrapped(f"no rules for the new machines {', '.join(found.no_rules)}"))
    return BREAK.join(lines)


def _line(each: News) -> str:
    names = ", ".join(each.names[:_NAMED]) + (f" and {len(each.names) - _NAMED} more" if len(each.names) > _NAMED else "")
    change = (
        f" ({each.before or 'unset'} to {each.after or 'unset'})" if each.how == "changed" and each.before + each.after else ""
    )
    detail = f" {each.detail}" if each.detail else ""
    count = (
        f" of {len(each.names)}"
        if len(each.names) > 1 and each.detail
        else f"s, {len(each.names)}"
        if len(each.names) > 1
        else ""
    )
    return wrapped(f"{each.how} {each.what}{detail}{count}{change}: {names}", "    ", "  ")


def _group(group: Group) -> Iterator[str]:
    of = f" of {len(group.types)} types" if len(group.types) > 1 else ""
    on = f"{len(group.machines)} machines" if len(group.machines) > 1 else group.machines[0]
    how = "devices added" if group.how == "plug" else "starts"
    yield wrapped(f"{group.starts} {how}{of} on {on}: {group.what}", "    ", "  ")
    yield f"    rules   {group.rules or '(nothing)'}"
    yield f"    QEMU    {group.binary or '(nothing)'}"
    yield wrapped(" ".join(group.argv), "            ", "    first   ")
    if group.types:
        named = ", ".join(group.types[:_NAMED]) + (f" and {len(group.types) - _NAMED} more" if len(group.types) > _NAMED else "")
        yield wrapped(named, "            ", "    types   ")
    for where in group.where[:_NAMED]:
        yield f"    rule    {where}"


# ------------------------------------------------------------------------------------- JSON
def _cause(group: Group) -> dict[str, Any]:
    told = group._asdict()
    told["qemu"], told["where"] = told.pop("binary"), [rule_line(w) for w in group.where]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


def as_json(found: Release, drafts: list[Draft]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "from": found.old,
        "to": found.new,
        "arch": found.arch,
        "verified": found.verified,
        "starts": found.starts,
        "plugs": found.plugs,
        "news": [
            {
                "what": n.what, "how": n.how, "names": list(n.names), "detail": n.detail or None, "before": n.before or None,
                "after": n.after or None, "spoken": n.spoken,
            }
            for n in found.news
        ],
        "causes": [_cause(g)
            for g in found.groups],
        "new-types": list(found.fresh),
        "no-rules": list(found.no_rules),
        "drafts": [{"about": d.about, "lines": list(d.lines)} for d in drafts],
    }  # fmt: skip
