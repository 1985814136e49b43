# ok
import os
try:
    pid = os.fork()
except (AttributeError, OSError):
    print("refused")
else:
    if not pid:
        os._exit(0)
