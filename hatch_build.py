"""What is made when a wheel or an editable install is built: the parser's tables beside the grammar (ccr/lang/tables.py), and the
web UI in ccr/api/static where Node is there. Where it is not, that is said, and /ui explains it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MakeFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before the files of the wheel are gathered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from ccr.lang.tables import GRAMMAR, SAVED, dump
        finally:
            sys.path.remove(self.root)
        folder = Path(self.root, "grammar")
        (folder / SAVED).write_bytes(dump((folder / GRAMMAR).read_text(encoding="utf-8")))
        build_data.setdefault("artifacts", []).append("ccr/api/static/**")
        if not _build_ui(Path(self.root, "ui")):
            self.app.display_warning(_WITHOUT)


_WITHOUT = "the web UI is not built: Node 20 or newer and npm are needed (then `make ui`); everything else works"


def _build_ui(folder: Path) -> bool:
    """Whether the pages are there when it returns. CCR_WITHOUT_UI=1 leaves them out."""
    npm, built = shutil.which("npm"), folder.parent / "ccr" / "api" / "static" / "index.html"
    if os.environ.get("CCR_WITHOUT_UI") or not (npm and shutil.which("node")) or not folder.is_dir():
        return built.is_file()
    installed = (folder / "node_modules" / "esbuild").is_dir()
    steps = [[npm, "run", "--silent", "build"]]
    steps = steps if installed else [[npm, "ci", "--silent", "--no-audit", "--no-fund"], *steps]
    return all(subprocess.run(step, cwd=folder, check=False).returncode == 0 for step in steps)
