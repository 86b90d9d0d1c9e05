"""Tells every difference between the rules and libvirt: ``python -m tests.conformance.libvirt.run corpus|cases|random|kinds|mutants|words|repairs``.

A line for each: ``test | kind | what libvirt has | what we have``, and the counts at the end. ``--answers FOLDER`` keeps what libvirt
said, so that a second run asks it nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from tests.conformance.libvirt import corpus, oracle, repairing
from tests.conformance.libvirt.asking import ALONE, command_line, ours
from tests.conformance.libvirt.command_lines import compare_words
from tests.conformance.libvirt.comparing import Compared, Difference, compare, summary
from tests.conformance.libvirt.draws import random_domains
from tests.conformance.libvirt.kinds import rare_domains
from tests.conformance.libvirt.mutants import mutants
from tests.conformance.libvirt.oracle import Question, Told
from tests.conformance.libvirt.places import stored

_OF_TESTS = "11.3"
_STAGES = {"command-build": "start"}
_HOST = "the host alone"  # what stopped a domain from starting, so that nobody knows what the emulator says
_OF_THE_HOST = (
    "unable to open vhost-vsock device",
    "host doesn't support passthrough",
    "Connection refused",
    "No such file or directory",
    "Address already in use",
    "is not supported by the host",
    "Unable to find a satisfying virtiofsd",
    "can't open backing store",
)


def of_corpus() -> Iterator[Told]:
    """What libvirt's own tests expect."""
    for case in corpus.cases():
        _, addresses = stored(case.stored) if case.stored and not case.refused else ("", {})
        stage = _STAGES.get(case.stage, "define") if case.refused else ""
        yield Told(Question(case.name, case.xml), _OF_TESTS, stage, case.error, "", addresses)  # aliases of machines stay


def of_words() -> Iterator[Compared]:
    """Command lines beside those of libvirt's own tests."""
    for case in (c for c in corpus.cases() if c.args):
        try:
            yield compare_words(case, command_line(case.xml, _OF_TESTS))
        except Exception as error:
            yield _failed(case.name, case.args, 0, error)


def of_cases(version: str) -> Iterator[Told]:
    """What a version said to the domains that people reported, and to what was tried to repair them."""
    for case in corpus.reported():
        question = Question(case["id"], case["xml"], tuple(case.get("attach") or ()))
        if all(isinstance(one, str) for one in question.attach) and version in case["oracle"]:
            yield oracle.told(question, version, case["oracle"][version])


def of_random(version: str, seed: int, count: int, answers: Path | None) -> Iterator[Told]:
    """What it says to random domains."""
    yield from kept(random_domains(seed, count), version, answers)


def of_kinds(version: str, seed: int, count: int, answers: Path | None) -> Iterator[Told]:
    """What it says to random domains of rare kinds; where the host alone stops one from starting, to its definition."""
    for told in kept(rare_domains(seed, count), version, answers):
        yield told._replace(stage="", message=_HOST) if told.stage == "start" and of_the_host(told) else told


def of_mutants(version: str, seed: int, count: int, answers: Path | None) -> Iterator[Told]:
    """What it says to mutants of random domains that it takes."""
    valid = [t for t in kept([q._replace(attach=()) for q in random_domains(seed, count)], version, answers) if not t.stage]
    yield from kept(mutants(valid, seed, count), version, answers)


def of_repairs(version: str, seed: int, count: int, answers: Path | None) -> Iterator[str]:
    """What it says to the repairs of refused domains: reported ones without a count, or as many refused mutants."""
    if count:
        refused = [told for told in of_mutants(version, seed, 4 * count, answers) if told.stage and not of_the_host(told)][:count]
    else:
        refused = [told for told in of_cases(version) if told.stage]
    yield from repairing.tried(refused, version, lambda asked: kept(asked, version, answers), of_the_host)


