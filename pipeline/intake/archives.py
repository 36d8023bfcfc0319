"""Zip files, unpacked with limits, since a small one can hold terabytes."""

from __future__ import annotations

import atexit
import lzma
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from pipeline.errors import InputError

MOST_BYTES = 8 << 30  # of all members together
MOST_TIMES_LARGER = 200  # than the zip; text shrinks 5 to 20 times
FREE_BYTES = 64 << 20  # so much may come out of any zip
MOST_MEMBERS = 10_000
PIECE = 1 << 20
DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError,
)  # fmt: skip


def is_archive(path: Path, head: bytes) -> bool:
    """Whether a file is a zip, and not an Excel workbook (which is one inside)."""
    if not head.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return path.suffix.lower() == ".zip"


def unpack(path: Path) -> Path:
    """Unpack a zip into a folder that is gone when the program ends.

    Raises
    ------
    InputError
        When it is damaged, encrypted, or holds far more than a zip of this size should.
    """
    folder = Path(tempfile.mkdtemp(prefix="wijk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    left = min(MOST_BYTES, max(FREE_BYTES, MOST_TIMES_LARGER * path.stat().st_size))
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise InputError(f"{path.name} heeft te veel bestanden: {len(members)}, hoogstens {MOST_MEMBERS}")
            for number, member in enumerate(members):
                left -= _unpack_member(archive, member, folder / f"{number:05d}_{_plain(member.filename)}", left, path)
    except DAMAGED as error:
        raise InputError(f"{path.name} is een beschadigd zipbestand ({error})") from None
    except RuntimeError:  # what zipfile says of a member with a password
        raise InputError(f"{path.name} heeft een wachtwoord; pak het eerst uit") from None
    return folder


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, path: Path) -> int:
    """Write one member; gives its real size, which its own header may lie about."""
    written = 0
    with archive.open(member) as source, target.open("wb") as file:
        while piece := source.read(PIECE):
            written += len(piece)
            if written > left:
                raise InputError(
                    f"{path.name} bevat veel meer dan past bij zo'n klein zipbestand; pak het zelf uit en kijk"
                )
            file.write(piece)
    return written


def _plain(name: str) -> str:
    """Last part of a member's name, so that nothing can leave the folder."""
    return PurePosixPath(name.replace("\\", "/")).name.replace("\0", "") or "bestand"
