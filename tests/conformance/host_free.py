"""A command line without what only its host has: files, sockets, taps, processes, KVM. What is left, any host's QEMU can judge.

Backends keep their ids and become null ones. What cannot stand without the host (a device that is passed through, one that
another process serves, descriptors that were opened before) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from qrules.configs.options import Option, options, read_pairs

Members = dict[str, Any]
SIZE = 1 << 26  # bytes of a disk
MOST_MEMORY = 1 << 26  # KiB that a machine may grow to: 64 GiB

# Options that only tell how the process runs, each with its argument. `-S`, `-accel` and `-display` come from whoever starts it.
RUNNING = frozenset(
    (
        "S", "accel", "enable-kvm", "display", "sandbox", "daemonize", "pidfile", "runas", "chroot", "D", "d", "trace", "add-fd", "vnc",
        "spice", "incoming", "loadvm", "run-with", "msg", "monitor", "qmp", "gdb", "s", "mem-path", "mem-prealloc", "nographic", "sdl", "k",
        "bios", "kernel", "initrd", "append", "dtb", "acpitable", "semihosting-config",
    )
)  # fmt: skip
MEMORY = ("memory-backend-file", "memory-backend-memfd", "memory-backend-epc", "memory-backend-shm")
HOST_ONLY_MEMORY = ("mem-path", "host-nodes", "policy", "prealloc", "prealloc-threads", "prealloc-context", "hugetlb", "hugetlbsize",
                    "seal", "pmem", "discard-data", "align", "readonly", "rom", "dump", "merge", "offset")  # fmt: skip
LEFT_OUT_OBJECTS = (
    "tls-creds-", "authz-", "pr-manager-helper", "iommufd", "sev-", "tdx-", "s390-pv-guest", "pef-guest", "input-linux",
    "input-barrier", "can-host-socketcan", "dbus-vmstate", "x-remote", "x-vfio", "sgx-", "nitro", "arm-rme",
)  # fmt: skip
LEFT_OUT_DEVICES = (
    "vfio-", "vhost-", "usb-host", "virtio-input-host", "ivshmem-doorbell", "u2f-passthru", "ccid-card-emulated", "spapr-tpm-proxy",
)  # fmt: skip
KEPT_CHARDEVS = ("null", "ringbuf", "vc", "memory")


def host_free(argv: Iterable[str]) -> list[str]:
    """The command line without its binary, its host's things replaced or left out."""
    words: list[str] = []
    gone: set[str] = set()  # ids of objects that are left out
    for option in options(list(argv)):
        if option.name in RUNNING:
            continue
        if option.name == "":
            words.append("null-co://")
            continue
        if not option.has_argument:
            words.append("-" + option.name)
            continue
        replace = REPLACED.get(option.name)
        argument = replace(option, gone) if replace is not None else option.argument
        if argument is not None:
            words += ["-" + option.name, argument]
    return words


def _members(option: Option, implied: str = "driver") -> Members:
    return {pair.key: pair.value for pair in read_pairs(option, implied)}


def _written(option: Option, members: Members, implied: str) -> str:
    """The members in the form in which the option came."""
    if option.argument.lstrip().startswith("{"):
        return json.dumps(members)
    first = [str(members[implied])] if implied in members else []
    return ",".join([*first, *(f"{k}={_doubled(v)}" for k, v in members.items() if k != implied)])


def _doubled(value: object) -> str:
    return str(value).replace(",", ",,")


def _object(option: Option, gone: set[str]) -> str | None:
    members = _members(option, "qom-type")
    kind = str(members.get("qom-type"))
    if kind.startswith(LEFT_OUT_OBJECTS):
        gone.add(str(members.get("id")))
        return None
    if kind == "secret":
        members = {"qom-type": kind, "id": members.get("id"), "data": "secret"}
    elif kind.startswith("rng-"):
        members = {"qom-type": "rng-builtin", "id": members.get("id")}
    elif kind == "thread-context":
        members = {"qom-type": kind, "id": members.get("id")}
    elif kind.startswith("memory-backend-"):
        members = {k: v for k, v in members.items() if k not in HOST_ONLY_MEMORY and not k.startswith("host-nodes")}
        members["qom-type"] = "memory-backend-ram"
        members["reserve"] = False if option.argument.lstrip().startswith("{") else "off"
    return _written(option, members, "qom-type")


