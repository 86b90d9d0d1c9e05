"""The reference pages that are made from the code itself: `scripts/refresh-docs` writes them, tests compare them."""

from __future__ import annotations

from collections.abc import Callable

_MADE = "<!-- made by scripts/refresh-docs from the code: change it there -->"


def exit_codes() -> str:
    """docs/exit-codes.md: what each exit status says, for all verbs."""
    from qrules.cli import status

    lines = ["# Exit statuses", "", _MADE, "", "What all verbs agree on:", "", "| status | says |", "|---|---|"]
    lines += [f"| {number} | {meaning} |" for number, meaning in status.MEANINGS.items()]
    lines += [
        "",
        "Of several answers (`check` with several files, with a file of several command lines, `check --jsonl`) the worst"
        " counts: 2 before 1 before 3 before 0. `--strict` counts a warning as a refusal, and says so on standard error.",
        "`--exit-zero` gives 0 whatever the answers are, where there are any: options that can't be used, or a file that is the"
        " only one and can't be read, stay 2.",
        "",
        "## By verb",
        "",
        "| verb | 0 | 1 | 3 |",
        "|---|---|---|---|",
    ]
    for verb, own in status.BY_VERB.items():
        lines.append(f"| `{verb}` | " + " | ".join(own.get(number, "") for number in (0, 1, 3)) + " |")
    return "\n".join(lines) + "\n"


def command_line() -> str:
    """docs/command-line.md: the help of every verb."""
    import argparse
    import os
    import re

    from qrules.cli.parser import verb_parser
    from qrules.cli.verbs import VERBS

    os.environ["COLUMNS"] = "100"
    lines = ["# The command line", "", _MADE, "", "| verb | answers |", "|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {verb.help} |" for name, verb in VERBS.items()]

    def helped(parser: argparse.ArgumentParser) -> list[str]:
        text = re.sub(r"\n\nexit status:(\n  .*)+", "", parser.format_help().rstrip())  # exit-codes.md has them
        return ["```text", text, "```"]

    for name in VERBS:
        parser = verb_parser(name)
        lines += ["", f"## {name}", "", *helped(parser)]
        tools = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        for tool, sub in (item for action in tools for item in action.choices.items()):
            lines += ["", f"### {name} {tool}", "", *helped(sub)]
    return "\n".join(lines) + "\n"


def python() -> str:
    """docs/python.md: the functions and the results of the Python interface."""
    import importlib
    import inspect

    import qrules

    lines = [
        "# Python",
        "",
        _MADE,
        "",
        "`import qrules` loads next to nothing; what is asked for comes then. Nothing is printed,",
        "",
    ]
    lines[-2] += " and answers are values."
    lines += ["All results are named tuples; those marked * have `to_dict()`, which gives what `--json` prints"]
    lines[-1] += " (`qrules.schema(VERB)` is its schema, [json.md](json.md) shows it)."
    lines += [
        "Input that can't be used raises `qrules.Unusable`, whose `diagnostics` say what, where and what to do; a wrong type"
    ]
    lines[-1] += " raises `TypeError`."
    lines += ["", "## Functions", ""]
    for module, names in qrules._FUNCTIONS.items():
        for name in names:
            found = getattr(importlib.import_module(module), name)  # of `qrules` it may be the room of that name
            if inspect.isclass(found):
                continue
            lines += [f"### {name}", "", "```python", f"{name}{_signature(found)}", "```", "", _told(found), ""]
    lines += ["## Results", ""]
    for module, names in qrules._TYPES.items():
        for name in names:
            found = getattr(importlib.import_module(module), name)
            lines += [f"### {name}{' *' if hasattr(found, 'to_dict') else ''}", "", _told(found), ""]
            fields = getattr(found, "_fields", ())
            if fields:
                lines += ["| field | type |", "|---|---|"]
                lines += [f"| `{field}` | `{_plain(found.__annotations__[field])}` |" for field in fields]
                lines.append("")
            lines += _methods(found)
    return "\n".join(lines).rstrip() + "\n"


def _methods(kind: type) -> list[str]:
    import inspect

    lines = []
    for name, member in vars(kind).items():
        if name.startswith("_") or name == "to_dict":
            continue
        if isinstance(member, property) and member.fget is not None and name not in getattr(kind, "_fields", ()):
            lines += [f"* `{name}`: {_told(member.fget)}"]
        elif inspect.isfunction(member):
            lines += [f"* `{name}{_signature(member)}`: {_told(member)}"]
    return [*lines, ""] if lines else []


def _signature(found: Callable[..., object]) -> str:
    import inspect

    signature = inspect.signature(found)
    parts = [p for p in signature.parameters.values() if p.name != "self"]
    told = str(signature.replace(parameters=parts)).replace("'", "")
    if len(told) < 90:
        return told
    keywords = next((n for n, p in enumerate(parts) if p.kind is inspect.Parameter.KEYWORD_ONLY), None)
    rows = [str(p).replace("'", "") for p in parts]
    if keywords is not None and not any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parts):
        rows.insert(keywords, "*")
    result = str(signature.return_annotation).replace("'", "")
    return "(\n" + "".join(f"    {row},\n" for row in rows) + f") -> {result}"


def _plain(text: str) -> str:
    return str(text).replace("|", "\\|")


def _told(found: object) -> str:
    import inspect

    return (inspect.getdoc(found) or "").replace("``", "`")


def json_answers() -> str:
    """docs/json.md: the members of every answer in JSON."""
    from qrules.report.schema import schema
    from qrules.report.shapes_verbs import TABLE

    lines = ["# JSON", "", _MADE, "", "`--json` (or `--format json`, `--format jsonl`) prints one of the objects below, which"]
    lines[-1] += " `qrules schema VERB` prints as a JSON Schema (draft 2020-12)."
    lines += ["Every one has `schema`: within version 1 members may be added, and none is taken away or changes its meaning."]
    lines += [
        "Input that can't be used gives `Errors` on standard output, and the exit status 2.",
        "",
        "| verb | prints |",
        "|---|---|",
    ]
    shapes: dict[str, dict[str, object]] = {}
    for verb in TABLE:
        made = schema(verb)
        named = [each["$ref"].rpartition("/")[2] for each in made["anyOf"]]
        lines.append(f"| `{verb}` | {', '.join(f'[{name}](#{name.lower()})' for name in named)} |")
        shapes |= made["$defs"]
    for name, shape in sorted(shapes.items()):
        lines += ["", f"## {name}", ""]
        if "description" in shape:
            lines += [str(shape["description"]), ""]
        lines += ["| member | type | |", "|---|---|---|"]
        required = shape["required"]
        for member, kind in shape["properties"].items():  # type: ignore[attr-defined]
            optional = "" if member in required else "may be left out; "  # type: ignore[operator]
            told = (optional + str(kind.get("description", ""))).removesuffix("; ")
            lines.append(f"| `{member}` | {_kind(kind)} | {told.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def _kind(schema: dict[str, object]) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])  # type: ignore[attr-defined]
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])  # type: ignore[attr-defined]
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema['items'])}"  # type: ignore[arg-type]
    if kind == "object":
        return f"object of {_kind(schema.get('additionalProperties', {}))}"  # type: ignore[arg-type]
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


PAGES: dict[str, Callable[[], str]] = {
    "docs/exit-codes.md": exit_codes,
    "docs/command-line.md": command_line,
    "docs/python.md": python,
    "docs/json.md": json_answers,
}
