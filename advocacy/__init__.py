"""Letters that citizens sign, to their own legislators, in which every figure is the survey's own."""

__version__ = "0.1.0"
