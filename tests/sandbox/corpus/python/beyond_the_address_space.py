# runtime_error|memory_limit
x = bytearray(8 << 30)
