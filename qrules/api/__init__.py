"""The Python interface: the same answers that the command line prints, as typed objects. `qrules` is its front."""
