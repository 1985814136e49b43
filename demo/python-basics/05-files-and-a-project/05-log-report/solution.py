import sys

counts = {"INFO": 0, "WARNING": 0, "ERROR": 0}
damaged = 0
last_error = "none"

for line in sys.stdin:
    line = line.strip()
    if line == "":
        continue
    try:
        # Three cuts: further spaces belong to the message.
        day, time, level, message = line.split(" ", 3)
    except ValueError:
        damaged += 1
        continue
    if level not in counts:
        damaged += 1
        continue
    counts[level] += 1
    if level == "ERROR":
        last_error = message

for level, count in counts.items():
    print(f"{level} {count}")
print(f"damaged {damaged}")
print(f"last error: {last_error}")
