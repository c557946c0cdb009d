"""`python -m rktdata` is `rkt`."""

from rktdata.cli import main

if __name__ == "__main__":
    main()
