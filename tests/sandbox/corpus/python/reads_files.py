# ok
import os
for path in ("/etc/passwd", "/proc/self/environ", "/proc/self/cmdline", "/proc/self/maps", "/dev/sda", "../../../../etc/shadow", "/home/learner/.ssh/id_rsa", "//etc/hosts"):
    try:
        with open(path, "rb") as file:
            print("BREACH" if b"root" in file.read() or "environ" in path else "empty")
    except OSError:
        print("refused")
