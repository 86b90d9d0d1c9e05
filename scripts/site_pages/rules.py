"""Pages of rules, and of the messages of QEMU and libvirt: what does it mean?"""

from __future__ import annotations

from collections.abc import Iterator

from qrules.explain.describing import tests_by_rule
from site_pages.known import Known, Rule
from site_pages.writing import Pages, block, code, listed, path, table, text


def expect(pages: Pages, known: Known) -> None:
    """Which pages there will be."""
    pages.expect("rules", known.rules)
    pages.expect("messages", _messages(known))


def write(pages: Pages, known: Known, only: frozenset[str] | None = None) -> None:
    """A page for each rule (or for those of `only`) and for each message of theirs, and the lists of both."""
    tests = tests_by_rule()
    messages = _messages(known)
    for name, rule in known.rules.items():
        if only is None or name in only:
            pages.add(path("rules", name), f"Rule {name}", _rule(pages, name, rule, tests.get(rule.name, [])))
    for message, names in messages.items():
        if only is None or only & set(names):
            pages.add(path("messages", message), message, _message(pages, known, message, names))
    at = "rules/index.md"
    because = {name: next((told for m in rule.meanings for told in m.because), "") for name, rule in known.rules.items()}
    rows = [(pages.link(at, "rules", name), text(told)) for name, told in because.items()]
    pages.add(at, "Rules", ["What can be refused or advised against, and why.", *table(("rule", "because"), sorted(rows))])
    at = "messages/index.md"
    lines = ["What the emulator and libvirt say; names in braces stand for what differs. The search finds words of a message."]
    for speaker in ("QEMU", "libvirt"):
        own = sorted((m for m, names in messages.items() if known.rules[names[0]].speaker == speaker), key=str.casefold)
        if own:
            lines += ["", f"## {speaker}", *listed(pages.link(at, "messages", message, shown=message) for message in own)]
    pages.add(at, "Messages", lines)


def _messages(known: Known) -> dict[str, list[str]]:
    """The rules that say a message, by the message."""
    found: dict[str, list[str]] = {}
    for name, rule in known.rules.items():
        for message in rule.said:
            if message.strip():
                found.setdefault(message, []).append(name)
    return found


def _rule(pages: Pages, name: str, rule: Rule, tests: list[tuple[str, str, int]]) -> Iterator[str]:
    at = path("rules", name)
    for number, meaning in enumerate(rule.meanings):
        yield from ("", f"## {text(str(meaning.where))}", "") if number else ("",)
        yield from listed(f"because {text(told)}" for told in meaning.because)
        yield from listed(f"try: {text(told)}" for told in meaning.instead)
        yield from listed([f"profile {code(meaning.profile)}", f"stands in {code(str(meaning.where))}"])
        yield from listed(f"source: {code(str(source))}" for source in meaning.see)
    if rule.said:
        yield from ("", f"## What {rule.speaker} says")
        yield from listed(pages.link(at, "messages", message, shown=message) for message in rule.said if message.strip())
    if tests:
        yield from ("", "## Tests")
        yield from listed(f"{text(title)}, {code(f'{file}:{line}')}" for title, file, line in tests)


def _message(pages: Pages, known: Known, message: str, names: list[str]) -> Iterator[str]:
    at = path("messages", message)
    yield f"{text(known.rules[names[0]].speaker)} says:"
    yield from ("", block(message), "", "It means:")
    for name in names:
        rule = known.rules[name]
        yield from ("", f"## {pages.link(at, 'rules', name)}")
        yield from listed(dict.fromkeys(text(told) for meaning in rule.meanings for told in meaning.because))
        advice = dict.fromkeys(told for meaning in rule.meanings for told in meaning.instead)
        if advice:
            yield from ("", "What to do:", *listed(map(text, advice)))
