"""The command line in Indonesian: argparse asks gettext for each of its texts, and this answers."""

from __future__ import annotations

import argparse

TEXTS = {
    "usage: ": "pemakaian: ",
    "positional arguments": "argumen",
    "options": "pilihan",
    "show this help message and exit": "tampilkan bantuan ini",
    "%(prog)s: error: %(message)s\n": "%(prog)s: salah pakai: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "argumen %(argument_name)s: %(message)s",
    "the following arguments are required: %s": "argumen ini harus diisi: %s",
    "unrecognized arguments: %s": "argumen tidak dikenal: %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r tidak dikenal; pilih %(choices)s",
    "invalid %(type)s value: %(value)r": "isi %(value)r bukan bilangan bulat",
    "expected one argument": "harus diikuti satu isi",
    "expected at least one argument": "harus diikuti sekurang-kurangnya satu isi",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s dapat berarti %(matches)s",
    "ignored explicit argument %r": "pilihan ini tidak memakai isi %r",
    "not allowed with argument %s": "tidak dapat bersama %s",
}


def speak_indonesian() -> None:
    """Let argparse look its texts up here; a text that is not listed stays as it is."""
    argparse._ = lambda text: TEXTS.get(text, text)  # type: ignore[attr-defined]
