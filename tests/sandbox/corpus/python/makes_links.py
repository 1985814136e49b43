# ok
import os
for make in (os.symlink, os.link, os.rename):
    try:
        make("/etc/passwd", "/breach")
        print("made")
    except (OSError, AttributeError):
        print("refused")
for remove in (os.unlink, os.rmdir):
    try:
        remove("/etc")
        print("BREACH")
    except OSError:
        print("refused")
