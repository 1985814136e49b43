# runtime_error cheat
import os
print(7, flush=True)
os._exit(120)
