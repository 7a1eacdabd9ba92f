"""Backups: everything in the database as one encrypted file, and what restoring one must not undo."""
