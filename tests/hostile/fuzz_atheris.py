"""Let atheris look for inputs that break a target: `python -m tests.hostile.fuzz_atheris TARGET [libFuzzer options]`."""

import sys

import atheris

with atheris.instrument_imports(include=["app.engine", "app.domain"]):
    from tests.hostile.fuzz_targets import TARGETS


def main() -> None:
    """Fuzz one target with the options of libFuzzer."""
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
