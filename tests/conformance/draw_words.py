"""What is drawn for options whose grammar no schema has: words, right and wrong, of every option of the command line.

A pool says nothing of what is right: that is the binary's to tell. Left out is what opens something of the host, prints a help, or
waits for somebody.
"""

from __future__ import annotations

FILE = "file=null-co://,format=raw"
CHARACTERS = ("null", "vc", "none", "foo", "", "chardev:c0", "chardev:gone", "null,x=1", "mon:null", "vc:80Cx24C", "msmouse", "ringbuf", "braille2")

WORDS: dict[str, tuple[str, ...]] = {
    "-monitor": CHARACTERS,
    "-qmp": CHARACTERS,
    "-qmp-pretty": CHARACTERS,
    "-serial": CHARACTERS,
    "-parallel": CHARACTERS,
    "-debugcon": CHARACTERS,
    "-gdb": ("none", "null"),
    "-usbdevice": ("tablet", "mouse", "keyboard", "braille", "foo", "", "disk:x", "wacom-tablet", "ccid"),
    "-vga": ("none", "std", "cirrus", "vmware", "virtio", "qxl", "foo", "", "tcx", "cg3", "xenfb", "stdvga"),
    "-display": ("none", "none,gl=off", "none,full-screen=on", "none,x=1", "foo", "", "none,window-close=maybe", "default", "none,show-cursor=on"),
    "-d": ("cpu_reset", "int,cpu_reset", "foo", "in_asm,foo", "nochain", "unimp,guest_errors", "", "-int", "all"),
    "-dfilter": ("0x0..0x10", "0x0+0x10", "foo", "0x10-0x5", "0x10..0x5", "1+2,3+4", "0..", "0xffffffffffffffff+2"),
    "-k": ("en-us", "xx", "de", ""),
    "-seed": ("1", "x", "-1", "0x10", "18446744073709551616", "", "1.5"),
    "-echr": ("1", "x", "0x1", "-1", "300", "20"),
    "-g": ("800x600", "800x600x32", "foo", "800", "0x0", "800x600x5", "800x", "1024x768x15"),
    "-incoming": ("defer", "foo", "", "nope:x"),
    "-uuid": ("8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11", "8A8E4A5C-1F3B-4B52-9D8E-5A8F2F2F0D11", "foo", "", "8a8e4a5c1f3b4b529d8e5a8f2f2f0d11", "auto"),
    "-watchdog-action": ("reset", "none", "shutdown", "poweroff", "pause", "debug", "inject-nmi", "foo", "", "Reset"),
    "-prom-env": ("x=y", "x", "", "a=b=c"),
    "-semihosting-config": ("enable=on", "target=native", "target=foo", "enable=on,target=auto,arg=x", "x=1", "enable=maybe", "chardev=c0", "chardev=gone", "userspace=on"),
    "-acpitable": ("sig=ABCD,data=/dev/null", "sig=ABCD", "x=1", "sig=ABC,data=/dev/null", "oem_id=1234567,data=/dev/null", "rev=300,data=/dev/null", "asl_compiler_rev=x,data=/dev/null"),
    "-smbios": (
        "type=0", "type=0,vendor=x,version=y", "type=0,uefi=on", "type=0,date=x,release=1.2", "type=0,release=x", "type=0,release=300.1", "type=0,nope=1",
        "type=1,uuid=8a8e4a5c-1f3b-4b52-9d8e-5a8f2f2f0d11", "type=1,uuid=x", "type=1,serial=x,sku=y,family=z", "type=1,nope=1", "type=2,asset=x,location=y",
        "type=2,nope=1", "type=3,sku=x", "type=3,asset=x,nope=y", "type=4,sock_pfx=x,max-speed=3000", "type=4,max-speed=x", "type=4,current-speed=99999", "type=4,processor-id=1",
        "type=4,processor-family=6", "type=8,internal_reference=x,connector_type=1", "type=8,port_type=x", "type=9,slot_designation=x,slot_type=1,slot_id=2", "type=9,slot_type=x",
        "type=9,pcidev=gone", "type=11,value=x", "type=11,nope=1", "type=16", "type=17,manufacturer=x,speed=1", "type=17,speed=x", "type=17,loc_pfx=x",
        "type=41,designation=x,kind=ethernet,instance=1", "type=41,kind=foo", "type=41,pcidev=gone,designation=x", "type=41,instance=300", "type=5", "type=200", "type=x", "type=",
        "vendor=x", "", "type=0,vendor=x,vendor=y",
    ),
    "-fw_cfg": (
        "name=opt/x,string=y", "opt/x,string=y", "name=opt/x", "name=x,string=y", "name=opt/x,file=/dev/null", "string=y", "name=opt/x,string=y,file=/dev/null",
        "name=opt/x,gen_id=gone", "name=opt/x,string=", "name=opt/ovmf/x,string=y", "name=etc/x,string=y", "name=opt/x,nope=1", "name=opt/" + "x" * 60 + ",string=y", "name=opt/x,gen_id=io0",
    ),
    "-accel": ("tcg", "tcg,thread=single", "tcg,thread=multi", "tcg,thread=foo", "tcg,tb-size=16", "tcg,tb-size=x", "tcg,tb-size=-1", "tcg,split-wx=off", "tcg,one-insn-per-tb=on", "tcg,nope=1", "nope", "", "tcg,split-wx=maybe", "accel=tcg"),
    "-audio": ("none", "none,model=ac97", "none,model=hda", "none,model=foo", "none,model=sb16", "foo", "none,id=a", "driver=none", "none,out.frequency=44100", "none,nope=1", "none,model=virtio", ""),
    "-boot": ("c", "order=dc", "foo", "menu=on", "menu=maybe", "splash-time=5", "splash-time=x", "reboot-timeout=-1", "reboot-timeout=99999", "reboot-timeout=x", "strict=on", "once=d,order=c", "once=xyz", "order=cc", "nope=1", "order=abcdefghijklmnop", "n,menu=on", "order="),
    "-rtc": ("base=utc", "utc", "base=localtime", "base=2020-01-01", "base=2020-01-01T10:00:00", "base=foo", "clock=vm", "clock=rt", "clock=host", "clock=foo", "driftfix=slew", "driftfix=none", "driftfix=foo", "nope=1", "base=2020-13-01", "base=,clock=vm"),
    "-name": ("x", "guest=x,process=y", "x,debug-threads=on", "x,debug-threads=maybe", "nope=1", "", "x,debug-threads", "a=b"),
    "-m": ("256", "256M", "1G", "size=256", "256,slots=2", "256,slots=2,maxmem=1G", "256,maxmem=1G", "256,maxmem=128M", "0", "foo", "-1", "256,slots=300,maxmem=1G", "256K", "1T", "1.5G", "256,nope=1", "size=x", "256,slots=x,maxmem=1G", "99999999999G", "256,slots=0,maxmem=256", "256M,maxmem=512M,slots=1", "7", "256b", "100001k"),
    "-smp": (
        "1", "2", "4", "cpus=2", "2,maxcpus=4", "2,maxcpus=1", "4,sockets=2,cores=2", "4,sockets=2,cores=3", "4,threads=2", "8,sockets=2,dies=2,cores=2", "2,clusters=2", "2,modules=2", "2,books=2",
        "2,drawers=2", "0", "foo", "-1", "100000", "cores=2", "maxcpus=2", "sockets=0", "cpus=0", "2,nope=1", "3,cores=2", "maxcpus=0", "2,threads=1.5", "4,cores=2,threads=2,sockets=1", "1,sockets=1,dies=1,cores=1,threads=1",
    ),
    "-numa": (
        "node", "node,nodeid=1", "node,nodeid=200", "node,cpus=0", "node,cpus=0-3", "node,cpus=9", "node,memdev=m0", "node,memdev=gone", "node,mem=64M", "node,mem=x", "dist,src=0,dst=1,val=20", "dist,src=0,dst=0,val=10",
        "dist,src=0,dst=0,val=20", "cpu,node-id=0,socket-id=0", "cpu,node-id=5", "foo", "", "node,nope=1", "node,initiator=0", "hmat-lb,initiator=0,target=0,hierarchy=memory,data-type=access-latency,latency=5",
        "hmat-cache,node-id=0,size=1M,level=1,associativity=none,policy=none,line=64", "node,cpus=3-1", "cpu,socket-id=0", "dist,src=0,dst=1", "cpu,node-id=0,core-id=0,thread-id=0",
    ),
    "-drive": (
        FILE, f"if=none,id=d9,{FILE}", f"if=ide,{FILE}", f"if=scsi,{FILE}", f"if=virtio,{FILE}", f"if=pflash,{FILE}", f"if=sd,{FILE}", f"if=mtd,{FILE}", f"if=floppy,{FILE}", f"if=xen,{FILE}", f"if=foo,{FILE}", f"media=cdrom,{FILE}",
        f"media=foo,{FILE}", f"index=1,{FILE}", f"index=x,{FILE}", f"bus=0,unit=1,{FILE}", f"bus=9,unit=1,{FILE}", f"index=1,bus=1,{FILE}", f"cache=none,{FILE}", f"cache=foo,{FILE}", f"aio=threads,{FILE}", f"aio=foo,{FILE}",
        f"snapshot=on,{FILE}", f"snapshot=maybe,{FILE}", f"readonly=on,{FILE}", f"read-only=on,{FILE}", f"werror=stop,if=none,{FILE}", f"werror=foo,{FILE}", f"rerror=ignore,if=virtio,{FILE}", f"discard=unmap,{FILE}", f"discard=foo,{FILE}",
        f"detect-zeroes=on,{FILE}", f"detect-zeroes=unmap,{FILE}", f"detect-zeroes=foo,{FILE}", f"copy-on-read=on,{FILE}", f"bps=1000,{FILE}", f"bps=-1,{FILE}", f"iops=10,iops_rd=10,{FILE}", f"bps_max=10,{FILE}", f"iops=5,iops_max=10,{FILE}",
        f"group=g,bps=1000,{FILE}", f"nope=1,{FILE}", "file=null-co://,format=nope", "file=null-co://", "if=none", "id=d9", "", f"if=virtio,addr=5,{FILE}", f"unit=1,{FILE}", f"serial=x,{FILE}", f"id=1x,if=none,{FILE}", "if=none,driver=null-co,size=1M", "if=none,driver=null-co,size=x",
        "if=none,driver=null-co,nope=1", "driver=nope", f"if=none,id=d0,{FILE}", f"locking=on,{FILE}", "if=none,file.driver=null-co,format=raw", "if=none,file.driver=nope,format=raw", f"throttling.bps-total=1,if=none,{FILE}", f"stats-intervals=x,{FILE}", f"if=none,offset=512,{FILE}",
    ),
    "-hda": ("null-co://", ""), "-hdc": ("null-co://",), "-cdrom": ("null-co://",), "-fda": ("null-co://",), "-sd": ("null-co://",), "-mtdblock": ("null-co://",), "-pflash": ("null-co://",),
    "-net": ("none", "nic", "user", "nic,model=foo", "nic,model=virtio", "nic,macaddr=52:54:00:12:34:56", "nic,macaddr=x", "nic,netdev=n0", "nic,netdev=gone", "foo", "", "nic,nope=1", "user,nope=1", "nic,vectors=3", "nic,vectors=x", "nic,addr=5", "hubport,hubid=1", "user,id=u", "nic,model=", "nic,name=x", "socket"),
    "-nic": ("none", "user", "user,model=e1000", "user,model=virtio", "user,model=foo", "user,mac=52:54:00:12:34:56", "user,mac=x", "foo", "", "user,nope=1", "user,restrict=on", "user,restrict=maybe", "user,id=x", "hubport,hubid=0", "socket", "user,net=10.0.0.0/8", "user,net=x", "none,model=foo", "user,model=virtio-net-pci", "tap,nope=1", "user,mac=01:00:00:00:00:00"),
    "-netdev": (
        "user,id=u", "user", "user,id=n0", "user,id=u,net=10.0.0.0/8", "user,id=u,net=foo", "user,id=u,host=10.0.2.2", "user,id=u,host=1.2.3.4", "user,id=u,host=foo", "user,id=u,dns=10.0.2.3", "user,id=u,dns=foo", "user,id=u,dhcpstart=10.0.2.20", "user,id=u,dhcpstart=foo",
        "user,id=u,dhcpstart=1.2.3.4", "user,id=u,ipv6-net=fec0::/64", "user,id=u,ipv6-net=foo", "user,id=u,ipv6-prefixlen=200", "user,id=u,ipv6-host=x", "user,id=u,hostname=x", "user,id=u,domainname=x", "user,id=u,dnssearch=x", "user,id=u,restrict=on", "user,id=u,ipv4=off", "user,id=u,ipv4=off,ipv6=off",
        "user,id=u,hostfwd=foo", "user,id=u,hostfwd=tcp:x:0-:22", "user,id=u,hostfwd=icmp::0-:22", "user,id=u,hostfwd=tcp::0-:x", "user,id=u,guestfwd=foo", "user,id=u,tftp-server-name=x", "user,id=u,net=10.0.2.0/40", "user,id=u,net=10.0.2.0/255.255.255.0", "user,id=u,nope=1", "hubport,id=h,hubid=0", "hubport,id=h",
        "hubport,id=h,hubid=x", "hubport,id=h,hubid=-1", "hubport,id=h,hubid=1,netdev=n0", "hubport,id=h,hubid=1,netdev=gone", "socket,id=s", "socket,id=s,fd=x", "socket,id=s,connect=x", "socket,id=s,listen=x", "foo,id=x", "nic,id=x", "none,id=x", "", "tap,id=t,fd=x", "tap,id=t,nope=1", 
        "vhost-user,id=v,chardev=gone", "vhost-user,id=v,chardev=c0", "vhost-user,id=v", "vhost-vdpa,id=v", "l2tpv3,id=l", "bridge,id=b,nope=1", "user,id=1x", '{"type":"user","id":"u"}', '{"type":"user","id":"u","restrict":"on"}', '{"type":"user"}', '{"type":"nope","id":"u"}', '{"type":"hubport","id":"h","hubid":1}', '{"type":"hubport","id":"h","hubid":"1"}',
        "stream,id=s", "dgram,id=s", "stream,id=s,addr.type=inet,addr.host=x", "user,id=u,ipv6-net=fec0::/200", "user,id=u,ipv6-dns=x", "user,id=u,mfr-id=1",
    ),
    "-chardev": (
        "null,id=c", "null", "null,id=c0", "nope,id=c", "id=c", "vc,id=c", "vc,id=c,width=80,height=x", "vc,id=c,cols=80,rows=24", "ringbuf,id=c", "ringbuf,id=c,size=64K", "ringbuf,id=c,size=1000", "ringbuf,id=c,size=x", "memory,id=c", "mux,id=c", "mux,id=c,chardev=c0", "mux,id=c,chardev=gone", "null,id=c,mux=on", "null,id=c,mux=maybe",
        "null,id=c,logappend=maybe", "null,id=c,nope=1", "socket,id=c", "socket,id=c,host=x", "socket,id=c,path=/no-such,host=x", "socket,id=c,fd=x", "udp,id=c", "udp,id=c,port=x", "pipe,id=c", "file,id=c", "serial,id=c", "parallel,id=c", "testdev,id=c", "msmouse,id=c", "wctablet,id=c", "braille2,id=c", "spicevmc,id=c", "spiceport,id=c", "dbus,id=c",
        "hub,id=c", "hub,id=c,chardevs.0=c0", "hub,id=c,chardevs.0=gone", "qemu-vdagent,id=c", "qemu-vdagent,id=c,mouse=maybe", "", "null,id=1x", "stdio,id=c,signal=maybe", "socket,id=c,path=/no-such,server=maybe", "tty,id=c", "parport,id=c", "null,id=c,path=x",
    ),
    "-fsdev": ("local,id=f,path=/tmp,security_model=none", "local,id=f,path=/tmp", "local,id=f,security_model=none", "local,id=f,path=/tmp,security_model=foo", "nope,id=f", "local,path=/tmp", "id=f", "synth,id=f", "local,id=f,path=/tmp,security_model=none,fmode=0600", "local,id=f,path=/tmp,security_model=mapped,fmode=0600", "local,id=f,path=/tmp,security_model=mapped,dmode=x", "local,id=f,path=/no-such,security_model=none", "proxy,id=f", "local,id=f,path=/tmp,security_model=none,readonly=maybe", "local,id=f,path=/tmp,security_model=none,writeout=immediate", "local,id=f,path=/tmp,security_model=none,writeout=foo", "local,id=f,path=/tmp,security_model=none,multidevs=foo", "local,id=f,path=/tmp,security_model=none,nope=1", "local,id=f,path=/tmp,security_model=none,throttling.bps-total=x"),
    "-virtfs": ("local,path=/tmp,mount_tag=x,security_model=none", "local,path=/tmp,security_model=none", "local,mount_tag=x,security_model=none", "local,path=/tmp,mount_tag=x", "nope,mount_tag=x", "synth,mount_tag=x", "local,path=/tmp,mount_tag=x,security_model=foo", "local,path=/tmp,mount_tag=x,security_model=none,nope=1", "local,path=/tmp,mount_tag=x,security_model=none,id=f", ""),
    "-tpmdev": ("emulator,id=t", "emulator,id=t,chardev=c0", "emulator,id=t,chardev=gone", "passthrough", "nope,id=t", "id=t", "", "emulator,chardev=c0"),
    "-mon": ("chardev=c0", "c0", "chardev=gone", "mode=control", "chardev=c0,mode=control", "chardev=c0,mode=foo", "chardev=c0,pretty=on", "chardev=c0,mode=control,pretty=on", "chardev=c0,pretty=maybe", "chardev=c0,nope=1", "", "chardev=c0,id=m", "chardev=c0,id=1x"),
    "-global": ("e1000.mac=x", "foo.bar=1", "virtio-net-pci.nope=1", "virtio-net-pci.mq=on", "virtio-net-pci.mq=x", "driver=virtio-rng-pci,property=period,value=5", "driver=x", "foo", "", "ide-hd.werror=stop", "migration.nope=1", "mc146818rtc.base_year=x", "PIIX4_PM.disable_s3=1", "ICH9-LPC.disable_s3=x", "driver=a,property=b,value=c,nope=1"),
    "-set": ("device.x.y=z", "foo", "drive.d0.nope=1", "netdev.n0.x=1", "chardev.c0.mux=on", "chardev.gone.mux=on", "foo.a.b=c", "device.dev0.nope=1", "chardev.c0.nope=1"),
    "-compat": ("deprecated-input=accept", "deprecated-input=reject", "deprecated-input=foo", "deprecated-output=hide", "nope=1", "unstable-input=reject", "deprecated-input=crash", "", "unstable-output=foo"),
    "-action": ("reboot=reset", "reboot=shutdown", "reboot=foo", "shutdown=pause", "shutdown=poweroff", "panic=pause", "panic=none", "panic=exit-failure", "panic=foo", "watchdog=reset", "watchdog=foo", "nope=1", "reboot", ""),
    "-msg": ("timestamp=on", "timestamp=maybe", "guest-name=on", "nope=1", "timestamp", ""),
    "-icount": ("auto", "shift=auto", "shift=3", "3", "shift=11", "shift=x", "shift=3,align=on", "shift=3,sleep=off", "shift=auto,sleep=off", "shift=3,align=on,sleep=off", "shift=auto,rr=record", "shift=auto,rr=foo", "align=on", "nope=1", "shift=3,align=maybe", "-1", "sleep=off", "", "off"),
    "-overcommit": ("mem-lock=off", "mem-lock=maybe", "cpu-pm=on", "cpu-pm=off", "nope=1", "mem-lock=on-fault", "mem-lock", ""),
    "-trace": ("foo", "enable=foo", "enable=vfio_*", "vfio_*", "file=/dev/null", "nope=1", "", "-vfio_*"),
    "-iscsi": ("timeout=5", "timeout=x", "header-digest=crc32c", "nope=1", "user=x"),
    "-add-fd": ("fd=2,set=1", "fd=x,set=1", "set=1", "fd=5", "fd=-1,set=1", "nope=1", "", "fd=5,set=x"),
    "-sandbox": ("on", "off", "on,obsolete=deny", "on,elevateprivileges=foo", "foo", "on,nope=1", "off,spawn=deny"),
    "-run-with": ("async-teardown=on", "async-teardown=maybe", "nope=1", ""),
    "-loadvm": ("x",), "-option-rom": ("bootindex=1", ""),
    "-append": ("quiet", ""), "-initrd": ("/dev/null",), "-shim": ("/dev/null",),
    "-mem-path": ("/tmp",), "-watchdog": ("i6300esb", "foo"), "-soundhw": ("ac97",), "-singlestep": ("",), "-rotate": ("90", "x"), "-tb-size": ("16",), "-nope": ("x",),
}  # fmt: skip

LONE = (
    "-nodefaults", "-snapshot", "-full-screen", "-no-reboot", "-no-shutdown", "-portrait", "-singlestep", "-only-migratable", "-no-user-config", "-mem-prealloc", "-win2k-hack",
    "-no-fd-bootchk", "-enable-sync-profile", "-async-teardown", "-no-acpi", "-no-hpet", "-usb", "-semihosting", "-old-param", "-nographic", "-no-nope", "-preconfig", "-no-quit",
)  # fmt: skip
