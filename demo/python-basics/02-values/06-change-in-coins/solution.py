price = int(input())
paid = int(input())

rest = paid - price

# Each line takes out the full coins, the next one goes on with what is left over.
print(f"100: {rest // 100}")
rest = rest % 100
print(f"20: {rest // 20}")
rest = rest % 20
print(f"5: {rest // 5}")
print(f"1: {rest % 5}")
