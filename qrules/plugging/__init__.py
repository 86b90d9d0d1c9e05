"""How devices get onto a machine: the emulator's steps in their order."""
