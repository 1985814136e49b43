# memory_limit|time_limit
x = {}
for n in range(10 ** 9):
    x[n] = [n] * 1000
