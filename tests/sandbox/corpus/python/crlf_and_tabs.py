# ok honest
if True:
	print(sum(map(int, input().split())))
