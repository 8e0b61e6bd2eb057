"""Numbers in Indonesian words, as on receipts and agreements."""

from __future__ import annotations

_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_SCALES = (
    (10**15, "kuadriliun"),
    (10**12, "triliun"),
    (10**9, "miliar"),
    (10**6, "juta"),
    (1000, "ribu"),
)
LIMIT = 10**18


def terbilang(n: int) -> str:
    """Write a whole number in Indonesian words: 2024 is `dua ribu dua puluh empat`.

    Units: none; add "rupiah" yourself. Negative numbers begin with `minus`.
    Errors: ValueError at or beyond 10^18. Source: Indonesian spelling; `seratus` and `seribu` instead of `satu ...`.
    """
    if abs(n) >= LIMIT:
        raise ValueError("Terbilang hanya sampai di bawah satu triliun juta (10^18). Periksa angkanya.")
    if n == 0:
        return "nol"
    words = " ".join(_words(abs(n)))
    return f"minus {words}" if n < 0 else words


def _words(n: int) -> list[str]:
    for size, name in _SCALES:
        if n >= size:
            count, rest = divmod(n, size)
            # Only the thousand has its own word for one: seribu, but satu juta.
            head = ["seribu"] if size == 1000 and count == 1 else [*_words(count), name]
            return head + _words(rest)
    return _below_thousand(n)


def _below_thousand(n: int) -> list[str]:
    if n >= 100:
        count, rest = divmod(n, 100)
        return (["seratus"] if count == 1 else [_UNITS[count], "ratus"]) + _below_thousand(rest)
    if n >= 20:
        count, rest = divmod(n, 10)
        return [_UNITS[count], "puluh", *_below_thousand(rest)]
    if n >= 12:
        return [_UNITS[n - 10], "belas"]
    return [_UNITS[n]] if n else []
