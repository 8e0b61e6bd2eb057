"""What a command says when the person at the keyboard can put it right."""


class UserError(Exception):
    """A problem with a remedy in its message; printed without a traceback, exit code 1."""
