"""Edits of XML: what is not edited stays as it is, to the last blank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qrules.configs import xml_edit
from qrules.configs.xml_edit import Edit, Fresh, applied
from qrules.configs.xml_tree import Element, read_document

TEXT = """<domain type='qemu'>
  <!-- mine -->
  <devices>
    <disk type="file"   device='disk'>
      <target dev='vda' bus='ide'/>   <!-- slow -->
    </disk>
    <controller type='usb'/>

    <interface type='user'/> <sound model='ich9'/>
  </devices>
  <features/>
</domain>
"""


def changed(make: object) -> str:
    document = read_document(TEXT, "vm.xml")
    edits = make(document.root)  # type: ignore[operator]
    return applied(document, edits if isinstance(edits, list) else [edits])


def devices(root: Element) -> Element:
    found = root.find("devices")
    assert found is not None
    return found


def test_an_attribute_gets_another_value() -> None:
    text = changed(lambda root: xml_edit.set_attribute(devices(root).children[0].children[0], "bus", "a'b<\"&"))
    assert text == TEXT.replace("bus='ide'", "bus='a&apos;b&lt;\"&amp;'")


def test_an_attribute_is_added_in_the_quotes_of_the_others() -> None:
    assert changed(lambda root: xml_edit.set_attribute(devices(root).children[0], "x", '"1"')) == TEXT.replace(
        "device='disk'>", "device='disk' x=\"&quot;1&quot;\">"
    )
    assert changed(lambda root: xml_edit.set_attribute(root.children[1], "x", "1")) == TEXT.replace(
        "<features/>", "<features x='1'/>"
    )


def test_an_attribute_goes_with_the_blanks_before_it() -> None:
    assert changed(lambda root: xml_edit.remove_attribute(devices(root).children[0], "device")) == TEXT.replace(
        "   device='disk'", ""
    )


def test_an_element_goes_with_its_line() -> None:
    assert changed(lambda root: xml_edit.remove_element(devices(root).children[1])) == TEXT.replace(
        "    <controller type='usb'/>\n", ""
    )
    assert changed(lambda root: xml_edit.remove_element(devices(root).children[2])) == TEXT.replace(
        "<interface type='user'/>", ""
    )


def test_an_element_is_added_behind_and_before_another() -> None:
    new = Fresh("hub", {"type": "usb"}, (Fresh("address", {"port": "1"}), Fresh("alias", {}, (), "a<b")))
    shown = "<hub type='usb'>\n      <address port='1'/>\n      <alias>a&lt;b</alias>\n    </hub>"
    controller = "    <controller type='usb'/>\n"
    assert changed(lambda root: xml_edit.insert_after(devices(root).children[1], new)) == TEXT.replace(
        controller, f"{controller}    {shown}\n"
    )
    assert changed(lambda root: xml_edit.insert_before(devices(root).children[1], new)) == TEXT.replace(
        controller, f"    {shown}\n{controller}"
    )
    inline = changed(lambda root: xml_edit.insert_after(devices(root).children[3], Fresh("hub")))
    assert inline == TEXT.replace("<sound model='ich9'/>", "<sound model='ich9'/><hub/>")


def test_children_of_an_element_that_had_none() -> None:
    assert changed(lambda root: xml_edit.append_child(root.children[1], Fresh("acpi"), Fresh("apic"))) == TEXT.replace(
        "<features/>", "<features>\n    <acpi/>\n    <apic/>\n  </features>"
    )
    document = read_document("<a>\n  <b>\n  </b>\n</a>", "x")
    assert (
        applied(document, [xml_edit.append_child(document.root.children[0], Fresh("c"))]) == "<a>\n  <b>\n    <c/>\n  </b>\n</a>"
    )


def test_a_child_as_the_last_one() -> None:
    disk = "      <target dev='vda' bus='ide'/>"
    assert changed(lambda root: xml_edit.append_child(devices(root).children[0], Fresh("boot", {"order": "1"}))) == TEXT.replace(
        disk, f"{disk}\n      <boot order='1'/>"
    )


def test_an_element_is_replaced() -> None:
    assert changed(lambda root: xml_edit.replace_element(devices(root).children[1], Fresh("hub"))) == TEXT.replace(
        "<controller type='usb'/>", "<hub/>"
    )


def test_line_ends_and_steps_are_the_authors() -> None:
    text = "<a>\r\n\t<b/>\r\n</a>"
    document = read_document(text, "x")
    new = Fresh("c", {}, (Fresh("d"),))
    assert (
        applied(document, [xml_edit.append_child(document.root, new)]) == "<a>\r\n\t<b/>\r\n\t<c>\r\n\t\t<d/>\r\n\t</c>\r\n</a>"
    )


def test_several_edits_at_once_and_none_over_another() -> None:
    document = read_document(TEXT, "x")
    controller = devices(document.root).children[1]
    both = [xml_edit.insert_after(controller, Fresh("b")), xml_edit.insert_after(controller, Fresh("c"))]
    assert "<controller type='usb'/>\n    <b/>\n    <c/>\n" in applied(document, both)
    with pytest.raises(ValueError, match="two edits"):
        applied(document, [xml_edit.remove_element(controller), xml_edit.set_attribute(controller, "type", "x")])
    assert applied(document, []) == TEXT


_VALUES = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff").filter(lambda c: c in "\t\n\r" or ord(c) >= 32),
    max_size=20,
)


@given(value=_VALUES, quote=st.sampled_from("'\""), present=st.booleans())
def test_any_value_is_read_as_it_was_written(value: str, quote: str, present: bool) -> None:
    attribute = f" x={quote}{quote}" if present else f" w={quote}{quote}"
    document = read_document(f"<a{attribute}><b/></a>", "x")
    text = applied(document, [xml_edit.set_attribute(document.root, "x", value)])
    assert read_document(text, "x").root.get("x") == value
    whole = xml_edit.written(Fresh("a", {"x": value}, (), value.replace("\r", "")))
    again = read_document(whole, "x").root
    assert (again.get("x"), again.text) == (value, value.replace("\r", ""))


@given(st.data())
def test_edits_leave_a_document_that_can_be_read(data: st.DataObject) -> None:
    document = read_document(TEXT, "x")
    elements = list(document.root.walk())[1:]
    element = elements[data.draw(st.integers(0, len(elements) - 1))]
    new = Fresh("n", {"k": "v"})
    edit: Edit = data.draw(
        st.sampled_from(
            [
                xml_edit.insert_after(element, new),
                xml_edit.insert_before(element, new),
                xml_edit.append_child(element, new),
                xml_edit.replace_element(element, new),
            ]
        )
    )
    again = read_document(applied(document, [edit]), "x")
    assert sum(1 for e in again.root.walk() if e.name == "n") == 1
    removed = read_document(applied(document, [xml_edit.remove_element(element)]), "x")
    below = sum(1 for _ in element.walk())
    assert sum(1 for _ in removed.root.walk()) == len(elements) + 1 - below
