"""What is logged goes to stderr, from the level that is set."""

import logging

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
TALKATIVE = ("alembic", "huey", "sqlalchemy")
"""Libraries that would log every migration and every task, or at DEBUG every value of a statement."""


def start_logging(level: str) -> None:
    """Log to stderr from `level` on."""
    logging.basicConfig(level=level, format=FORMAT)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
