"""Entry point of the job code as SageMaker runs it: `python3 <code>.zip train` or `python3 <code>.zip evaluate`.

Python runs a zip or a folder that holds a `__main__.py` and puts it first on `sys.path`.
"""

import os
import sys
from collections.abc import Sequence

from sagemaker import evaluate, train
from sagemaker.container import BASE_DIRECTORY, DEFAULT_BASE, Container, run_job

COMMANDS = {"train": train.JOB, "evaluate": evaluate.JOB}

EXIT_USAGE = 2


def main(arguments: Sequence[str]) -> int:
    """Runs one job to its end.

    Returns:
        The process's exit code: 0 done, 1 the job failed and left its reason in the container's failure file, 2 the
        command line is wrong, 143 training was asked to stop and left its checkpoints.
    """
    job = COMMANDS.get(arguments[0]) if len(arguments) == 1 else None
    if job is None:
        print(
            f"ERROR USAGE: expected one of {' | '.join(COMMANDS)}, got {' '.join(arguments) or 'nothing'}",
            file=sys.stderr,
        )
        return EXIT_USAGE
    return run_job(job, Container.at(os.environ.get(BASE_DIRECTORY, DEFAULT_BASE)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
