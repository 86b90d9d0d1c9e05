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


PAGES: dict[str, Callable[[], str]] = {"docs/exit-codes.md": exit_codes}
