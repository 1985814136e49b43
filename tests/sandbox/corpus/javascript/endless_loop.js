// time_limit
while (true);
