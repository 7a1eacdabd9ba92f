"""A letter for each person of a sheet, on the command line and on the site: nothing here reads or writes a disk."""
