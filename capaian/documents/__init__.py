"""Documents as plain data: one list of typed blocks, several renderers. Never imports Django."""
