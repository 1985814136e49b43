n = int(input())

for row in range(1, n + 1):
    # A running total of text: it has to start afresh in each row.
    line = ""
    for column in range(1, n + 1):
        line = line + f"{row * column:>4}"
    print(line)
