"""A file system of its own for one process: what `df` says there is all there is."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIZE = "200m"
# Root needs a namespace for mounts only. Others are root in a namespace of users, which may mount,
# and themselves again in one below it, since PostgreSQL does not run as root.
AS_OURSELVES = f"unshare --user --map-user={os.getuid()} --map-group={os.getgid()} --"
NAMESPACE, AGAIN = (
    (["unshare", "--mount"], "")
    if os.geteuid() == 0
    else (["unshare", "--mount", "--map-root-user"], AS_OURSELVES)
)
MOUNT = f'mount -t tmpfs -o size={SIZE},mode=755 tmpfs "$0" && exec {AGAIN} "$@"'
NEEDED = (
    "This drill needs a small file system of its own: run it as root on Linux, or where users may"
    " have namespaces (user.max_user_namespaces above 0, and on Ubuntu"
    " kernel.apparmor_restrict_unprivileged_userns=0)."
)


def run_on_small_disk(module: str, *arguments: object) -> None:
    """Run `python -m module FOLDER arguments`, with a small file system mounted at FOLDER.

    It is gone with the last process that it has, on whatever way that ends.
    """
    with tempfile.TemporaryDirectory(prefix="health-full-") as folder:
        Path(folder).chmod(0o755)
        place = [*NAMESPACE, "sh", "-c", MOUNT, folder]
        asked = subprocess.run([*place, "true"], capture_output=True, text=True, check=False)
        assert asked.returncode == 0, f"{NEEDED} It says: {asked.stderr.strip()}"
        program = [sys.executable, "-m", module, folder, *map(str, arguments)]
        done = subprocess.run(
            [*place, *program], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
