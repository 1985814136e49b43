# ok honest
import sys
data = sys.stdin.buffer.read()
assert sys.stdin.buffer.read() == b""
print(sum(map(int, data.split())))
