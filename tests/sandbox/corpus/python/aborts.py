# runtime_error|memory_limit cheat
import os
print(7, flush=True)
os.abort()
