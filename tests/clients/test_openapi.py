"""Every documented operation against its document: no 5xx, no status and no content type that is not documented.

The cases follow from the document alone and are the same in every run. `LANGFLOW_FUZZ_SECONDS=600` adds generated ones
for so long, from a seed that `LANGFLOW_FUZZ_SEED` gives; both are printed again by what fails.
"""

import os
import pathlib
import subprocess
import sys
import urllib.request

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance"
# Streams that do not end by themselves, and what would take the caller's own key or account away.
LEFT_OUT = r"(sse|/stream|webhook-events|logs-stream|^/api/v1/api_key/\{|^/api/v1/users/\{)"

url, key = os.environ["LANGFLOW_URL"], os.environ["LANGFLOW_API_KEY"]
fuzz_seconds = os.environ.get("LANGFLOW_FUZZ_SECONDS")
program = pathlib.Path(sys.executable).with_name("schemathesis")
command = [
    program,
    "run",
    f"{url}/openapi.json",
    "--header",
    f"x-api-key: {key}",
    f"--checks={CHECKS}",
    f"--exclude-path-regex={LEFT_OUT}",
    "--continue-on-failure",
    "--workers=1",
    "--request-timeout=30",
    "--warnings=off",
    "--no-color",
]
if fuzz_seconds:
    command += ["--phases=coverage,fuzzing", f"--max-time={fuzz_seconds}"]
    command += [f"--seed={os.environ.get('LANGFLOW_FUZZ_SEED', '1')}"]
else:
    command += ["--phases=coverage", "--generation-deterministic", "--seed=1"]
# It leaves its notes in the folder it runs in.
ended = subprocess.run(command, cwd=os.environ["LANGFLOW_FOLDER"])
# Without its key all it would have seen are refusals. This raises where the key is no longer good.
urllib.request.urlopen(urllib.request.Request(f"{url}/api/v1/users/whoami", headers={"x-api-key": key}), timeout=30)
sys.exit(ended.returncode)
