"""The child process in which risky files are read: ``python -m kb.intake.child MEDIA-TYPE SECONDS BYTES``.

The file's bytes come in on standard input; a reading, or what is wrong, goes out as JSON.
"""

from __future__ import annotations

import contextlib
import json
import sys


def limit(seconds: int, memory: int) -> None:
    """Let the system end this process when it takes more than ``seconds`` of a processor or ``memory`` bytes."""
    try:
        import resource
    except ImportError:  # Windows: the parent's wall clock remains
        return
    wanted = [(resource.RLIMIT_AS, memory, memory), (resource.RLIMIT_CPU, seconds, seconds + 1)]
    wanted.append((resource.RLIMIT_CORE, 0, 0))
    for name, soft, hard in wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS refuses a bound on memory
            resource.setrlimit(name, (soft, hard))


def answer(data: bytes, media_type: str, memory: int) -> dict[str, object]:
    """Return the reading of ``data``, or the message and remedy of what is wrong with it."""
    from kb.intake.readers import content
    from kb.intake.records import UnreadableError

    try:
        reading = content(data, media_type)
    except UnreadableError as error:
        return {"message": error.message, "remedy": error.remedy}
    except MemoryError:
        return {"message": f"needs more than {memory // 2**20:,} MB of memory to read", "remedy": "split the file"}
    except Exception as error:  # the libraries raise whatever they like on broken files
        return {"message": f"is broken ({type(error).__name__})", "remedy": "export it again"}
    return reading._replace(excluded=())._asdict() | {"excluded": [span.model_dump() for span in reading.excluded]}


def main() -> None:
    """Read one file, bounded."""
    media_type, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    limit(seconds, memory)
    json.dump(answer(sys.stdin.buffer.read(), media_type, memory), sys.stdout)


if __name__ == "__main__":
    main()
