# ok|memory_limit|time_limit cheat
try:
    x = [bytearray(1 << 20) for _ in range(1 << 20)]
except MemoryError:
    x = None
print(8)
