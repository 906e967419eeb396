"""Where the files beside the code are: in a wheel inside the package, in a checkout at its root."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Find the folder `processes`, `forms` or `migrations`.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(PACKAGE / "_data" / name)
