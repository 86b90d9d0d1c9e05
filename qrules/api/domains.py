"""Domains of libvirt: what becomes of them when they are defined, started, and given more devices."""

from __future__ import annotations

from collections.abc import Sequence

from qrules.machine.budget import Question
from qrules.report import dicts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from qrules.domains.whole import DomainAnswer

dicts.register()


def check_domain(
    xml: str | bytes,
    *,
    attach: Sequence[str | bytes] = (),
    libvirt: str | None = None,
    qemu: str | None = None,
    profiles: Sequence[str] = (),
    rules: str | None = None,
) -> DomainAnswer:
    """The verdict on a domain of libvirt as XML: all reasons of all stages (``define``, ``start``, ``running``).

    `attach` are devices as XML that are attached in turn while it runs. `libvirt` is a version such as ``"11.3"`` (default: the
    newest that rules describe), `qemu` another emulator than comes with it. ``.stored`` is the document as libvirt would store
    it, with all addresses; ``.words`` the command line that it would write. Raises `TypeError` for what is no text, and
    `qrules.Unusable` where XML can't be read (QR470 to QR474) and for a version, architecture or profile that there is not
    (QR420, QR421).
    """
    from qrules.configs.xml_domain import read_device, read_domain
    from qrules.domains.whole import Domains
    from qrules.rulesets.store import open_store

    if isinstance(attach, (str, bytes)) or not all(isinstance(text, (str, bytes)) for text in (xml, *attach)):
        raise TypeError("xml is a text or bytes, and attach a list of such")
    if isinstance(profiles, str):
        raise TypeError("profiles is a list of texts")
    document = read_domain(xml, "xml")
    devices = [read_device(text, f"attach[{number}]") for number, text in enumerate(attach)]
    with Question():
        return Domains(libvirt, open_store(rules), qemu).answer(document, devices, tuple(profiles))
