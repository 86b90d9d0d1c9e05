"""The texts of a harvest, of made-up binaries: one text, or the files of a version, and both serve as a rule set."""

from __future__ import annotations

from pathlib import Path

import pytest

from qrules.knowledge.model import Knowledge
from qrules.qemu import harvesting
from qrules.qemu.errors import NotQemu
from qrules.qemu.facts import Facts
from qrules.qemu.harvest_schema import Gathered
from qrules.rulesets.store import Store
from tests.conftest import Run
from tests.qemu.test_catalogue_text import FACTS
from tests.qemu.test_catalogue_text import TEXT as CATALOGUE_TEXT
from tests.qemu.test_schema_text import OPTION_TEXT, OPTIONS, VALUE_TEXT, VALUES

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(autouse=True)
def binaries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Binaries are called like the architecture that they are of."""

    def gather(binary: str, timeout: float) -> Facts:
        return FACTS._replace(arch=binary)

    def gather_schema(binary: str, catalogues: Path, timeout: float) -> Gathered:
        own = VALUES if binary != "other" else VALUES._replace(objects=("knot",))
        net = OPTIONS.records[0]._replace(members=())
        options = OPTIONS._replace(records=(net._replace(tag="", cases=()),))
        return Gathered("9.9.1", binary, options, own)

    monkeypatch.setattr(harvesting, "version", lambda binary, timeout: "9.9.1")
    monkeypatch.setattr(harvesting, "gather", gather)
    monkeypatch.setattr(harvesting, "gather_schema", gather_schema)


def knowledge(folder: Path, arch: str) -> Knowledge:
    store = Store(folder)
    return store.knowledge(store.resolve("9.9", arch))


def test_one_text_has_all(tmp_path: Path) -> None:
    text = harvesting.harvest("toy")
    assert text.startswith(CATALOGUE_TEXT)
    assert text.endswith(VALUE_TEXT)
    assert OPTION_TEXT.partition("\n\n")[0] in text
    (tmp_path / "toy.qr").write_text(text)
    told = knowledge(tmp_path, "toy")
    net, flat = told.option("-net"), told.option("-flat")
    assert (net, flat and flat.plain, told.enum("OnOff")) == (told.schema("net"), True, ("on", "2_5"))
    assert told.machine("toy") is not None


def test_files_of_a_version(tmp_path: Path) -> None:
    texts = harvesting.harvest_files(["toy", "other"])
    assert list(texts) == ["toy.qr", "other.qr", "qapi.qr", "toy-values.qr", "other-values.qr"]
    assert texts["toy.qr"] == CATALOGUE_TEXT
    assert texts["qapi.qr"].splitlines()[1] == 'schema "9.9.1" for other, toy'
    assert texts["toy-values.qr"].partition("\n\n")[2] == VALUE_TEXT
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    for arch, objects in (("toy", ("rope", "x,y")), ("other", ("knot",))):
        told = knowledge(tmp_path, arch)
        assert (told.objects(), told.option("-net") is not None) == (objects, True)


def test_an_architecture_that_is_no_name_for_a_file() -> None:
    with pytest.raises(NotQemu):
        harvesting.harvest_files(["../toy"])


def test_several_binaries_need_a_folder(qrules: Run) -> None:
    done = qrules("harvest", "qemu-system-a", "qemu-system-b")
    assert done.returncode == 2
    assert "several binaries make several files" in done.stderr
