n = int(input())

# Print n rows with n products each.
