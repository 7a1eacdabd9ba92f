"""A rehearsal: invented citizens write through the site's own pages, in a database and with a mail provider of its own.

Nothing of the site is changed by it, and nothing leaves it.
"""
