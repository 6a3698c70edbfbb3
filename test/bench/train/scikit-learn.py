"""Fits scikit-learn's tree on the columns in a binary file; prints the times in ms as JSON."""
import json
import sys
import time

import numpy
from sklearn.tree import DecisionTreeClassifier

path, rows, depth, times = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
numbers = numpy.fromfile(path, dtype=numpy.float64).reshape(9, rows)
table, labels = numpy.ascontiguousarray(numbers[:8].T), numbers[8].astype(int)
durations = []
for _ in range(times):
    tree = DecisionTreeClassifier(max_depth=None if depth == "out" else int(depth), random_state=0)
    started = time.perf_counter()
    tree.fit(table, labels)
    durations.append((time.perf_counter() - started) * 1000)
print(json.dumps(durations))