def _chardev(option: Option, _: set[str]) -> str:
    members = _members(option, "backend")
    if members.get("backend") in KEPT_CHARDEVS:
        return option.argument
    kept = {k: v for k, v in members.items() if k in ("id", "mux")}
    return _written(option, {"backend": "null", **kept}, "backend")


def _blockdev(option: Option, gone: set[str]) -> str | None:
    """A protocol's node becomes an empty disk; formats above it stay away, since an empty disk has none."""
    members = _members(option)
    kept = {k: members[k] for k in ("node-name", "read-only", "cache", "discard") if k in members}
    made: Members = {"driver": "null-co", "size": SIZE, "read-zeroes": True, **kept}
    if isinstance(members.get("file"), str):
        made = {"driver": "raw", "file": members["file"], **kept}
        if members.get("driver") == "raw":
            made |= {k: members[k] for k in ("offset", "size") if k in members}
    return json.dumps(made)


def _drive(option: Option, _: set[str]) -> str:
    members = _members(option, "file")
    kept = {
        k: v
        for k, v in members.items()
        if not k.startswith("file.") and k not in ("file", "format", "aio", "cache", "copy-on-read")
    }
    medium = {"file": "null-co://", "format": "raw"} if any(k.startswith("file") for k in members) else {}
    return _written(option, {**medium, **kept}, "")


def _netdev(option: Option, _: set[str]) -> str:
    members = _members(option, "type")
    return _written(option, {"type": "user", "id": members.get("id")}, "type")


def _fsdev(option: Option, _: set[str]) -> str:
    members = _members(option, "fsdriver")
    model = members.get("security_model", "none")
    model = "none" if model in ("passthrough", "mapped-xattr", "mapped") else model
    kept = {k: members[k] for k in ("readonly",) if k in members}
    return _written(
        option, {"fsdriver": "local", "id": members.get("id"), "path": "/tmp", "security_model": model, **kept}, "fsdriver"
    )


def _audiodev(option: Option, _: set[str]) -> str:
    members = _members(option)
    return _written(option, {"driver": "none", "id": members.get("id")}, "driver")


def _device(option: Option, gone: set[str]) -> str | None:
    members = _members(option)
    kind = str(members.get("driver"))
    if kind.startswith(LEFT_OUT_DEVICES) or (kind.startswith("tpm") and "tpmdev" in members):
        return None
    members = {
        k: v
        for k, v in members.items()
        if not k.startswith(("vhost", "fd", "romfile")) and not (isinstance(v, str) and v in gone)
    }
    if kind == "scsi-block":
        members["driver"] = "scsi-hd"
        members.pop("share-rw", None)
    return _written(option, members, "driver")


def _machine(option: Option, gone: set[str]) -> str:
    members = _members(option, "type")
    kept = {k: v for k, v in members.items() if k not in ("accel", "kernel_irqchip", "pflash0", "pflash1", "sgx-epc.0.memdev")}
    return _written(option, {k: v for k, v in kept.items() if v not in gone}, "type")


def _cpu(option: Option, _: set[str]) -> str | None:
    """Models and features of the host's processor become the machine's own."""
    return None if option.argument.partition(",")[0] in ("host", "max") else option.argument


def _memory(option: Option, _: set[str]) -> str:
    """Room for more memory than processors can address on some hosts, or than is quickly set up, is made smaller."""
    members = _members(option, "size")
    if str(members.get("maxmem", "")).endswith("k") and int(str(members["maxmem"])[:-1]) > MOST_MEMORY:
        members["maxmem"] = f"{MOST_MEMORY}k"
    return _written(option, members, "")


def _nothing(option: Option, _: set[str]) -> None:
    return None


def _smbios(option: Option, _: set[str]) -> str | None:
    return None if "file" in _members(option, "") else option.argument


def _fw_cfg(option: Option, _: set[str]) -> str:
    members = _members(option, "name")
    if "file" in members:
        members = {k: v for k, v in members.items() if k != "file"} | {"string": "text"}
    return _written(option, members, "name")


REPLACED: dict[str, Callable[[Option, set[str]], str | None]] = {
    "object": _object,
    "chardev": _chardev,
    "blockdev": _blockdev,
    "drive": _drive,
    "netdev": _netdev,
    "fsdev": _fsdev,
    "audiodev": _audiodev,
    "device": _device,
    "machine": _machine,
    "M": _machine,
    "cpu": _cpu,
    "m": _memory,
    "tpmdev": _nothing,
    "smbios": _smbios,
    "fw_cfg": _fw_cfg,
}
