"""XML as a tree with places: what is read, where it stands, and what is said of what can't be read."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs.xml_domain import looks_like, read_device, read_domain
from qrules.configs.xml_tree import MAX_CHARACTERS, MAX_DEPTH, Element, read_document
from qrules.diagnostics import Diagnostic, Unusable

DOMAIN = """<?xml version='1.0' encoding='UTF-8'?>
<!-- a comment with <tags> -->
<domain type="qemu" xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>é 漢 &amp; 😀</name>
  <devices>
    <disk type='file'
          device = "disk"><target dev='vda' bus='virtio'/></disk>
    <disk type='network'/>
  </devices>
  <qemu:commandline><qemu:arg value='it&apos;s > "this"'/></qemu:commandline>
</domain>
"""


def trouble(given: str | bytes) -> Diagnostic:
    with pytest.raises(Unusable) as caught:
        read_document(given, "vm.xml")
    assert len(caught.value.diagnostics) == 1
    return caught.value.diagnostics[0]


def test_names_values_and_texts() -> None:
    root = read_document(DOMAIN, "vm.xml").root
    assert (root.name, root.get("type"), root.get("id"), root.get("id", "-")) == ("domain", "qemu", None, "-")
    assert [child.name for child in root.children] == ["name", "devices", "qemu:commandline"]
    name = root.find("name")
    assert name is not None
    assert name.text == "é 漢 & 😀"
    assert [e.get("type") for e in root.children[1].all("disk")] == ["file", "network"]
    assert [e.name for e in root.walk()] == [
        "domain",
        "name",
        "devices",
        "disk",
        "target",
        "disk",
        "qemu:commandline",
        "qemu:arg",
    ]
    assert root.find("nothing") is None


def test_places_of_elements_and_attributes() -> None:
    document = read_document(DOMAIN, "vm.xml")
    disk = document.root.children[1].children[0]
    assert document.text[disk.span.start : disk.span.end].startswith("<disk type='file'")
    assert document.text[disk.span.start : disk.span.end].endswith("</disk>")
    assert document.text[disk.head.start : disk.head.end].endswith('device = "disk">')
    assert (disk.span.line, disk.span.column) == (6, 5)
    device = disk.attributes["device"]
    assert (device.value, device.span.line, device.span.column) == ("disk", 7, 11)
    assert document.text[device.span.start : device.span.end] == 'device = "disk"'
    assert document.text[device.value_span.start : device.value_span.end] == "disk"
    where = disk.place("device")
    assert (where.file, where.line, where.column, where.end_line, where.end_column) == ("vm.xml", 7, 11, 7, 26)
    assert disk.place("no-such").line == 6


def test_references_in_values_and_a_closing_bracket() -> None:
    argument = read_document(DOMAIN, "vm.xml").root.children[2].children[0]
    assert argument.attributes["value"].value == 'it\'s > "this"'
    text = argument.source.text
    assert text[argument.span.start : argument.span.end] == "<qemu:arg value='it&apos;s > \"this\"'/>"


def test_paths() -> None:
    document = read_document(DOMAIN, "vm.xml")
    devices = document.root.children[1]
    assert document.path(document.root) == "/domain"
    assert document.path(devices.children[1]) == "/domain/devices/disk[2]"
    assert document.path(devices.children[0].children[0]) == "/domain/devices/disk[1]/target"
    assert document.path(read_document("<a/>", "x").root) == ""


_NAMES = st.sampled_from(["a", "disk", "x:y", "é", "b-1"])
_VALUES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12)
_GAPS = st.sampled_from([" ", "\n", "\t ", "  "])


@st.composite
def _elements(draw: st.DrawFn, depth: int = 3) -> tuple[str, list[tuple[str, list[tuple[str, str]], int, int]]]:
    """A text with the names, attributes, beginnings and ends (relative to it) of its elements in order."""
    name = draw(_NAMES)
    pairs = draw(st.dictionaries(st.sampled_from(["p", "q", "r:s", "ü"]), _VALUES, max_size=3))
    head = f"<{name}"
    for key, value in pairs.items():
        quote = draw(st.sampled_from("'\""))
        told = value.replace("&", "&amp;").replace("<", "&lt;").replace(quote, f"&#{ord(quote)};")
        head += f"{draw(_GAPS)}{key}{draw(st.sampled_from(['=', ' = ']))}{quote}{told}{quote}"
    inside: list[tuple[str, list[tuple[str, str]], int, int]] = []
    body = ""
    count = draw(st.integers(0, 2)) if depth else 0
    for _ in range(count):
        body += draw(st.sampled_from(["", "é ", "<!-- < > -->", "<![CDATA[<x>]]>", "\n"]))
        text, found = draw(_elements(depth - 1))
        inside += [(n, p, a + len(body), b + len(body)) for n, p, a, b in found]
        body += text
    if not body and draw(st.booleans()):
        whole = f"{head}{draw(st.sampled_from(['', ' ']))}/>"
        return whole, [(name, list(pairs.items()), 0, len(whole))]
    opened = f"{head}>"
    whole = f"{opened}{body}</{name} >"
    return whole, [
        (name, list(pairs.items()), 0, len(whole)),
        *((n, p, a + len(opened), b + len(opened)) for n, p, a, b in inside),
    ]


@given(_elements())
def test_what_was_written_is_read_and_stands_where_it_was_written(
    made: tuple[str, list[tuple[str, list[tuple[str, str]], int, int]]],
) -> None:
    text, wanted = made
    found = list(read_document(text, "x").root.walk())
    assert [(e.name, list(e.given.items()), e.span.start, e.span.end) for e in found] == wanted
    for element in found:
        for name, attribute in element.attributes.items():
            written = text[attribute.span.start : attribute.span.end]
            assert written.startswith(name)
            assert written[-1] in "'\""
            lines = text[: attribute.span.start].split("\n")
            assert (attribute.span.line, attribute.span.column) == (len(lines), len(lines[-1]) + 1)


# ------------------------------------------------------------------------------------- what can't be read
@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("", "the document is empty", 1, 1),
        ("-M q35", "this is no XML: a text stands where the first element was expected", 1, 1),
        ("<a>\n<b>", "the document ends, and <b> is not closed", 2, 4),
        ("<a>\n  <b>\n</a>", "</a> closes nothing: <b> is open", 3, 1),
        ("<a x=1/>", "the value of x has no quotes", 1, 6),
        ("<a\n x='1' y/>", "the attribute y has no value", 2, 8),
        ("<a x='1' x='2'/>", "the attribute x stands twice in one element", 1, 10),
        ("<a x='1'y='2'/>", "a blank is missing between two attributes", 1, 9),
        ("<a>&nbsp;</a>", "&nbsp; stands for nothing", 1, 4),
        ("<a>a & b</a>", "a lone & stands here", 1, 6),
        ("<a u='x?a=1&b=2'/>", "a lone & stands here", 1, 12),
        ("\n<?xml version='1.0'?><a/>", "something stands before <?xml ...?>, be it an empty line", 2, 1),
        ("<a/>\n<b/>", "<b> stands behind the end of the document", 2, 1),
        ("<a x='1>\n<b/></a>", "a < stands within the value of an attribute, or a quote before it is not closed", 2, 1),
        ("<a\n<b/></a>", "the tag <a is not closed", 2, 1),
        ("<a>\x01</a>", "a control character (U+0001) stands here, which XML does not allow", 1, 4),
        ("<a><!-- ", "a comment is never closed", 1, 4),
    ],
)
def test_what_is_not_well_formed(text: str, message: str, line: int, column: int) -> None:
    found = trouble(text)
    assert (found.code, found.message, found.span.file, found.span.line, found.span.column) == (
        "QR470",
        message,
        "vm.xml",
        line,
        column,
    )
    assert found.expected


def test_the_tag_that_is_left_open_is_pointed_at() -> None:
    ((span, what),) = trouble("<a>\n  <b>\n</a>").related
    assert (span.line, span.column, what) == (2, 3, "<b> is opened here")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "text",
    [
        f'<!DOCTYPE d [<!ENTITY l0 "lol">{LAUGHS}]><d>&l9;</d>',
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
        '<?xml version="1.0"?>\n<!-- x --><!DOCTYPE d SYSTEM "http://127.0.0.1:1/x.dtd"><d/>',
        '<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><d/>',
        f'<!DOCTYPE d [<!ENTITY a "{"x" * 100_000}">]><d>{"&a;" * 10_000}</d>',
    ],
)
def test_document_types_are_refused(text: str) -> None:
    began = time.process_time()
    assert trouble(text).code == "QR471"
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        "<a>" * 1_000_000,
        "<a>" * MAX_DEPTH + "<b/>" + "</a>" * MAX_DEPTH,
        "<a>" + "<b/>" * 1_000_000 + "</a>",
        "<a " + " ".join(f"a{n}=''" for n in range(900_000)) + "/>",
        "<a>" + "x" * MAX_CHARACTERS + "</a>",
    ],
    ids=["a million deep", "a level too deep", "a million elements", "a million attributes", "too long"],
)
def test_what_is_larger_than_any_that_is_meant(text: str) -> None:
    found = trouble(text)
    assert found.code == "QR472"
    assert len(found.message) < 200


@pytest.mark.parametrize("filling", ["y", ">", "&lt;", "'"])
def test_ten_megabytes_in_one_attribute(filling: str) -> None:
    """A token that goes on and on is not read anew with each piece of it."""
    count = (MAX_CHARACTERS - 10) // len(filling)
    began = time.process_time()
    root = read_document(f'<a x="{filling * count}"/>', "x").root
    assert len(root.given["x"]) == count
    assert time.process_time() - began < 10


def test_depth_that_is_read() -> None:
    text = "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH
    assert sum(1 for _ in read_document(text, "x").root.walk()) == MAX_DEPTH


# ------------------------------------------------------------------------------------- encodings
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_show_by_themselves(codec: str) -> None:
    assert read_document("<a>é漢</a>".encode(codec), "x").root.text == "é漢"


@pytest.mark.parametrize(
    ("name", "codec"), [("ISO-8859-1", "latin-1"), ("us-ascii", "ascii"), ("windows-1252", "cp1252"), ("UTF-8", "utf-8")]
)
def test_encodings_that_are_named(name: str, codec: str) -> None:
    text = f"<?xml version='1.0' encoding='{name}'?><a>{'a' if codec == 'ascii' else 'é'}</a>"
    assert read_document(text.encode(codec), "x").root.text in ("a", "é")


def test_what_a_text_says_of_its_encoding_does_not_count() -> None:
    assert read_document("<?xml version='1.0' encoding='koi8-r'?><a>é</a>", "x").root.text == "é"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<a>\xe9</a>", "byte 3 is not utf-8 text, and nothing is said of its encoding"),
        (b"<?xml version='1.0' encoding='koi8-r'?><a/>", "it says that it is in koi8-r, which is not read"),
        (b"\xff\xfe<\0a", "byte 4 is not utf-16-le text, and nothing is said of its encoding"),
        (b"<?xml version='1.0' encoding='ascii'?><a>\xe9</a>", "byte 41 is not ascii text, and it says that it is in ascii"),
        ("<a>\ud800</a>", "character 4 is half of one"),
        ("<a>x</a>".encode("utf-32"), "character 1 is NUL: the text is cut, or in another encoding, such as UTF-32"),
    ],
)
def test_bytes_that_are_no_text(raw: bytes | str, said: str) -> None:
    found = trouble(raw)
    assert (found.code, found.message) == ("QR473", said)


# ------------------------------------------------------------------------------------- domains and devices
def told(read: object, text: str) -> Diagnostic:
    with pytest.raises(Unusable) as caught:
        read(text, "x.xml")  # type: ignore[operator]
    return caught.value.diagnostics[0]


def test_a_domain_and_a_device() -> None:
    assert read_domain(DOMAIN, "vm.xml").root.name == "domain"
    assert isinstance(read_device("<disk/>", "d.xml"), Element)


def test_other_documents_are_told_apart() -> None:
    device = told(read_domain, "<disk type='file'/>")
    assert (device.code, device.message) == ("QR474", "this is <disk>, not a domain")
    assert "hotplug" in device.hint
    status = told(read_domain, "<domstatus>\n <domain/></domstatus>")
    assert status.hint == "a <domain> stands in it, in line 2: give that alone"
    whole = told(read_device, DOMAIN)
    assert (whole.code, whole.message) == ("QR474", "this is a whole domain, not one device")


@pytest.mark.parametrize("text", ["<a/>", "\ufeff\n <a/>", b"\xef\xbb\xbf<a/>", "<a/>".encode("utf-16"), b" <a/>"])
def test_what_looks_like_xml(text: str | bytes) -> None:
    assert looks_like(text)


@pytest.mark.parametrize("text", ["", "-M q35", "{}", b"qemu-system-x86_64 < x"])
def test_what_does_not(text: str | bytes) -> None:
    assert not looks_like(text)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind(raw: bytes) -> None:
    for text in (raw, b"<a>" + raw + b"</a>", b"<a " + raw + b"/>", b"<?xml " + raw + b"?><a/>"):
        with contextlib.suppress(Unusable):
            assert read_document(text, "x").root.name
