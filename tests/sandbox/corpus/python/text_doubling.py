# memory_limit
x = "a"
while True:
    x += x
