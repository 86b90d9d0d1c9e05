"""Options read by the emulator's own grammar: what it says first of each, as QEMU 10.0 was heard to."""

from __future__ import annotations

import shlex

import pytest

from qrules.configs.argv import read
from qrules.diagnostics import Unusable
from qrules.explain.verdicts import judge
from qrules.plugging.board import Board

HEARD = {
    "-netdev user": "Parameter 'id' is missing",
    "-netdev user,id=n,foo=1": "Invalid parameter 'foo'",
    "-netdev nope,id=n": "Parameter 'type' does not accept value 'nope'",
    "-netdev user,id=n,ipv4=x": "Parameter 'ipv4' expects 'on' or 'off'",
    "-netdev hubport,id=n,hubid=x": "Parameter 'hubid' expects an int64 value",
    "-netdev hubport,id=n,hubid=99999999999": "Parameter 'hubid' expects int32_t",
    "-netdev stream,id=n,addr.type=inet": "Parameter 'addr.host' is missing",
    "-netdev stream,id=n,addr.type=foo": "Parameter 'type' does not accept value 'foo'",
    "-netdev socket,id=n": "exactly one of listen=, connect=, mcast= or udp= is required",
    """-netdev '{"type":"user","id":"n","foo":1}'""": "Parameter 'foo' is unexpected",
    """-netdev '{"type":"hubport","id":"n","hubid":"3"}'""": "Invalid parameter type for 'hubid', expected: integer",
    "-object memory-backend-ram,id=m": "Parameter 'size' is missing",
    "-object memory-backend-ram,id=m,size=x": "Parameter 'size' expects a size value",
    "-object iothread,id=i,poll-max-ns=-1": "poll-max-ns value must be in range [0, 9223372036854775807]",
    "-object nope,id=m": "Parameter 'qom-type' does not accept value 'nope'",
    "-audiodev none,id=a,out.frequency=x": "Parameter 'out.frequency' expects integer",
    "-audiodev none,id=a,out.foo=1": "Parameter 'out.foo' is unexpected",
    "-blockdev raw,node-name=d,file.driver=null-co,file.size=x": "Parameter 'file.size' expects integer",
    "-blockdev driver=quorum,node-name=q,vote-threshold=1,children.5.driver=null-co": "Parameter 'children.0' missing",
    "-blockdev driver=quorum,node-name=q,vote-threshold=1,children.0=x,children.2=y": "Parameter 'children.1' missing",
    "-blockdev driver=quorum,node-name=q,vote-threshold=1,children.0=x,children.a=y": "Parameters 'children.*' used inconsistently",
    "-blockdev driver=quorum,node-name=q,vote-threshold=1,children.\u00b2=x": "Invalid parameter 'children.\u00b2'",
    "-blockdev driver=null-co,a..b=1": "Invalid parameter 'a..b'",
    "-blockdev driver=null-co,b.=1": "Invalid parameter 'b.'",
    "-blockdev driver=null-co,4b=1": "Invalid parameter '4b'",
    "-blockdev 0=x": "Invalid parameter '0'",
    "-blockdev driver=null-co,b.01=1,b.1=2": "Parameter 'b.0' missing",
    f"-blockdev driver=raw,file.{'a' * 128}=x": f"Parameter fragment '{'a' * 128}' is too long",
    f"-blockdev driver=raw,{'a' * 128}=x": f"Parameter '{'a' * 128}' is too long",
    "-blockdev null-co,node-name=a,read-only": "Expected '=' after parameter 'read-only'",
    "-display vnc=:1,foo=1": "Invalid parameter 'foo'",
    """-M '{"type":"q35"}'""": 'unsupported machine type: "{"type":"q35"}"',
    """-accel '{"accel":"tcg"}'""": 'invalid accelerator {"accel":"tcg"}',
    """-numa '{"type":"node"}'""": "Parameter 'type' does not accept value '{\"type\":\"node\"}'",
    "-display gtk,gl": "Expected '=' after parameter 'gl'",
    "-chardev null,id=c,foo=1": "Invalid parameter 'foo'",
    "-chardev nope,id=c": "'nope' is not a valid char driver name",
    "-chardev null,id=c,mux=x": "Parameter 'mux' expects 'on' or 'off'",
    "-fsdev local,id=f": "security_model property not set",
    "-name x,foo=1": "Invalid parameter 'foo'",
    "-nic user,addr=5": "Invalid parameter 'addr'",
    "-net nic,name=foo": "Invalid parameter 'name'",
    "-drive if=ide,file=null-co://,format=raw,no-such=1": "Block format 'raw' does not support the option 'no-such'",
    "-drive if=sd,file=null-co://,format=raw,werror=stop": "werror is not supported by this bus type",
    "-compat deprecated-input=foo": "Parameter 'deprecated-input' does not accept value 'foo'",
    "-accel tcg,foo=1": "Property 'tcg-accel.foo' not found",
    "-cpu qemu64,+nope": "Property 'qemu64-x86_64-cpu.nope' not found",
    "-cpu qemu64,avx=x": "can't apply global qemu64-x86_64-cpu.avx=x: Parameter 'avx' expects 'on' or 'off'",
    "-global ICH9-LPC.x=1": "can't apply global ICH9-LPC.x=1: Property 'ICH9-LPC.x' not found",
    "-global migration.type=1": "can't apply global migration.type=1: Property 'migration.type' is not writable",
    "-device e1000,hotplugged=1": "Property 'e1000.hotplugged' is not writable",
    "-device pcie-root-port,chassis=1,x-speed=3": "Parameter 'x-speed' does not accept value '3'",
    "-device pcie-root-port,chassis=1,io-reserve=4Q": "Parameter 'io-reserve' expects size",
    """-device '{"driver":"pcie-root-port","chassis":1,"io-reserve":"4K"}'""": "Parameter 'io-reserve' expects uint64",
    "-device vfio-pci,host=xx": "Property 'vfio-pci.host' doesn't take value 'xx'",
    "-device rocker,ports=3": "Invalid parameter type for 'ports', expected: array",
    "-device ide-hd,drive=d0,bios-chs-trans=x": "Parameter 'bios-chs-trans' does not accept value 'x'",
    "-M vmport=true": "Parameter 'vmport' does not accept value 'true'",
    "-smbios type=0,release=1": "Invalid release",
    "-smbios type=0,uefi=maybe": "Parameter 'uefi' expects 'on' or 'off'",
    "-smbios type=1,uuid=x,nope=1": "Invalid parameter 'nope'",
    "-smbios type=0x1,uuid=x": "Invalid UUID",
    "-smbios serial=x,type=0": "Invalid parameter 'serial'",
    "-smbios type=4,max-speed=65536": "SMBIOS CPU speed is too large (> 65535)",
    "-smbios type=4,max-speed=1K": "Parameter 'max-speed' expects a number",
    "-smbios type=41,kind=ethernet,kind=Ethernet": "invalid parameter value: Ethernet",
    "-smbios type=-1": "out of range!",
    "-smbios type=1K": "Parameter 'type' expects a number",
    "-smbios type=5": "Don't know how to build fields for SMBIOS type 5",
    "-smbios x": "Must specify type= or file=",
    "-smbios type=1,file=x": "Invalid parameter 'type'",
    "-smbios type=0,id=1x": "Parameter 'id' expects an identifier",
    "-smbios type=0,id=x -smbios type=1,id=x": "Duplicate ID 'x' for smbios",
    "-rtc base=utc,id=x": "Invalid parameter 'id'",
    "-chardev null,id=c -set chardev.c.nope=on": "Invalid parameter 'nope'",
    "-chardev null,id=c -set chardev.c.mux=maybe": "Parameter 'mux' expects 'on' or 'off'",
    "-netdev user,id=n -set netdev.n.restrict=maybe": "Parameter 'restrict' expects 'on' or 'off'",
    """-netdev '{"type":"user","id":"n"}' -set netdev.n.restrict=on""": 'there is no netdev "n" defined',
    "-drive if=none,id=d,file=null-co://,format=raw -set drive.d.cache=foo": "invalid cache option",
    "-object iothread,id=i -set object.i.x=1": "-set is not supported with object",
    "-M q35,id=m -set machine.m.usb=on": "-set is not supported with machine",
    "-set realtime.x.y=1": "There is no option group 'realtime'",
    "-drive if=none,if=foo,file=null-co://,format=raw": "unsupported bus type 'foo'",
    "-drive if=none,file=null-co://,format=raw,bps=1000000000000001": "bps/iops/max values must be within [0, 1000000000000000]",
    "-m 256,slots=18446744073709551616,maxmem=1G": "Value '18446744073709551616' is too large for parameter 'slots'",
    "-m 18446744073709551616": "Value '18446744073709551616' is out of range for parameter 'size'",
    "-netdev user,id=u,net=10.0.2.0/24,host=10.0.3.2": "Host doesn't belong to network",
    "-netdev user,id=u,net=200.1.1.1,host=200.1.1.20": "Host doesn't belong to network",
    "-netdev user,id=u,dhcpstart=10.0.2.3": "DHCP must be different from host and DNS",
    "-nic user,dns=10.0.2.2": "DNS must be different from host",
    "-netdev user,id=u,restrict=on,dns=1.2.3.4": "DNS doesn't belong to network",
    "-netdev user,id=u,net=10.0.2.0/0": "Invalid netmask provided (must be in range 4-32)",
    "-netdev user,id=u,net=10.0.2.0/x": "Failed to parse netmask (trailing chars)",
    "-nic hubid=1": "Invalid parameter 'hubid'",
    "-nic user,mac=01-00-00-00-00-00": "NIC cannot have multicast MAC address",
    "-net nic,macaddr=f:0:0:0:0:0": "NIC cannot have multicast MAC address (odd 1st byte)",
    "-boot order=c0": "Invalid boot device '0'",
    "-dfilter 1+2,": "Bad range specifier",
    "-dfilter 0..": "Invalid number to the right of ..",
    "-dfilter 1+-1": "Invalid number to the left of -",
    "-dfilter 1+0xffffffffffffffff,5-7": "Invalid range",
    "-dfilter 0x10..0x5": "Invalid range",
    "-object iothread,id=pc.ram": "object's id 'pc.ram' is reserved for the default RAM backend, it can't be used for any other purposes",
    "-chardev hub,id=h,chardevs.1=c": "hub: 'chardevs' list is not defined",
    "-chardev hub,id=h,chardevs.0=gone": "hub: chardev can't be found by id 'gone'",
    "-chardev null,id=c -chardev hub,id=h,chardevs.0=c,chardevs.1=c": "chardev 'c' is already in use",
    "-device guest-loader,addr=0x1000,kernel=x": "Cannot modify FDT fields if the machine has none",
    "-m 99999999999999999999G": "Parameter 'size' expects a non-negative number below 2^64",
}
TAKEN = (
    "-netdev user,id=n,hostfwd=tcp::1-:2,hostfwd=tcp::3-:4",
    "-object memory-backend-ram,id=m,size=1M,host-nodes=0-3,policy=bind",
    "-object memory-backend-ram,id=m,size=1.5M,share=yes",
    "-audiodev none,id=a,out.format=s16,timer-period=5",
    "-blockdev raw,node-name=d,file.driver=null-co,cache.direct=on",
    "-blockdev driver=quorum,node-name=q,vote-threshold=1,children.00=x,children.1=y",
    "-display vnc=:1,lossy",
    "-name {a",
    "-display vnc=:1,password=on",
    "-chardev ringbuf,id=c,size=4K",
    "-cpu qemu64,+avx,-x2apic,check,family=6",
    "-compat deprecated-input=reject,unstable-output=hide",
    "-global PCI.x=1",
    "-device pcie-root-port,chassis=1,io-reserve=4.5K,x-speed=2_5",
    """-device '{"driver":"pcie-root-port","chassis":1,"io-reserve":-1}'""",
    "-smbios type=0,release=300.1,vendor=x,uefi=on",
    "-smbios type=9,slot_type=256,pci_device=x -smbios type=11,value=a,value=b",
    "-smbios type=17,speed=-5,id=x",
    "-smbios type=0,id=s -set smbios.s.nope=x",
    "-drive if=foo,if=none,file=null-co://,format=raw",
    "-chardev null,id=c -set chardev.c.mux=on -serial chardev:c -monitor chardev:c",
    "-accel tcg,id=t -set accel.t.thread=single",
    "-chardev vc,id=c,width=-1",
    "-netdev user,id=u,net=172.16.0.0,host=172.31.0.1",
    "-nic model=e1000",
    "-M memory-backend=pc.ram -object memory-backend-ram,id=pc.ram,size=128M",
    "-chardev null,id=pc.ram",
    "-chardev null,id=c -chardev null,id=d -chardev hub,id=h,chardevs.0=c,chardevs.1=d,chardevs.3=gone",
    "-dfilter 0+0xffffffffffffffff,010-5,0x5..5",
)


