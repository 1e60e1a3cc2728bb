"""Workflows, executed unchanged: the `run:` steps of a job, read from its YAML, in a folder of their own.

Of the actions, `checkout` is a clone of the remote's `main`; artifacts that are uploaded are copied; the others have
nothing to do here. The step that installs packages takes its time on the run's clock, and installs nothing.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.compiled_code import bring_compiled_code
from tests.support.job_clock import AT_WORK, Clock
from tests.support.source_tree import ROOT

SET_UP = "Set up"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Run:
    """One run of the only or first job of a workflow, on a clock, or in real time without one.

    `output` holds the output of its steps, by name.
    """

    workflow: str
    folder: Path
    remote: str
    clock: Clock | None
    github: str = ""
    event: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    set_up_s: float = 0
    output: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    failed: str = ""
    workflows: Path = ROOT / ".github/workflows"
    inputs: dict[str, str] = field(default_factory=dict)

    @property
    def checkout(self) -> Path:
        """The workspace."""
        return self.folder / "work"

    def execute(self) -> "Run":
        """Run every step of the first job whose condition holds."""
        self.folder.mkdir(parents=True)
        text = (self.workflows / f"{self.workflow}.yml").read_text(encoding="utf-8")
        job = next(iter(yaml.safe_load(text)["jobs"].values()))
        self._steps(job["steps"], job.get("env", {}))
        return self

    def _steps(self, steps: Iterable[Mapping[str, Any]], env: Mapping[str, Any]) -> None:
        for step in steps:
            if self._wanted(str(step.get("if", ""))):
                self._step(step, {**env, **step.get("env", {})})

    def _step(self, step: Mapping[str, Any], env: Mapping[str, str]) -> None:
        if "uses" in step:
            self._action(str(step["uses"]), step.get("with", {}), env)
        elif step["name"] == SET_UP:
            if self.clock:
                self.clock.wait(self.set_up_s)
            _install(self.folder)
        else:
            self._shell(step, {name: self._filled(str(value)) for name, value in env.items()})

    def _action(self, action: str, given: Mapping[str, Any], env: Mapping[str, Any]) -> None:
        if action.startswith("owner/constat@"):
            self._ours(given, env)
            return
        with self.clock.at_work() if self.clock else nullcontext():
            self._others(action, given)

    def _others(self, action: str, given: Mapping[str, Any]) -> None:
        if action.startswith("actions/checkout@"):
            assert given["persist-credentials"] is False
            command = [
                "git",
                "clone",
                "--quiet",
                "--depth=1",
                "--branch=main",
                self.remote,
                str(self.checkout),
            ]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own words)
            bring_compiled_code(self.checkout)
        elif action.startswith("actions/upload-pages-artifact@"):
            shutil.copytree(
                self.checkout / given["path"], self.folder / "artifact", copy_function=shutil.copyfile
            )
        elif action.startswith("actions/upload-artifact@"):
            self._keep(self.folder / str(given["name"]), str(given["path"]).split())

    def _keep(self, artifact: Path, patterns: list[str]) -> None:
        """Keep files as an artifact, relative to their common folder: `history/`, or the one folder that is kept."""
        if patterns == ["site"]:
            shutil.copytree(self.checkout / "site", artifact, copy_function=shutil.copyfile)
            return
        root = self.checkout / "history"
        for path in (path for pattern in patterns for path in self.checkout.glob(pattern)):
            (artifact / path.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, artifact / path.relative_to(root))

    def _ours(self, given: Mapping[str, Any], env: Mapping[str, Any]) -> None:
        """Run the action of this repository, step by step; each has the environment of the step that uses it."""
        action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        defaults = {name: self._filled(str(each["default"])) for name, each in action["inputs"].items()}
        self.inputs = defaults | {name: self._filled(str(value)) for name, value in given.items()}
        self._steps(action["runs"]["steps"], env)

    def _shell(self, step: Mapping[str, Any], env: Mapping[str, str]) -> None:
        name, files = str(step["name"]), {kind: self.folder / f"{kind}.txt" for kind in ("output", "summary")}
        files["output"].write_text("")
        done = subprocess.run(  # noqa: S603 (the project's own workflows)
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", str(step["run"])],
            cwd=self.checkout,
            env={**self._environment(files), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.output[name] = done.stdout
        pairs = (line.partition("=") for line in files["output"].read_text().splitlines())
        self.outputs[str(step.get("id", name))] = {key: value for key, _, value in pairs}
        if done.returncode and not self.failed:
            self.failed = f"{name}: {done.stdout}"

    def _environment(self, files: Mapping[str, Path]) -> dict[str, str]:
        """The environment of every step; `python` is the one that runs the tests, on the job's clock."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if key in {"HOME", "LANG", "TMPDIR"} or key.startswith("COVERAGE_")
        }
        clock = self.clock.environment() if self.clock else {}
        return {
            **kept,
            **clock,
            "PATH": f"{_write_programs(self.folder)}:{os.environ['PATH']}",
            "GITHUB_REPOSITORY": "maxony/status",
            "GITHUB_ACTOR": "someone",
            "GITHUB_ACTOR_ID": "1",
            "GITHUB_REF_NAME": "main",
            "GITHUB_RUN_ID": "42",
            "GITHUB_API_URL": self.github,
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "RUNNER_TEMP": str(self.folder),
        }

    def summary(self) -> str:
        """The summary of the run."""
        return (self.folder / "summary.txt").read_text()

    def _wanted(self, condition: str) -> bool:
        """Evaluate a condition of the forms that our workflows use: comparisons of two values, the outcome so far, and combinations."""
        parts = [part for part in condition.split(" && ") if part]
        outcomes = {"always()": True, "failure()": bool(self.failed), "success()": not self.failed}
        decisive = [outcomes[part] for part in parts if part in outcomes] or [not self.failed]
        return all(decisive) and all(self._compared(part) for part in parts if part not in outcomes)

    def _compared(self, condition: str) -> bool:
        left, unequal, right = condition.partition(" != ")
        if not unequal:
            left, _, right = condition.partition(" == ")
        return (self._value(left) == right.strip("'")) is not bool(unequal)

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match[1]), text)

    def _value(self, expression: str) -> str:
        """Evaluate an expression of the forms that our workflows use: a name, or a name with a default."""
        name, _, otherwise = expression.partition(" || ")
        value: Any = {
            "github": {"token": "a-token-of-the-job", "event": self.event},
            "vars": self.variables,
            "secrets": self.secrets,
            "inputs": self.inputs,
            "steps": {key: {"outputs": values} for key, values in self.outputs.items()},
        }
        for part in name.split("."):
            value = value.get(part, {})
        return str(value or otherwise.strip("'"))


def _install(folder: Path) -> None:
    """Install a program that is our command line, as the action's own installation does."""
    program = folder / "constat/bin/constat"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\n{AT_WORK}exec "{sys.executable}" "{ROOT / "generate.py"}" "$@"\n')
    program.chmod(0o755)


def _write_programs(folder: Path) -> Path:
    """Write a folder in which `python` is ours, and `gh` does what our workflows need."""
    programs = folder / "bin"
    if not programs.exists():
        programs.mkdir()
        python = f'#!/bin/sh\n{AT_WORK}exec "{sys.executable}" "$@"\n'
        for name, text in (("python", python), ("gh", f"#!{sys.executable}\n{_GH}")):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
    return programs


_GH = """
import json, os, sys, urllib.request
if sys.argv[1] == "api":
    _, _, path, flag, field = sys.argv
    assert flag == "--field"
    body = json.dumps({**dict([field.split("=")]), "client_payload": {}}).encode()
    headers = {"Authorization": "Bearer " + os.environ["GH_TOKEN"]}
    urllib.request.urlopen(urllib.request.Request(f"{os.environ['GITHUB_API_URL']}/{path}", body, headers)).read()
else:
    assert sys.argv[1:] == ["auth", "setup-git"]
"""
