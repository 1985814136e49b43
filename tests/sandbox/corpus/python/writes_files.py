# ok
import os, tempfile
for path in ("/tmp/waymark-breach", "/waymark-breach", "waymark-breach", "/dev/shm/waymark-breach", "/var/tmp/x"):
    try:
        with open(path, "w") as file:
            file.write("x" * 1000)
    except OSError:
        print("refused")
try:
    tempfile.NamedTemporaryFile()
except OSError:
    print("refused")
