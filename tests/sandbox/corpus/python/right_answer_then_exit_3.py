# runtime_error cheat
import sys
print(7)
sys.exit(3)
