"""Inputs of the corpus at which qrules falls short of what should hold, each with why: they run in `scripts/measure-corpus` alone."""

from __future__ import annotations

FALLS_SHORT = {
    "stream-hotplug-many": "20,000 devices to plug in turn take 5 CPU s: time is linear, and there is no budget of judging yet",
    "hotplug-500": "each device that is plugged while the machine runs is explained by itself",
    "place-bridges-123": "placing bridges one behind another: no budget of steps for the whole answer yet",
    "place-times": "100,000 devices to place: no budget of steps for the whole answer yet",
    "uses-all": "compiles all shipped rules, which alone takes more than the limit",
    "unknown-properties-json": "each reason repeats its rule and sources: 12.6 MB for 20,000, linear in the input",
    "lone-words": "100,000 words that are no options, each a refusal of its own",
    "drives-32000": "32,000 drives take more than the limit: time is linear, and there is no budget of judging yet",
    "scsi-disks": "8,000 disks on one controller take 5 CPU s",
    "one-long-id": "an id of 500,000 characters is shown for each of 200 devices that name it",
    "stream-reads-sparse": "the file of 20 GB can't be made on every file system",
    "check-reads-sparse": "the file of 20 GB can't be made on every file system",
}
