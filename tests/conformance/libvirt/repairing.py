"""Repairs that are shown for refused domains, each tried by a real libvirt: whatever is shown has to hold there, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from qrules.configs.xml_domain import read_device, read_domain
from qrules.diagnostics import Unusable
from qrules.domains.mending import DomainRepair, repairs
from tests.conformance.libvirt.asking import domains_of
from tests.conformance.libvirt.comparing import wilson
from tests.conformance.libvirt.oracle import Question, Told


def shown(question: Question, version: str) -> list[tuple[str, Question]]:
    """The repairs of a refused domain in words, each with the question whether it holds."""
    domains = domains_of(version)
    try:
        document = read_domain(question.xml, "vm.xml")
        attach = [read_device(text, "device.xml") for text in question.attach]
    except Unusable:
        return []
    found = repairs(domains, domains.answer(document, attach), attach)
    return [(one.text, Question(f"{question.id}-{n}", one.document, _attach(question, one))) for n, one in enumerate(found)]


def _attach(question: Question, repair: DomainRepair) -> tuple[str, ...]:
    """What is attached then."""
    texts = zip(question.attach, repair.attach, strict=True)
    return tuple(before if text is None else text for before, text in texts)


def tried(
    refused: Iterable[Told], version: str, ask: Callable[[list[Question]], Iterable[Told]], host: Callable[[Told], bool]
) -> Iterator[str]:
    """A line for each refused domain without a repair and for each repair that libvirt refuses; the counts at the end."""
    of, none, texts = 0, 0, {}
    questions: list[Question] = []
    for told in refused:
        of += 1
        made = shown(told.question, version)
        if not made:
            none += 1
            yield f"{told.question.id} | no repair | {told.stage}: {told.message}"
        texts |= {question.id: text for text, question in made}
        questions += [question for _, question in made]
    answers = [told for told in ask(questions) if not host(told)]
    for told in answers:
        if told.stage:
            yield f"{told.question.id} | refused | {texts[told.question.id]} | {told.stage}: {told.message}"
    yield f"have a repair  {wilson(of - none, of)}"
    yield f"repairs hold   {wilson(sum(not told.stage for told in answers), len(answers))}"
