"""Which storage a job has: plain files on the laptop, S3 elsewhere."""

import os
from pathlib import Path

from engines.file_storage import FileStorage
from engines.s3_storage import S3Storage
from engines.storage import Storage

OBJECT_ROOT = "HUNDREDFOLD_OBJECT_ROOT"


def storage_from_environment() -> Storage:
    """Plain files below ``HUNDREDFOLD_OBJECT_ROOT`` where it is set, otherwise S3 with the caller's own role."""
    root = os.environ.get(OBJECT_ROOT)
    if root:
        return FileStorage(Path(root))
    return S3Storage()
