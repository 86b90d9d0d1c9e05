"""The pages of the site: all links lead somewhere, nothing of a rule set is Markdown or HTML, each machine has a page."""

from __future__ import annotations

import html
import json
import posixpath
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qrules.visible import printable

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import site_pages  # noqa: E402
from site_pages import documents, rules, writing  # noqa: E402
from site_pages.known import Known  # noqa: E402
from site_pages.writing import Pages  # noqa: E402

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HOSTILE = "<script>alert(1)</script> [x](javascript:y) ![z](q) `c` *b* | | __u__ &lt; # 1. - > \\ {h} \x1b[31m \n# heading"
_ARCH = "riscv64"


@pytest.fixture(scope="module")
def known() -> Known:
    return site_pages.know((_ARCH,), libvirt=False)


@pytest.fixture(scope="module")
def pages(known: Known) -> Pages:
    return site_pages.generated(known, pictures=False)


def test_every_link_of_a_made_page_leads_to_a_page(pages: Pages) -> None:
    links = [(at, to) for at, words in pages.files.items() for to in _LINK.findall(words)]
    there = {Path(at) for at in pages.files}
    lost = [(at, to) for at, to in links if _joined(at, to) not in there]
    assert lost == []
    assert len(links) > 3_000


def test_what_was_expected_is_written(pages: Pages) -> None:
    assert pages.known == set(pages.files)


def test_every_machine_that_rules_describe_has_a_page(pages: Pages, known: Known) -> None:
    knowledge = known.targets[0].knowledge
    described = [n for n in knowledge.machine_names() if (m := knowledge.machine(n)) is not None and m.family is not None]
    assert described
    for name in described:
        words = pages.files[writing.path(f"machines/{_ARCH}", name)]
        for heading in ("What stands where", "Buses and free places", "Options that change something", "supported-device-types"):
            assert f"## {heading}" in words, name


def test_a_type_has_what_show_has(pages: Pages, known: Known) -> None:
    name = next(n for n in known.types() if n.startswith("virtio-net-pci"))
    words = html.unescape(pages.files[writing.path("types", name)])
    assert "## Properties" in words
    assert "mac " in words
    assert f"machines/{_ARCH}/" in words


def test_a_message_leads_to_its_rule_and_back(pages: Pages, known: Known) -> None:
    name = next(n for n, rule in known.rules.items() if rule.said and rule.meanings[0].because)
    at, said = writing.path("rules", name), known.rules[name].said[0]
    there = writing.path("messages", said)
    assert writing.relative(at, there) in pages.files[at]
    assert writing.relative(there, at) in pages.files[there]


# ------------------------------------------------------------------------------------- hostile rule sets
def test_words_of_rules_mean_nothing_in_markdown() -> None:
    written = writing.text(_HOSTILE)
    assert re.sub(r"&#\d+;|[A-Za-z0-9 ,]", "", written) == ""
    assert html.unescape(written) == printable(_HOSTILE).strip()
    assert "<script" not in writing.block(_HOSTILE)
    assert "</code></pre>" not in writing.block("a</code></pre><b>")[:-13]


def test_a_hostile_rule_set_makes_pages_without_a_tag_or_link_of_its_own(known: Known) -> None:
    rule = next(r for r in known.rules.values() if r.said and r.meanings)
    meaning = rule.meanings[0]._replace(rule=_HOSTILE, because=(_HOSTILE,), instead=(_HOSTILE,), profile=_HOSTILE)
    bad = replace(known, rules={_HOSTILE: replace(rule, name=_HOSTILE, meanings=[meaning], said=[_HOSTILE])})
    pages = Pages()
    rules.expect(pages, bad)
    rules.write(pages, bad)
    assert len(pages.files) == 4
    for at, words in pages.files.items():
        assert re.fullmatch(r"[a-z0-9/._-]+\.md", at)
        assert set(re.findall(r"<(/?\w+)", words)) <= {"code", "/code", "pre", "/pre"}, at
        prose = re.sub(r"<pre>.*?</pre>", "", words.split("\n---\n")[1], flags=re.DOTALL)
        assert set(_LINK.findall(prose)) <= {writing.relative(at, one) for one in pages.files}
        assert prose.count("\n# ") == 1, at
        title = json.loads(words.split("\n")[1].removeprefix("title: "))
        assert not set('<>"\n\x1b') & set(title)


def test_the_reader_of_markdown_shows_hostile_words_as_they_are() -> None:
    markdown = pytest.importorskip("markdown")
    for written in (writing.text(_HOSTILE), writing.code(_HOSTILE), writing.block(_HOSTILE)):
        made = markdown.markdown(
            f"- a\n- {written}\n" if "<pre>" not in written else written, extensions=["tables", "fenced_code"]
        )
        assert set(re.findall(r"<(/?\w+)", made)) <= {"ul", "/ul", "li", "/li", "code", "/code", "pre", "/pre"}
        assert "<script>alert(1)</script> [x](javascript:y) ![z](q) `c` *b* | | __u__ &lt; # 1. - > \\ {h}" in html.unescape(made)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "..", "", ".hidden", "index", "README", "CON\x00", "x" * 500, "ä", "\udcff"]
)
def test_a_files_name_stays_in_its_folder(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,80}", writing.file_name(name))
    assert writing.file_name(name) not in ("index", "readme")


def test_names_that_differ_in_case_have_files_of_their_own() -> None:
    assert len({writing.file_name(name).lower() for name in ("vga", "VGA", "Vga", "vga-", "v ga")}) == 5


# ------------------------------------------------------------------------------------- documents
def test_links_of_documents_lead_to_pages_or_are_words(tmp_path: Path) -> None:
    documents.copy(ROOT, tmp_path, "playground/index.html")
    assert "(playground/" not in (tmp_path / "index.md").read_text(encoding="utf-8")  # it is not there
    made = {"arches/index.md", "buses/index.md", "types/index.md", "rules/index.md", "messages/index.md"}
    for path in tmp_path.rglob("*.md"):
        at = path.relative_to(tmp_path).as_posix()
        prose = "".join(documents._FENCE.split(path.read_text(encoding="utf-8"))[::2])
        for match in documents._LINK.finditer(prose):
            to = match["to"]
            assert not to or ":" in to or (path.parent / to).exists() or to in made, f"{at}: {match[0]}"
    for menu in re.findall(r'"(docs/[^"]+|[A-Z]+\.md)"', site_pages.configure(ROOT, tmp_path, tmp_path)):
        assert (tmp_path / menu).exists(), menu


def test_code_of_a_document_stays_as_it_is() -> None:
    words = "[a](gone.md) [b](index.md)\n\n```\n[a](gone.md)\n```\n\n    [a](gone.md)\n"
    assert documents.linked(words, "index.md", {"index.md"}) == words.replace("[a](gone.md) ", "a ", 1)


def test_the_guide_shows_the_policy_that_is_written(tmp_path: Path) -> None:
    from qrules.cli.main import main

    guide = (ROOT / "docs/guides/a-sites-policy.md").read_text(encoding="utf-8")
    assert main(["rules", "new", str(tmp_path / "policy")]) == 0
    shown = re.findall(r"^```qr\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert shown
    assert all(rule in (tmp_path / "policy/site.qr").read_text(encoding="utf-8") for rule in shown)


def _joined(at: str, to: str) -> Path:
    return Path(posixpath.normpath(posixpath.join(posixpath.dirname(at), to)))
