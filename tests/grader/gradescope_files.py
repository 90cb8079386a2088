"""What Gradescope writes and reads, and what is in a package for it."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import jsonschema

from grader.course.reading import find_course

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
NAME = "gradient_descent"

# What Gradescope's documentation says of results.json, and no other key: it would be a misspelt one.
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
RESULTS = jsonschema.Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["score", "tests", "stdout_visibility", "extra_data"],
        "properties": {
            "score": {"type": "number", "minimum": 0},
            "execution_time": {"type": "integer", "minimum": 0},
            "output": {"type": "string"},
            "output_format": FORMAT,
            "test_output_format": FORMAT,
            "test_name_format": FORMAT,
            "visibility": VISIBILITY,
            "stdout_visibility": VISIBILITY,
            "extra_data": {"type": "object"},
            "tests": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "status", "visibility"],
                    "dependentRequired": {"score": ["max_score"], "max_score": ["score"]},
                    "properties": {
                        "score": {"type": "number", "minimum": 0},
                        "max_score": {"type": "number", "minimum": 0},
                        "status": {"enum": ["passed", "failed"]},
                        "name": {"type": "string"},
                        "name_format": FORMAT,
                        "number": {"type": "string"},
                        "output": {"type": "string"},
                        "output_format": FORMAT,
                        "tags": {"type": "array", "items": {"type": "string"}},
                        "visibility": VISIBILITY,
                        "extra_data": {"type": "object"},
                    },
                },
            },
        },
    }
)


def checked(text):
    found = json.loads(text)
    RESULTS.validate(found)
    return found


def unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **more)


def metadata_of(created_at, *previous, **more):
    """Write what Gradescope would, with the results that it kept of earlier submissions."""
    entries = [{"submission_time": time, "score": 1.0, "results": results} for time, results in previous]
    users = [{"email": "ada@example.org", "id": 1, "name": "Ada"}, {"email": "", "id": 2, "name": "Bo\x1b[31m,\nB"}]
    return {"id": 7, "created_at": created_at, "users": users, "previous_submissions": entries, **more}


TIMES = [f"2026-09-0{day}T10:00:00.000000-07:00" for day in (1, 2, 3, 4)]