def kept(questions: Iterable[Question], version: str, answers: Path | None) -> Iterator[Told]:
    """Libvirt's answers; those that were kept are not asked for again."""
    asked = list(questions)
    if answers is None:
        yield from oracle.ask(asked, version)
        return
    known: dict[str, Told] = {}
    answers.mkdir(parents=True, exist_ok=True)
    for question in asked:
        file = answers / _name(question, version)
        if file.exists():
            fields = json.loads(file.read_text())
            known[question.id] = Told(question, *fields[:5], tuple(fields[5]), fields[6])
    for told in oracle.ask([q for q in asked if q.id not in known], version):
        known[told.question.id] = told
        (answers / _name(told.question, version)).write_text(json.dumps(told[1:]))
    yield from (known[q.id] for q in asked if q.id in known)


def of_the_host(told: Told) -> bool:
    """Whether a refusal is one of the machine that libvirt runs on: it lacks what a domain hands on, or what that hands on is broken."""
    return any(words in told.message for words in _OF_THE_HOST)


def _name(question: Question, version: str) -> str:
    return hashlib.sha256(json.dumps([version, question.xml, question.attach]).encode()).hexdigest()[:24] + ".json"


def compared(told: Told, profiles: tuple[str, ...] = (), fresh: bool = True) -> Compared:
    """One comparison. Where ours fails, that is the difference."""
    try:
        return compare(told, ours(told.question, told.version, profiles, fresh))
    except Exception as error:
        return _failed(told.question.id, told.message or "ok", len(told.addresses), error)


def in_corpus(told: Told) -> Compared:
    """One comparison with a test of libvirt, which takes a domain as a new one, or as one that was kept."""
    updated = {case.name: case.updated for case in corpus.cases()}
    return compared(told, ALONE, updated[told.question.id])


def _failed(name: str, theirs: str, devices: int, error: Exception) -> Compared:
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    return Compared(name, False, False, False, devices, 0, (Difference(name, "error", theirs[:200], said),))


def main(words: list[str]) -> int:
    """Runs from words of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("corpus", "cases", "random", "kinds", "mutants", "words", "repairs"))
    parser.add_argument("--libvirt", default=_OF_TESTS, choices=oracle.VERSIONS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--only", default="", help="tests with this in their name, or this machine or architecture")
    parser.add_argument("--kind", default="", help="differences of this kind alone")
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--first", type=int, help="as many of them alone")
    parser.add_argument("--xml", action="store_true", help="print the domains, and ask nothing")
    args = parser.parse_args(words)
    if args.what == "repairs":
        for line in of_repairs(args.libvirt, args.seed, args.count, args.answers):
            print(line, flush=True)
        return 0
    if args.what == "words":
        return _report([one for one in islice(of_words(), args.first) if args.only in one.test], args.kind)
    told = {
        "corpus": of_corpus,
        "cases": lambda: of_cases(args.libvirt),
        "random": lambda: of_random(args.libvirt, args.seed, args.count, args.answers),
        "kinds": lambda: of_kinds(args.libvirt, args.seed, args.count, args.answers),
        "mutants": lambda: of_mutants(args.libvirt, args.seed, args.count, args.answers),
    }[args.what]()
    found = []
    for one in islice(told, args.first):
        if args.only not in f"{one.question.id} {one.question.xml}" if args.only else False:
            continue
        if args.xml:
            print(
                f"<!-- {one.question.id}: {one.stage or 'ok'} {one.message} -->\n{one.question.xml}",
                *one.question.attach,
                sep="\n",
            )
            continue
        if args.what != "corpus" and of_the_host(one):
            print(f"{one.question.id} | left out | {one.stage}: {one.message[-120:]} | the host alone decides it")
            continue
        alone = ALONE if one.message == _HOST else ()
        found.append(in_corpus(one) if args.what == "corpus" else compared(one, alone))
    return _report(found, args.kind)


def _report(found: list[Compared], kind: str) -> int:
    for difference in (d for one in found for d in one.differences):
        if kind in ("", difference.kind):
            print(difference)
    for line in summary(found):
        print(line)
    print(dict(Counter(d.kind for c in found for d in c.differences).most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
