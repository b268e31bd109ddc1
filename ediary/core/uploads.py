"""Files that people send in, and how kept files leave the house again.

What a file is, its content says, not its name and not what the browser claims. Nothing is decoded, unpacked to the
disk or run here; a PDF's scripts are not looked for: every file leaves as an attachment that no browser opens as a
page of ours.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any
from urllib.parse import quote

import flask
from flask import Response, make_response
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import Field, ValidationError
from wtforms.widgets import FileInput

from ediary.core.errors import BadInput


class Kind(StrEnum):
    """What we take."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]

    @property
    def limit(self) -> int:
        """Bytes."""
        return LIMITS[self]


MB = 1024 * 1024
MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv",
}
SUFFIXES = {
    Kind.PDF: ("pdf",),
    Kind.JPEG: ("jpg", "jpeg"),
    Kind.PNG: ("png",),
    Kind.XLSX: ("xlsx",),
    Kind.CSV: ("csv", "txt"),
}
#: a scanned order and a telephone's photograph fit; 2,000 rows with all their columns take less than one
LIMITS = {Kind.PDF: 10 * MB, Kind.JPEG: 10 * MB, Kind.PNG: 10 * MB, Kind.XLSX: 5 * MB, Kind.CSV: 5 * MB}

DOCUMENTS = (Kind.PDF, Kind.JPEG, Kind.PNG)
TABLES = (Kind.XLSX, Kind.CSV)

#: bytes of a whole request: the largest file and the form around it
LARGEST_REQUEST = max(LIMITS.values()) + 256 * 1024
#: and of one without files: a million empty fields would cost a worker its memory
LARGEST_FORM = 500_000

LONGEST_NAME = 120
#: what a telephone's camera can do; a picture of 10 kB may claim more memory than the machine has
LARGEST_SIDE, MOST_POINTS = 20_000, 120_000_000
#: what a workbook may unpack to
UNPACKED, MOST_PARTS = 40 * MB, 2_000


@dataclass(frozen=True)
class Upload:
    """A file as it may be kept. The name is for people: shown and given back, never a path."""

    name: str
    kind: Kind
    content: bytes

    @property
    def media_type(self) -> str:
        return self.kind.media_type

    @property
    def size(self) -> int:
        return len(self.content)


class Request(flask.Request):
    """A request that may be large only where it can hold files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_content_length = LARGEST_REQUEST if self.mimetype == "multipart/form-data" else LARGEST_FORM


# --- taking ---------------------------------------------------------------------------------------------------------


def accept(sent: FileStorage | None, kinds: Collection[Kind] = DOCUMENTS) -> Upload:
    """The file, if it is what may be sent here. Raises BadInput with a sentence for each refusal."""
    if sent is None or not sent.filename:
        raise BadInput(_("Choose a file."))
    size = sent.stream.seek(0, io.SEEK_END)
    sent.stream.seek(0)
    if size == 0:
        raise BadInput(_("The file is empty. Nothing was uploaded."))
    _refuse_large(size, max(kind.limit for kind in kinds))
    content = sent.stream.read()
    kind = kind_of(content)
    if kind is None or kind not in kinds:
        raise BadInput(_said_of_foreign(content, kind, kinds))
    _refuse_large(size, kind.limit)
    _CHECKS[kind](content)
    return Upload(clean_name(sent.filename, kind), kind, content)


class UploadField(Field):
    """A file in a form: `data` is the Upload, None when none was chosen, and a refusal is the field's error."""

    widget = FileInput()

    def __init__(self, label: Any, kinds: Sequence[Kind] = DOCUMENTS, *, required: bool = True, **kwargs: Any) -> None:
        offered = ",".join(f".{suffix}" for kind in kinds for suffix in SUFFIXES[kind])
        most = max(kind.limit for kind in kinds)
        said = {"accept": offered, "required": required, "data-most": most, "data-too-large": too_large_before(most)}
        super().__init__(label, render_kw=said, **kwargs)
        self.kinds, self.required = kinds, required

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = next((value for value in valuelist if isinstance(value, FileStorage)), None)
        self.data = None
        if self.required or (sent is not None and sent.filename):
            try:
                self.data = accept(sent, self.kinds)
            except BadInput as error:
                raise ValidationError(error.message) from None

    def pre_validate(self, form: Any) -> None:
        if self.required and self.data is None and not self.process_errors:  # sent as a form without files
            raise ValidationError(_("Choose a file."))

    def _value(self) -> bool:
        return False


