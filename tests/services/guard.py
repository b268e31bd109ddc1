"""No orphans: a child started through `guarded(...)` ends when this process does, however it ends.

The file is also the small program in between: it drops root if asked to, asks the kernel for a signal at the
parent's death, and becomes the child's program. A `preexec_fn` could do the same, but not beside threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def guarded(command: Sequence[object], uid: int = -1, gid: int = -1) -> list[str]:
    """The command line that runs `command` under guard, as another user if this one is root.

    The signal is SIGINT: PostgreSQL's fast shutdown, the web server's graceful one.
    """
    identity = [str(os.getpid()), str(uid), str(gid)]
    return [sys.executable, "-I", "-S", __file__, *identity, *map(str, command)]


def main(parent: int, uid: int, gid: int, command: list[str]) -> None:
    """Become the command."""
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After the change of user, which would take it back.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
