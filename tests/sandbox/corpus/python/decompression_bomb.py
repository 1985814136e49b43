# memory_limit|time_limit
import zlib
x = zlib.compress(bytes(30_000_000))
y = [zlib.decompress(x) for _ in range(100)]
