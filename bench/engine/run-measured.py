"""Runs a command and prints one JSON line of what it and its children took; its own output goes to a file.

usage: run-measured.py OUTPUT COMMAND [ARGUMENT...]
"""

import json
import os
import sys
import time

with open(sys.argv[1], "wb") as output:
    began = time.monotonic()
    child = os.posix_spawnp(
        sys.argv[2],
        sys.argv[2:],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)],
    )
    _, status, usage = os.wait4(child, 0)
    wall_s = time.monotonic() - began
print(
    json.dumps(
        {
            "exit_code": os.waitstatus_to_exitcode(status),
            "wall_s": wall_s,
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "user_s": usage.ru_utime,
            "rss_mib": usage.ru_maxrss / 1024,
        }
    )
)
