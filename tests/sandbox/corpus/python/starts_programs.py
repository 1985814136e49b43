# runtime_error|ok
import os, subprocess
try:
    print(subprocess.run(["id"], capture_output=True).stdout)
except OSError:
    print("refused")
try:
    os.system("touch /tmp/waymark-breach")
except (AttributeError, OSError):
    print("refused")
