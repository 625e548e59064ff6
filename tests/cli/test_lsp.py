"""`ccr lsp` where its library is missing; with it, see tests/lsp/test_server.py."""

import subprocess
import sys


def test_without_the_extra_it_says_what_to_install() -> None:
    """As on a machine without pygls: nothing of that name can be found."""
    program = (
        "import sys; from importlib.machinery import PathFinder; find = PathFinder.find_spec;"
        "PathFinder.find_spec = classmethod(lambda cls, name, *rest: None if name.startswith('pygls') else find(name, *rest));"
        "sys.argv = ['ccr', 'lsp']; from ccr.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("ccr lsp needs the extra `lsp`; in a clone of ccr:  ./install.sh --extras lsp\n")
    assert "pip install '.[lsp]'" in done.stderr
