days = int(input())

# Read that many temperatures, one a line, and print the report.
