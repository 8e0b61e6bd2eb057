"""A process that ends when the one that started it does, however that ended: nobody is left holding the port."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

# Set by `capaian serve` for what it starts; a site that another server runs looks after its processes itself.
SERVED: Final = "CAPAIAN_SERVED"
_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(how: signal.Signals) -> None:
    """Ask the kernel (Linux; elsewhere this does nothing) for a signal when the parent of this process is gone."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        # It went in the meantime; nobody would tell us any more.
        os.kill(os.getpid(), how)
