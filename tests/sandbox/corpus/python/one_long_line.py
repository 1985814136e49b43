# output_limit
print("x" * 10_000_000)
