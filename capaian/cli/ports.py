"""Can this address be listened on, and if not, who does?"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

from capaian.cli.errors import UserError

_LISTEN: Final = "0A"


def check_port(host: str, port: int) -> None:
    """Raises `UserError` for an address that cannot be listened on; the processes would only say it in the log."""
    try:
        if not 0 < port < 65536:
            raise OSError("port harus 1 sampai 65535")
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UserError(
            f"Alamat {host}:{port} tidak dapat dipakai ({error}).{_told(holders(port))} Hentikan program yang "
            f"memakainya, atau pilih port lain: capaian serve --port {port + 1 if 0 < port < 65535 else 8000}"
        ) from error


def holders(port: int) -> list[str]:
    """Who listens on a port, as "1234 (python -m granian …)", as far as Linux lets this account see it."""
    sockets = {f"socket:[{inode}]" for table in ("tcp", "tcp6") for inode in _inodes(Path("/proc/net", table), port)}
    return [f"{pid} ({_command(pid)})" for pid in _processes() if sockets & _open_files(pid)] if sockets else []


def _told(found: list[str]) -> str:
    return f" Yang memakainya: proses {', '.join(found)}." if found else ""


def _inodes(table: Path, port: int) -> list[str]:
    with suppress(OSError):
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
        return [row[9] for row in rows if row[3] == _LISTEN and int(row[1].rpartition(":")[2], 16) == port]
    return []


def _processes() -> list[str]:
    return sorted((name for name in os.listdir("/proc") if name.isdigit()), key=int)


def _open_files(pid: str) -> set[str]:
    found = set()
    with suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                found.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
    return found


def _command(pid: str) -> str:
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        return " ".join(words).strip()[:80]
    return "?"
