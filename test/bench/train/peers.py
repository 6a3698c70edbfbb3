"""Fits a peer's tree on the columns in a binary file; prints the times in ms as JSON.

peers.py scikit-learn|lightgbm FILE ROWS DEPTH|out TIMES
"""
import json
import sys
import time

import numpy

who, path, rows, depth, times = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
numbers = numpy.fromfile(path, dtype=numpy.float64).reshape(9, rows)
table, labels = numpy.ascontiguousarray(numbers[:8].T), numbers[8].astype(int)

if who == "lightgbm":
    from lightgbm import LGBMClassifier

    def make():
        # One tree as wide as the depth allows; binning is part of its fit, as sorting is of ours.
        return LGBMClassifier(n_estimators=1, max_depth=int(depth), num_leaves=2 ** int(depth), verbose=-1)

else:
    from sklearn.tree import DecisionTreeClassifier

    def make():
        return DecisionTreeClassifier(max_depth=None if depth == "out" else int(depth), random_state=0)


durations = []
for _ in range(times):
    tree = make()
    started = time.perf_counter()
    tree.fit(table, labels)
    durations.append((time.perf_counter() - started) * 1000)
print(json.dumps(durations))
