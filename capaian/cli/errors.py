"""What a command says when the person at the keyboard can put it right."""

from __future__ import annotations


class UserError(Exception):
    """A problem with a remedy in its message; printed without a traceback, exit code 1."""

    code = 1


class BadUse(UserError):
    """The command was asked for something that does not exist or cannot be read; exit code 2."""

    code = 2


def unreadable(error: OSError | UnicodeError) -> str:
    """Why a file could not be read or written, in words."""
    reasons = {
        FileNotFoundError: "tidak ada",
        IsADirectoryError: "adalah folder, bukan berkas",
        NotADirectoryError: "bukan folder",
        PermissionError: "tidak boleh dibaca atau ditulis",
        UnicodeDecodeError: "bukan teks UTF-8",
    }
    return reasons.get(type(error), "tidak dapat dibaca atau ditulis")