@pytest.mark.parametrize("line", HEARD)
def test_the_first_words_are_those_of_the_emulator(board: Board, line: str) -> None:
    answer = judge(board, read(["-M", "q35", *shlex.split(line)], board.knowledge), (board.knowledge.profile,))
    assert [answer.verdict, answer.reasons[0].emulator_message] == ["reject", HEARD[line]]
    assert answer.reasons[0].message, "and they are explained"


@pytest.mark.parametrize("line", TAKEN)
def test_what_the_emulator_takes_is_taken(board: Board, line: str) -> None:
    answer = judge(board, read(["-M", "q35", *shlex.split(line)], board.knowledge), (board.knowledge.profile,))
    assert [reason.emulator_message for reason in answer.reasons] == []


def test_of_several_mistakes_the_emulator_meets_the_one_in_the_lowest_bucket(board: Board) -> None:
    words = "ide-hd,drive=gone,rerror=x,logical_block_size=x"
    answer = judge(board, read(["-M", "q35", "-device", words], board.knowledge), (board.knowledge.profile,))
    assert [reason.emulator_message for reason in answer.reasons] == [
        "Parameter 'rerror' does not accept value 'x'",
        "Property 'ide-hd.drive' can't find value 'gone'",
        "Parameter 'logical_block_size' expects size",
    ]


@pytest.mark.parametrize("depth", [63, 64, 500, 100_000])
def test_how_deep_members_are_looked_at_is_bounded_and_said(board: Board, depth: int) -> None:
    inner = ",".join(f"{'file.' * at}driver=raw" for at in range(min(depth, 100)))
    for words in (
        f"node-name=a,{inner},{'file.' * depth}driver=null-co",
        '{"driver":"raw","file":' * depth + '{"driver":"raw"}' + "}" * depth,
    ):
        line = ["-M", "q35", "-blockdev", words]
        if depth > 63:
            with pytest.raises(Unusable) as caught:
                read(line, board.knowledge)
            assert [d.code for d in caught.value.diagnostics] == ["QR403"]
        else:  # the innermost one lacks its file, which the emulator says
            answer = judge(board, read(line, board.knowledge), (board.knowledge.profile,))
            assert answer.verdict == ("accept" if words.endswith("null-co") else "reject")