def size_words(size: int, *, up: bool = False) -> str:
    """„5 MB“, „4,7 MB“, „300 kB“; `up` rounds up, so that what is too large never looks as large as what may be."""
    if size < MB:
        return f"{max(1, -(-size // 1024))} kB"
    tenths = -(-size * 10 // MB) if up else round(size * 10 / MB)
    whole, rest = divmod(tenths, 10)
    return f"{whole},{rest} MB" if rest else f"{whole} MB"


def too_large(size: int, limit: int = LARGEST_REQUEST - 256 * 1024) -> str:
    """What is said of a file, or of a whole request, that is over its limit."""
    return _(
        "The file is too large: %(size)s, at most %(limit)s. Nothing was uploaded.",
        size=size_words(size, up=True),
        limit=size_words(limit),
    )


def too_large_before(limit: int) -> str:
    """What the page says of a file that it does not even send: of a request that is far too large only its head is
    read, and a browser shows that as a lost connection."""
    return _("The file is too large: at most %(limit)s. It was not sent.", limit=size_words(limit))


def _refuse_large(size: int, limit: int) -> None:
    if size > limit:
        raise BadInput(too_large(size, limit))


def kind_of(content: bytes) -> Kind | None:
    """What the content begins as; None for what we do not take."""
    for kind, magic in _MAGIC:
        if content.startswith(magic):
            return kind
    return Kind.CSV if _is_text(content) else None


_MAGIC = (
    (Kind.PDF, b"%PDF-"),
    (Kind.JPEG, b"\xff\xd8\xff"),
    (Kind.PNG, b"\x89PNG\r\n\x1a\n"),
    (Kind.XLSX, b"PK\x03\x04"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _is_text(content: bytes) -> bool:
    """Lines that people can read, in one of the two encodings met here, and no web page."""
    if _CONTROL.search(content) or content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b""):
        return False
    for encoding in ("utf-8", "cp1257"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _said_of_foreign(content: bytes, kind: Kind | None, kinds: Collection[Kind]) -> str:
    wanted = ", ".join(kind.name for kind in Kind if kind in kinds)
    if content[4:8] == b"ftyp" and Kind.JPEG in kinds:
        return _("This is a picture of another kind (HEIC); save or send it as JPEG. Nothing was uploaded.")
    if content.startswith(b"\xd0\xcf\x11\xe0") and Kind.XLSX in kinds:
        return _("This is an old Excel file or one with a password: save it as XLSX without one. Nothing was uploaded.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) and Kind.CSV in kinds:
        return _("This text is written in UTF-16: save it as “CSV UTF-8” or XLSX. Nothing was uploaded.")
    is_workbook = b"xl/workbook" in content  # other packages begin as a workbook does
    if kind is not None and (kind is not Kind.XLSX or is_workbook):
        return _(
            "The file is a %(found)s, here only %(wanted)s can be sent. Nothing was uploaded.",
            found=kind.name,
            wanted=wanted,
        )
    return _("This kind of file cannot be sent here, only %(wanted)s. Nothing was uploaded.", wanted=wanted)


def _damaged() -> BadInput:
    return BadInput(_("The file is damaged or cut short: open it, save it anew, send it again. Nothing was uploaded."))


def clean_name(raw: str, kind: Kind) -> str:
    """A name for people: no folders, no signs that cannot be seen or that turn letters round, ending as its kind does.

    At most 120 characters.
    """
    name = _visible(raw.replace("\\", "/").rsplit("/", 1)[-1])
    name = re.sub(r'[<>:"|?*]', "-", name).strip(" .")
    stem, _dot, suffix = name.rpartition(".")
    if not stem or suffix.lower() not in SUFFIXES[kind]:
        stem, suffix = name or _("file"), SUFFIXES[kind][0]
    return f"{stem[: LONGEST_NAME - len(suffix) - 1].rstrip(' .')}.{suffix}"


def _visible(text: str) -> str:
    text = "".join(" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", text))
    return " ".join("".join(letter for letter in text if unicodedata.category(letter)[0] != "C").split())


# --- kind by kind ---------------------------------------------------------------------------------------------------


def _check_pdf(content: bytes) -> None:
    """Begins as one, and nothing follows its last end."""
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\r\n\t \0"):
        raise _damaged()


def _check_points(width: int, height: int) -> None:
    if not (width and height):
        raise _damaged()
    if max(width, height) > LARGEST_SIDE or width * height > MOST_POINTS:
        raise BadInput(
            _(
                "The picture is too large to be looked at: %(width)s × %(height)s points. Nothing was uploaded.",
                width=width,
                height=height,
            )
        )


def _check_jpeg(content: bytes) -> None:
    """Its segments up to the frame, which says how many points it has. What telephones put after the end may stay."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            _check_points(width, height)
            if content.rfind(b"\xff\xd9") < at:
                break
            return
        length = int.from_bytes(content[at + 2 : at + 4])
        if not 0xC0 <= marker <= 0xFE or marker in _ALONE or length < 2:
            break
        at += 2 + length
    raise _damaged()


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: markers without a length, and the scan, before which a frame must stand
_ALONE = frozenset(range(0xD0, 0xDB))


def _check_png(content: bytes) -> None:
    """Its chunks, whole, each with the right sum, from the head to the end and nothing after."""
    at, kinds = 8, []
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        body = content[at + 4 : at + 8 + length]
        if content[at + 8 + length : at + 12 + length] != zlib.crc32(body).to_bytes(4):
            raise _damaged()
        kinds.append(body[:4])
        if len(kinds) == 1:
            if body[:4] != b"IHDR" or length != 13:
                raise _damaged()
            _check_points(*struct.unpack(">II", body[4:12]))
        at += 12 + length
        if body[:4] == b"IEND":
            break
    if at != len(content) or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds:
        raise _damaged()


def _check_xlsx(content: bytes) -> None:
    """A workbook, and nothing that unpacks without end, calls for other files or runs."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive.infolist())
            for part in archive.infolist():
                with archive.open(part) as file:
                    _check_xml(file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error):
        raise _damaged() from None


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if len(names) != len(parts) or len(parts) > MOST_PARTS:
        raise _damaged()
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise BadInput(_("This is no Excel workbook: save the table as XLSX or CSV. Nothing was uploaded."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadInput(_("The workbook holds macros: save it as a plain XLSX. Nothing was uploaded."))
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged()
    if sum(part.file_size for part in parts) > UNPACKED:
        raise BadInput(
            _(
                "The workbook unpacks to more than %(limit)s: leave only the table in it. Nothing was uploaded.",
                limit=size_words(UNPACKED),
            )
        )


def _check_xml(file: IO[bytes]) -> None:
    """No declarations of its own: by them a small file grows without end or asks for others. Office writes none."""
    before = file.read(4)
    if before[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        raise _damaged()  # an encoding in which the word looked for would look otherwise
    while piece := file.read(MB):
        if b"<!DOCTYPE" in before + piece:
            raise _damaged()
        before = piece[-16:]


def _check_text(content: bytes) -> None:
    """All was looked at when its kind was told."""


_CHECKS = {
    Kind.PDF: _check_pdf,
    Kind.JPEG: _check_jpeg,
    Kind.PNG: _check_png,
    Kind.XLSX: _check_xlsx,
    Kind.CSV: _check_text,
}


# --- giving back ----------------------------------------------------------------------------------------------------


def send(content: bytes, name: str, media_type: str) -> Response:
    """A kept file as a download: never opened in our pages' place, never guessed at, never kept on the way.

    Of another type than ours it goes as plain bytes.
    """
    answer = make_response(content)
    answer.mimetype = media_type if media_type in MEDIA_TYPES.values() else "application/octet-stream"
    answer.headers["Content-Disposition"] = _attachment(_visible(name) or "file")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _attachment(name: str) -> str:
    """Both spellings of the name: for those that read RFC 5987, and in plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", plain) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
