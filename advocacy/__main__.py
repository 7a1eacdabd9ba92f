"""`advocacy` and `python -m advocacy`."""

from advocacy.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
