"""What a domain says of itself before its devices: each line was asked of a real libvirt 11.3, whose first words stand beside it."""

from __future__ import annotations

import pytest

from qrules.configs.xml_domain import read_domain
from qrules.domains.whole import Domains
from qrules.rulesets.store import Store

NAME, MEMORY, SYSTEM = "<name>x</name>", "<memory>1000000</memory>", "<os><type arch='x86_64' machine='pc'>hvm</type></os>"
WHOLE = NAME + MEMORY + SYSTEM
ASKED = [
    ("", WHOLE, "internal error: missing domain type attribute"),
    ("foo", WHOLE, "unsupported configuration: invalid domain type foo"),
    ("xen", WHOLE, "unsupported configuration: Emulator 'qemu-system-x86_64' does not support virt type 'xen'"),
    ("qemu", MEMORY + SYSTEM, "missing name information"),
    ("qemu", f"<name></name>{MEMORY}{SYSTEM}", "missing name information"),
    ("qemu", f"<name>a/b</name>{MEMORY}{SYSTEM}", "XML error: name a/b cannot contain '/'"),
    ("qemu", NAME + MEMORY, "XML error: an os <type> must be specified"),
    ("qemu", f"{NAME}{MEMORY}<os><type>xen</type></os>", "Emulator 'qemu-system-x86_64' does not support os type 'xen'"),
    ("qemu", NAME + SYSTEM, "XML error: Memory size must be specified via <memory> or in the <numa> configuration"),
    ("qemu", f"{NAME}<memory>0</memory>{SYSTEM}", "XML error: Memory size must be specified via <memory>"),
    ("qemu", f"{NAME}<memory>abc</memory>{SYSTEM}", "XML error: Invalid value 'abc' for element or attribute './memory[1]'"),
    ("qemu", f"{NAME}<memory unit='zork'>1</memory>{SYSTEM}", "invalid argument: unknown suffix 'zork'"),
    ("qemu", f"{WHOLE}<uuid>zork</uuid>", "internal error: malformed uuid element"),
    ("qemu", f"{WHOLE}<vcpu>abc</vcpu>", "XML error: maximum vcpus count must be an integer"),
    ("qemu", f"{WHOLE}<vcpu>0</vcpu>", "internal error: CPU IDs in <numa> exceed the <vcpu> count"),
    ("qemu", f"{WHOLE}<vcpu current='3'>2</vcpu>", "maximum vCPU count must not be less than current vCPU count"),
    (
        "qemu",
        f"{WHOLE}<vcpu>3</vcpu><cpu><topology sockets='2' cores='1' threads='1'/></cpu>",
        "CPU topology doesn't match maximum vcpu count",
    ),
    ("qemu", f"{WHOLE}<on_crash>zork</on_crash>", "unsupported configuration: unknown on_crash action: zork"),
    ("qemu", f"{WHOLE}<on_poweroff>zork</on_poweroff>", "unsupported configuration: unknown on_poweroff action: zork"),
    ("qemu", f"{WHOLE}<clock offset='zork'/>", "unsupported configuration: unknown clock offset 'zork'"),
    ("qemu", f"{WHOLE}<cpu mode='zork'/>", "unsupported configuration: Invalid mode attribute 'zork'"),
]
TAKEN = [WHOLE, f"{NAME}<memory unit='GB'>1</memory>{SYSTEM}", f"{WHOLE}<uuid>00000000-0000-0000-0000-000000000000</uuid>",
         f"{WHOLE}<currentMemory>2000000</currentMemory>", f"{WHOLE}<features><acpi/><apic/><pae/></features><clock offset='utc'/>"]  # fmt: skip


@pytest.fixture(scope="module")
def domains(store: Store) -> Domains:
    return Domains("11.3", store)


@pytest.mark.parametrize(("kind", "inner", "words"), ASKED, ids=[words for _, _, words in ASKED])
def test_a_refused_head(domains: Domains, kind: str, inner: str, words: str) -> None:
    answer = domains.answer(
        read_domain(f"<domain{f' type={kind!r}' if kind else ''}>{inner}</domain>", "vm.xml"), (), ("libvirt",)
    )
    assert answer.verdict == "reject"
    assert words in answer.reasons[0].reason.emulator_message
    assert all(told.reason.instead for told in answer.reasons)


@pytest.mark.parametrize("inner", TAKEN)
def test_a_head_that_is_taken(domains: Domains, inner: str) -> None:
    answer = domains.answer(read_domain(f"<domain type='qemu'>{inner}</domain>", "vm.xml"), (), ("libvirt",))
    assert (answer.verdict, answer.unchecked) == ("accept", ())


def test_what_no_rule_reads_of_a_head_is_told(domains: Domains) -> None:
    inner = f"{WHOLE}<memtune><hard_limit>1</hard_limit></memtune><launchSecurity type='sev'/>"
    answer = domains.answer(read_domain(f"<domain type='qemu'>{inner}</domain>", "vm.xml"))
    assert [element.name for element, _ in answer.unchecked] == ["memtune", "launchSecurity"]
