# ok honest
import sys
sys.stderr.write("x" * 300_000)
print(sum(map(int, input().split())))
