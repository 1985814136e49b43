# ok
import os
for fd in range(3, 300):
    try:
        print("BREACH" if os.read(fd, 10) else "empty")
    except OSError:
        pass
    try:
        os.write(fd, b"BREACH")
    except OSError:
        pass
