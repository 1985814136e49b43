# A text such as 2025-05-03.
date = input()

# Cut out year, month and day, then print the two lines.
