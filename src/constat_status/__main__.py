"""The command `constat`, and `python -m constat_status`.

In a wheel the code is in `app/` beside this file, laid out as in the repository; in an editable installation it is the
repository itself.
"""

import sys
from pathlib import Path


def main() -> int:
    """Run `generate.py` with the words of the command line; return its exit code."""
    package = Path(__file__).resolve().parent
    installed = package / "app"
    sys.path.insert(0, str(installed if installed.is_dir() else package.parents[1]))
    import generate  # noqa: PLC0415 -- it can be found only now that the path is set

    return generate.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
