# time_limit|memory_limit
x = 9 ** 9 ** 8
print(x % 7)
