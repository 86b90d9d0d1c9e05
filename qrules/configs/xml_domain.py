"""The XML of a domain, and of a device that is to go into one, told from other documents that people have."""

from __future__ import annotations

from qrules.configs.xml_tree import read_document
from qrules.diagnostics import Diagnostic, Unusable
from qrules.visible import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.configs.xml_tree import Document, Element

_ROOT = "domain"
_DOMAIN = "a <domain>, as `virsh dumpxml NAME` prints it"
_DEVICE = "the XML of one device, as `virsh attach-device` takes it"


def looks_like(text: str | bytes) -> bool:
    """Whether a text is meant to be XML: it begins with a tag, be it behind blanks and a byte order mark."""
    if isinstance(text, bytes):
        return text[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    return text[:1000].lstrip("\ufeff \t\r\n").startswith("<")


def read_domain(given: str | bytes, where: str) -> Document:
    """A domain. Raises `Unusable`: QR474 where the document is another, and what `read_document` raises."""
    document = read_document(given, where)
    if document.root.name == _ROOT:
        return document
    inside = next((e for e in document.root.walk() if e.name == _ROOT), None)
    what = f"this is <{shortened(document.root.name)}>, not a domain"
    if inside is not None:
        hint = f"a <{_ROOT}> stands in it, in line {inside.span.line}: give that alone"
    else:
        hint = "a device for a running machine goes with qrules hotplug FILE --into VM.xml"
    raise _another(document.root, what, _DOMAIN, hint)


def read_device(given: str | bytes, where: str) -> Element:
    """The XML of one device. Raises `Unusable`: QR474 where the document is a whole domain, and what `read_document` raises."""
    document = read_document(given, where)
    if document.root.name == _ROOT:
        raise _another(document.root, "this is a whole domain, not one device", _DEVICE, "the domain itself goes behind --into")
    return document.root


def _another(root: Element, message: str, expected: str, hint: str) -> Unusable:
    return Unusable([Diagnostic("QR474", message, root.place(), expected, hint)])
