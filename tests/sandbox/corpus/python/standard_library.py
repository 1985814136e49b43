# ok honest
import collections, csv, dataclasses, datetime, decimal, enum, fractions, functools, hashlib, heapq, io, itertools, json, math, random, re, sqlite3, statistics, string, textwrap, typing, unittest, zlib
print(sum(map(int, input().split())))
