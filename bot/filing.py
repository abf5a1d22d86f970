"""The photos and files of a person: pure. What is taken, what it belongs to, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.model import File, Remark

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Handed, State

LARGEST = 20 * 1024 * 1024  # bytes; a bot can fetch no more from Telegram
MOST_FILES = 200  # of one person
SHOWN_AT_ONCE = 10  # files of one paper sent back in one go
OTHER = 0  # in the place of a paper's number: none of the list
LARGEST_PHOTO = 10 * 1024 * 1024  # bytes; a larger picture can be sent as a file only

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/tiff": "tif",
    "application/pdf": "pdf",
}
PICTURES = ("image/jpeg", "image/png", "image/webp")  # what Telegram shows as a picture
# What a sender's program calls those kinds, or a file it knows nothing of.
_NAMED = frozenset(ENDINGS) | {
    "",
    "application/octet-stream",
    "application/x-pdf",
    "image/heic-sequence",
    "image/heif",
    "image/heif-sequence",
    "image/jpg",
    "image/pjpeg",
    "image/x-tiff",
}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_PDF_WITHIN = 1024  # bytes; some programs write something before the mark


def kind_of(content: bytes) -> str | None:
    """Return what a file is by its first bytes; None for what is not taken."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if content.startswith((b"II*\0", b"MM\0*")):
        return "image/tiff"
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "application/pdf"
    return None


def refusal(state: State, act: Handed) -> Remark | None:
    """Return why something handed in is not taken, and what to do; None where it is taken."""
    if act.file is None:
        return Remark(f"handed_{act.what}")
    if state.case is None:
        return Remark("file_too_early")
    if act.what == "document" and act.file.mime.casefold() not in _NAMED:
        return Remark("handed_document")
    if act.file.size > LARGEST:
        return Remark("file_too_large")
    if len(state.files) >= MOST_FILES:
        return Remark("file_too_many")
    return None


def received(state: State, act: Handed, paper: int | None, takes_over: int, now: datetime) -> State:
    """Return the state with a file that is to be fetched. What is of one album goes where its first part went."""
    if act.file is None or state.case is None:
        raise ValueError("there is nothing to be kept, or no case to keep it in")
    first = next((one for one in state.files if act.album and one.album == act.album), None)
    file = File(
        act.message_id,
        state.case.number if first is None else first.case,
        paper if first is None else first.paper,
        act.what == "photo",
        act.album,
        True,
        act.file.file_id,
        size=act.file.size,
        takes_over=takes_over if first is None else 0,
        since=int(now.timestamp()),
    )
    return replace(state, files=(*(one for one in state.files if one.number != file.number), file))


def arrived(state: State, file: File, mime: str, size: int) -> State:
    """Return the state with a file's bytes here; the one it takes the place of goes."""
    kept = replace(file, coming=False, file_id="", mime=mime, size=size, takes_over=0)
    others = (one for one in state.files if one.number != file.takes_over)
    return replace(state, files=tuple(kept if one.number == file.number else one for one in others))


def without(state: State, number: int) -> State:
    """Return the state without a file."""
    return replace(state, files=tuple(one for one in state.files if one.number != number))


def placed(state: State, numbers: set[int], paper: int) -> State:
    """Return the state with these files put to a paper."""
    return replace(
        state,
        files=tuple(replace(one, paper=paper) if one.number in numbers else one for one in state.files),
    )


def goes_on(state: State, album: str) -> bool:
    """Say whether something of an album was taken already."""
    return bool(album) and any(one.album == album for one in state.files)


def still_coming(state: State, file: File) -> bool:
    """Say whether more of what was sent together with a file is still to be fetched."""
    return bool(file.album) and any(
        one.coming and one.album == file.album and one.number != file.number for one in state.files
    )
