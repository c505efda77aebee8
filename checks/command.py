"""Runs the octet command of this checkout."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def octet(*arguments, java_home=None, options="", variables=()):
    """Runs ./octet, with these variables of the environment; returns the finished process, whatever its exit code."""
    environment = dict(os.environ, OCTET_OPTS=options, **dict(variables))
    if java_home:
        environment["JAVA_HOME"] = str(java_home)
    command = [ROOT / "octet", *map(str, arguments)]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def octet_output(*arguments, **settings):
    """Runs ./octet and returns its standard output; ends the program when it fails."""
    finished = octet(*arguments, **settings)
    if finished.returncode != 0:
        raise SystemExit(f"octet {' '.join(map(str, arguments))} ended with {finished.returncode}:\n{finished.stderr}")
    return finished.stdout


class Bars:
    """Prints what holds and what does not, and collects the latter."""

    def __init__(self):
        self.missed = []

    def hold(self, holds, text):
        print(("ok      " if holds else "MISSED  ") + text, flush=True)
        if not holds:
            self.missed.append(text)

    def end(self):
        print(f"{len(self.missed)} bars missed")
        raise SystemExit(1 if self.missed else 0)
