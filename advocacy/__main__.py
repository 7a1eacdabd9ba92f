"""`advocacy` and `python -m advocacy`."""

import atexit
import gc

# What is imported lives until the end: it is looked through rarely meanwhile, and not once more at the end.
gc.set_threshold(50_000, 20, 50)
atexit.register(gc.freeze)

from advocacy.cli import main  # noqa: E402  # the collector is set before all else is imported

__all__ = ["main"]

if __name__ == "__main__":
    main()
