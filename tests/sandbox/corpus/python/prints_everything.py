# ok|output_limit cheat
for n in range(100):
    print(n)
