"""The calculation kernel: pure functions over Decimal, dates and text, with regulation packs as data.

Nothing in this package knows Django, a database, the clock or the network. Only `packs` opens files.
"""
