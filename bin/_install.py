"""The virtual environment in var/venv: made once, filled again when the requirements changed. Standard library only."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / "var" / "venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
FILES = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
NO_PIP = "This Python cannot install packages. Debian: apt-get install python3-venv (as root), then start again."


def wanted() -> str:
    """What the environment depends on. Its path too: the programs in it name the Python they belong to."""
    parts = [str(ROOT).encode(), sys.version.encode(), *(file.read_bytes() for file in FILES)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install() -> None:
    print("Installing what Comptoir needs (once, about a minute)…", file=sys.stderr, flush=True)
    moved = STAMP.exists() and not STAMP.read_text().startswith(str(ROOT) + "\n")
    if moved or not works(PYTHON, "pass"):
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, symlinks=True)
    subprocess.run([*installer(), "-r", str(FILES[-1])], check=True, cwd=ROOT)


def installer() -> "list[str]":
    """pip in the new environment; where Debian left it out of Python, by the shortest way there is."""
    if not works(PYTHON, "import pip") and not works(PYTHON, "import ensurepip"):
        if uv := shutil.which("uv"):
            return [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
        if os.geteuid() == 0 and shutil.which("apt-get"):
            minor = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=sys.stderr)
            subprocess.run(["apt-get", "install", "-y", "-qq", minor], check=False, stdout=sys.stderr)
    if not works(PYTHON, "import pip") and not works(PYTHON, "import ensurepip; ensurepip._main(['--upgrade'])"):
        sys.exit(NO_PIP)
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]


def works(python: Path, code: str) -> bool:
    try:
        return subprocess.run([str(python), "-I", "-c", code], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    VENV.parent.mkdir(mode=0o711, exist_ok=True)
    with (VENV.parent / "install.lock").open("a") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        stamp = f"{ROOT}\n{wanted()}\n"
        if not STAMP.exists() or STAMP.read_text() != stamp:
            install()
            STAMP.write_text(stamp)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (subprocess.CalledProcessError, KeyboardInterrupt) as problem:
        sys.exit(f"The installation did not finish: {problem or 'stopped'}")
