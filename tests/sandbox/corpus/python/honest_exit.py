# ok honest
print(sum(map(int, input().split())))
exit()
