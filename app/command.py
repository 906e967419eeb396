"""What `shenpi` starts: the command, loaded without looking for garbage in it."""

import gc


def main() -> None:
    """Load the command and run it."""
    # What is loaded stays: to search it again and again takes a fifth of the time in which a command starts.
    gc.disable()
    from app import cli

    gc.freeze()
    gc.enable()
    cli.main()
