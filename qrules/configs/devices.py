"""The words of a -device option as what is asked for. Whoever asks about single devices loads no more of the reader than this."""

from __future__ import annotations

from qrules.configs.options import Option, where
from qrules.configs.options import members as members_of
from qrules.machine.request import DeviceRequest


def device(option: Option) -> DeviceRequest:
    """What a -device option asks for; `driver` is empty where it names none."""
    members = members_of(option, "driver")
    driver, identity, bus = members.pop("driver", None), members.pop("id", None), members.pop("bus", None)
    json = option.argument[:1] == "{"
    if json:
        driver, identity, bus = _text(driver), _text(identity), _text(bus)
    return DeviceRequest._make((driver or "", identity, bus, members, json, where(option)))


def with_value(device: DeviceRequest, key: str, value: object) -> DeviceRequest:
    """A device with one more member, whichever of its parts that is."""
    if key == "driver":
        return device._replace(driver=str(value))
    if key == "id":
        return device._replace(id=str(value))
    if key == "bus":
        return device._replace(bus=str(value))
    members = device.properties
    if not isinstance(members, dict):
        return device._replace(properties={**members, key: value})
    members[key] = value  # its own: of thousands of such options each would copy them all
    return device


def _text(value: object) -> str | None:
    """What is no text in JSON is passed over (qemu:system/qdev-monitor.c "qdev_device_add_from_qdict")."""
    return value if isinstance(value, str) else None


def devices(texts: list[str]) -> tuple[DeviceRequest, ...]:
    """Devices written as -device takes them. Raises `Unusable`: QR403, as for a command line with these options."""
    return tuple(device(Option("device", text, 2 * i, True)) for i, text in enumerate(texts))
