"""What the page asks, a text in and a text out: the same in a reader's browser and behind `qrules open`."""
