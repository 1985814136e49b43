# Read the price and the amount handed over, both in cents.
price = int(input())
paid = int(input())

# Print one line for each coin: 100, 20, 5 and 1.
