"""Presets from elsewhere: read whole, or refused."""

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from ccr.presets.archive import MANIFEST, Unsafe, packed, read

GOOD = {MANIFEST: b"{}", "notes/a.txt": b"hello"}


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"{}" * (member.size // 2)))
    return path


def member(name: str, size: int = 2, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = size, kind, "/etc/passwd"
    return made


def test_each_form_is_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    for name, data in GOOD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (tmp_path / "a.zip").write_bytes(packed(GOOD))
    assert read(folder) == read(tmp_path / "a.zip") == GOOD
    assert packed(GOOD) == packed(dict(reversed(GOOD.items())))


def test_one_folder_around_everything_is_taken_off(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{f"mine-1.0/{MANIFEST}": b"{}", "mine-1.0/x": b"1", "other": b"2"})
    assert read(path) == {MANIFEST: b"{}", "x": b"1"}
    assert read(tarred(tmp_path / "a.tar.gz", member(f"./p/{MANIFEST}"))) == {MANIFEST: b"{}"}


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "..\\evil", "C:\\evil", "C:/evil"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    for path in (
        zipped(tmp_path / "a.zip", **{MANIFEST: b"{}", name: b"x"}),
        tarred(tmp_path / "a.tgz", member(MANIFEST), member(name)),
    ):
        with pytest.raises(Unsafe, match="leads out"):
            read(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_link_or_a_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(Unsafe, match="link or a device"):
        read(tarred(tmp_path / "a.tgz", member(MANIFEST), member("x", 0, kind)))


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_in_a_folder_or_a_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / MANIFEST).symlink_to("/etc/passwd")
    linked = zipfile.ZipInfo("x")
    linked.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(MANIFEST, b"{}")
        archive.writestr(linked, b"/etc/passwd")
    for path in (tmp_path / "f", tmp_path / "a.zip"):
        with pytest.raises(Unsafe, match="link"):
            read(path)


def test_what_is_too_much_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "a.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b"{}")
        archive.writestr("x", b"0" * 50_000_000)
    with pytest.raises(Unsafe, match="2 MB"):
        read(bomb)
    with pytest.raises(Unsafe, match="100 files"):
        read(zipped(tmp_path / "b.zip", **{f"{at}": b"" for at in range(200)}))


@pytest.mark.parametrize("data", [b"", b"not an archive", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_preset(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(Unsafe):
        read(tmp_path / "a")
