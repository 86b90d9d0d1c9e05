"""Domains that tests ask about."""

from __future__ import annotations

NIC = "<interface type='user'>\n  <model type='virtio'/>\n</interface>\n"
DISK = """    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/>
      <source file='/a.img'/>
      <target dev='vda' bus='virtio'/>
    </disk>
"""


def domain(devices: str = DISK, machine: str = "q35", arch: str = "x86_64", features: str = "<acpi/>") -> str:
    """A domain with some devices."""
    return f"""<domain type='qemu'>
  <name>vm</name>
  <memory unit='MiB'>512</memory>
  <vcpu>2</vcpu>
  <os><type arch='{arch}' machine='{machine}'>hvm</type></os>
  <features>{features}</features>
  <!-- what it has -->
  <devices>
{devices}  </devices>
</domain>
"""
