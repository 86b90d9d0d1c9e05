"""``python -m qrules``: the command line."""

from qrules.cli.main import run

if __name__ == "__main__":
    run()
