"""``python -m procmine.cli`` is the command ``procmine``."""

from procmine.cli.commands import main

if __name__ == "__main__":
    main()
