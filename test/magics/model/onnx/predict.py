"""Predicts with onnxruntime: reads {"model": path, "columns": {name: [...]}} and prints the outputs as JSON."""
import json
import sys

import numpy
import onnxruntime

asked = json.load(sys.stdin)
session = onnxruntime.InferenceSession(asked["model"], providers=["CPUExecutionProvider"])
inputs = {}
for each in session.get_inputs():
    values = asked["columns"][each.name]
    if each.type == "tensor(string)":
        inputs[each.name] = numpy.array(values, dtype=object)
    else:
        inputs[each.name] = numpy.array([float("nan") if value is None else value for value in values], dtype=numpy.float64)
names = [each.name for each in session.get_outputs()]
outputs = session.run(None, inputs)
print(json.dumps({name: values.tolist() for name, values in zip(names, outputs)}))
