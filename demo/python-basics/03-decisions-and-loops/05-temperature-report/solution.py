days = int(input())

# The first day sets all the starting values: zero would be wrong in a hard winter.
first = float(input())
lowest = first
highest = first
total = first
frost = 0
if first < 0:
    frost = 1

for day in range(1, days):
    degrees = float(input())
    total = total + degrees
    if degrees < lowest:
        lowest = degrees
    if degrees > highest:
        highest = degrees
    if degrees < 0:
        frost = frost + 1

print(f"Lowest: {lowest}")
print(f"Highest: {highest}")
print(f"Mean: {total / days:.2f}")
print(f"Frost days: {frost}")
