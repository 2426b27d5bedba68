"""Where things lie: the law, and the folder for data Songhe keeps between runs."""

from __future__ import annotations

import os
from pathlib import Path

from songhe.kernel.errors import BadInput

_HERE = Path(__file__).resolve()


def policies_folder() -> Path:
    """The folder of the lists: SONGHE_POLICIES, else beside the package, else inside it (installed from a wheel).

    BadInput when none of them is there.
    """
    named = os.environ.get("SONGHE_POLICIES")
    candidates = [Path(named)] if named else [_HERE.parents[2] / "policies", _HERE.parents[1] / "policies"]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise BadInput(str(candidates[0]), "没有清单文件夹", accepted="用SONGHE_POLICIES指出policies文件夹在哪里")


def data_folder() -> Path:
    """Where the embedded database and other data live: SONGHE_DATA, else the user's own data folder."""
    named = os.environ.get("SONGHE_DATA")
    if named:
        return Path(named)
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "songhe"
