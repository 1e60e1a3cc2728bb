.venv: ; @uv venv -q .venv && uv pip install -q --require-hashes -r requirements-dev.txt
