// What the page offers to try.

/** @type {Record<string, string>} */
export const EXAMPLES = {
  refused: `qemu-system-x86_64 -M q35 -m 2G \\
  -device floppy \\
  -device e1000,addr=1f.0 \\
  -device virtio-net-pci,id=net0
`,
  ports: `qemu-system-x86_64 -M q35 -nodefaults \\
  -device pcie-root-port,id=rp1,chassis=1 \\
  -device pcie-root-port,id=rp2,chassis=2 \\
  -device virtio-net-pci,id=net0,bus=rp1 \\
  -device virtio-scsi-pci,id=scsi0,bus=rp2 \\
  -device scsi-cd,bus=scsi0.0
`,
  domain: `<domain type='qemu'>
  <name>vm</name>
  <memory unit='GiB'>2</memory>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <controller type='pci' index='0' model='pcie-root'/>
    <controller type='pci' index='1' model='pcie-root-port'>
      <address type='pci' slot='0x1f' function='0x0'/>
    </controller>
    <interface type='user'><model type='virtio'/></interface>
    <video><model type='virtio'/></video>
  </devices>
</domain>
`,
};
