date = input()

year = date[0:4]
month = date[5:7]
day = date[8:10]

print(f"{day}/{month}/{year[2:]}")
# int drops the zero in front and leaves one at the end alone.
print(f"Day {int(day)} of month {int(month)} in {year}.")
