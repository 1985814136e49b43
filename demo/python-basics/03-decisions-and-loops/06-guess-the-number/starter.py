secret = int(input())

# Read guesses until one is right. Answer each wrong one with higher or lower.
