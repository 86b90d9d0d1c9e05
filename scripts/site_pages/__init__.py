"""The site: the documents, and pages made from the rules, as Markdown for mkdocs. `scripts/make-site` runs it."""

from __future__ import annotations

import json
from pathlib import Path

from site_pages import documents, machines, playground, rules, types
from site_pages.known import ARCHES, Known, know
from site_pages.writing import Pages, listed, text

__all__ = ["ARCHES", "PLAYGROUND", "configure", "generated", "know", "playground", "write"]

PLAYGROUND = "playground"  # its folder on the site

_NAV = (
    ("qrules", "index.md"),
    ("My VM does not start", "docs/guides/my-vm-does-not-start.md"),
    ("libvirt", "docs/guides/libvirt.md"),
    ("A fleet", "docs/guides/a-fleet.md"),
    ("Your first board", "docs/guides/your-first-board.md"),
    ("A site's policy", "docs/guides/a-sites-policy.md"),
    ("Machines", "arches/index.md"),
    ("Bus kinds", "buses/index.md"),
    ("Device types", "types/index.md"),
    ("Rules", "rules/index.md"),
    ("Messages", "messages/index.md"),
)
_PLUGIN = {"search": {"indexing": "sections"}}


def generated(known: Known, pictures: bool = True) -> Pages:
    """All pages that are made from the rules."""
    pages = Pages()
    for part in (machines, types, rules):
        part.expect(pages, known)
    machines.write(pages, known, pictures)
    types.write(pages, known)
    rules.write(pages, known)
    rows = [
        f"{pages.link('arches/index.md', 'arches', t.arch)}: {len(t.machines)} machines, QEMU {text(t.knowledge.version)}"
        for t in known.targets
    ]
    about = "The newest QEMU of each; others are a question of `qrules`."
    pages.add("arches/index.md", "Architectures and machines", [about, *listed(rows)])
    return pages


def write(root: Path, folder: Path, known: Known) -> Pages:
    """Writes the whole source of the site below a folder."""
    pages = generated(known)
    documents.copy(root, folder, f"{PLAYGROUND}/index.html")
    pages.write(folder)
    return pages


def configure(root: Path, folder: Path, to: Path) -> str:
    """The configuration of mkdocs: YAML, of which JSON is a part. What has no place in the menu is found by links and search."""
    docs = [at for at in documents.sources(root) if at.startswith("docs/") and "/guides/" not in at and "/lint/" not in at]
    menu: list[dict[str, object]] = [{title: at} for title, at in _NAV]
    menu.append({"Reference": [*docs, "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]})
    return json.dumps(
        {
            "site_name": "qrules",
            "docs_dir": str(folder),
            "site_dir": str(to),
            "use_directory_urls": False,  # its pages can be read from a disk
            "theme": {"name": "mkdocs", "highlightjs": False, "analytics": {"gtag": None}},
            "plugins": [_PLUGIN],
            "nav": menu,
            "not_in_nav": "/docs/lint/\n/arches/\n/buses/\n/machines/\n/messages/\n/rules/\n/types/\n",
            "validation": {"omitted_files": "info", "absolute_links": "warn", "unrecognized_links": "warn", "anchors": "info"},
        },
        indent=2,
    )
