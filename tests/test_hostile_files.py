"""A sample of hostile files; ``python -m tools.hostile`` reads a thousand."""

import time

from kb.errors import InputError
from kb.intake import read_capture
from tools.hostile import SECONDS, hostile_paths


def test_every_hostile_file_ends_in_a_capture_or_a_clear_error(tmp_path):
    ended = {"capture": 0, "error": 0}
    for kind, path in hostile_paths(tmp_path, 150, seed=7, weighty=50):
        started = time.perf_counter()
        try:
            capture = read_capture(path)
        except InputError as error:
            ended["error"] += 1
            (problem,) = error.problems
            assert problem.message, kind
            assert problem.remedy, kind
        else:
            ended["capture"] += 1
            capture.text.encode()
            assert all(0 <= span.start < span.end <= len(capture.text) for span in capture.excluded)
        assert time.perf_counter() - started < SECONDS, (kind, path.name)
    assert min(ended.values()) > 30
