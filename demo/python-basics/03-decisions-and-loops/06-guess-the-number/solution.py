secret = int(input())

guess = int(input())
count = 1
while guess != secret:
    if secret > guess:
        print("higher")
    else:
        print("lower")
    guess = int(input())
    count = count + 1

print(f"Found in {count}")
