"""A preset as it comes: a folder, a `.zip` or a `.tar.gz` with a `manifest.json`, read whole into memory.

An archive from elsewhere is not trusted: a name that leads out of the preset, a link, and more than a preset can be are
refused, and nothing is unpacked by a library. Only reading; where it goes is `shelf`'s business.
"""

import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

MANIFEST = "manifest.json"
_MOST_FILES, _LARGEST = 100, 2 * 1024 * 1024
"""Files in a preset; bytes of all of them together, unpacked."""
Files = Mapping[str, bytes]


class Unsafe(Exception):
    """It is no preset, or one that may not be unpacked; the text is for people."""


def read(source: Path) -> Files:
    """The files by their names below the manifest's folder. Raises Unsafe, and OSError where it cannot be read."""
    if source.is_dir():
        return _checked(_in_folder(source))
    return unpacked(source.read_bytes(), source.name)


def unpacked(data: bytes, called: str) -> Files:
    """The files of an archive, which people know as `called`. Raises Unsafe."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _checked(_in_zip(data))
    try:
        return _checked(_in_tar(data))
    except tarfile.TarError:
        raise Unsafe(f"{called} is no folder, no .zip and no .tar.gz") from None


def packed(files: Files) -> bytes:
    """The files as a `.zip`, the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return made.getvalue()


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise Unsafe(f"{path.name} is a link, which a preset may not hold")
        if path.is_file():
            _small(path.stat().st_size)
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _in_zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if (member.external_attr >> 16) & 0o170000 == 0o120000:
                    raise Unsafe(f"{member.filename} is a link, which a preset may not hold")
                if not member.is_dir():
                    _small(member.file_size)
                    with archive.open(member) as stream:
                        yield member.filename, stream.read(_LARGEST + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as broken:
        raise Unsafe(f"the archive cannot be read: {broken}") from None


def _in_tar(data: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
        for member in archive:
            if member.isdir():
                continue
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is None:
                raise Unsafe(f"{member.name} is a link or a device, which a preset may not hold")
            _small(member.size)
            yield member.name, stream.read(_LARGEST + 1)


def _small(size: int) -> None:
    if size > _LARGEST:
        raise Unsafe(f"it holds more than {_LARGEST // 1024 // 1024} MB, which no preset needs")


def _checked(members: Iterator[tuple[str, bytes]]) -> Files:
    found: dict[str, bytes] = {}
    for name, data in members:
        found[_inside(name)] = data
        _small(sum(map(len, found.values())))
        if len(found) > _MOST_FILES:
            raise Unsafe(f"it holds more than {_MOST_FILES} files, which no preset needs")
    manifests = sorted(
        (name for name in found if PurePosixPath(name).name == MANIFEST), key=lambda name: name.count("/")
    )
    if not manifests:
        raise Unsafe(f"there is no {MANIFEST} in it")
    root = manifests[0].removesuffix(MANIFEST)  # archives often hold one folder, and in that everything
    return {name.removeprefix(root): data for name, data in found.items() if name.startswith(root)}


def _inside(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0] or "\0" in name:
        raise Unsafe(f"{name!r} leads out of the preset")
    return path.as_posix()
