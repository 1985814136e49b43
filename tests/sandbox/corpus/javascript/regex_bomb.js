// time_limit
/(a+)+$/.test("a".repeat(40) + "b");
