"""`make audit`: known vulnerabilities in what requirements/*.txt pin; 1 where there is one.

Where the advisory service cannot be reached the packages could not be looked up: that is said loudly and fails only
with CAPAIAN_AUDIT=required, so that a build without a way out is not stopped by its network.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("runtime.txt", "test.txt", "quality.txt")
UNREACHABLE = ("could not be audited", "ConnectionError", "Failed to connect", "Max retries exceeded")


def main() -> int:
    """Audit every file; the worst answer counts."""
    return max(_audit(ROOT / "requirements" / name) for name in FILES)


def _audit(path: Path) -> int:
    command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes"]
    done = subprocess.run(
        [*command, "--progress-spinner", "off", "-r", str(path)], cwd=ROOT, capture_output=True, text=True
    )
    said = (done.stdout + done.stderr).strip()
    if done.returncode == 0:
        print(f"{path.name}: no known vulnerability")
        return 0
    if any(words in said for words in UNREACHABLE) and "known vulnerabilit" not in said:
        print(f"NOT AUDITED: {path.name}: the advisory service cannot be reached from here ({said.splitlines()[-1]})")
        return int(os.environ.get("CAPAIAN_AUDIT") == "required")
    print(said)
    return 1


if __name__ == "__main__":
    sys.exit(main())
