"""Asks a server at the URL given what the Open Inference Protocol offers; prints one JSON line."""
import json
import sys

from open_inference.openapi.client import InferenceRequest, OpenInferenceClient

client = OpenInferenceClient(base_url=sys.argv[1])
client.check_server_liveness()
client.check_server_readiness()
client.check_model_readiness("penguins")
server = client.read_server_metadata()
model = client.read_model_metadata("penguins")
tensors = [
    {"name": "flipper", "shape": [2], "datatype": "FP64", "data": [181.0, 210.0]},
    {"name": "bill", "shape": [2], "datatype": "FP64", "data": [39.1, 50.0]},
    {"name": "island", "shape": [2], "datatype": "BYTES", "data": ["Biscoe", "Dream"]},
]
request = InferenceRequest(id="a", inputs=tensors)
answer = client.model_infer("penguins", request=request)
try:
    client.model_infer("penguins", request=InferenceRequest(inputs=tensors[:1]))
    refusal = None
except Exception as error:
    refusal = type(error).__name__
print(
    json.dumps(
        {
            "server": server.name,
            "inputs": [tensor.name for tensor in model.inputs],
            "id": answer.id,
            "outputs": {
                output.name: json.loads(output.data.json()) for output in answer.outputs
            },
            "refusal": refusal,
        }
    )
)
