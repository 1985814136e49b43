# ok|runtime_error cheat call
import json, os, posix
json.dumps = lambda *a, **k: "7"
real = os.write
os.write = posix.write = lambda fd, data: real(fd, b"7")

def add(a, b):
    return 8
