# memory_limit
x = []
while True:
    x.append("a" * 1_000_000)
