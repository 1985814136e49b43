# time_limit
sum(iter(int, 1))
