# runtime_error|ok
import os, signal
for pid in (1, os.getppid() if hasattr(os, "getppid") else 1):
    try:
        os.kill(pid, signal.SIGKILL)
        print("sent")
    except (AttributeError, OSError):
        print("refused")
