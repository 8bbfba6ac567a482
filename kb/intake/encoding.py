"""Bytes to text: byte-order mark, UTF-8, the declared character set, and windows-1252 as the last resort."""

from __future__ import annotations

import re

from kb.intake.records import UnreadableError

_DECLARED = re.compile(
    rb"""(?:<meta[^>]{0,300}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w:.-]{1,40})""", re.I
)
_LOOKED_AT = 4096  # bytes in which a declaration is looked for
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_WESTERN = {"ascii", "us-ascii", "latin1", "latin-1", "iso-8859-1", "iso8859-1", "windows-1252", "cp1252"}
_KNOWN = {  # what browsers know; Python's codecs that are no character sets stay out
    *(f"windows-{number}" for number in (874, *range(1250, 1259))),
    *(f"iso-8859-{number}" for number in (*range(2, 12), 13, 14, 15, 16)),
    *"koi8-r koi8-u macintosh gbk gb2312 gb18030 big5 euc-jp shift_jis euc-kr iso-2022-jp".split(),
}
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]{1,3}")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_REMEDY = "save it again as UTF-8"


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text and a note on a character set that was assumed (else ""); raise `UnreadableError`.

    Valid UTF-8 is taken for UTF-8 whatever is declared: no other text of some length is valid by chance, and a
    page saved by a browser keeps a declaration that no longer holds.
    """
    text, note = _decoded(data)
    controls = len(_CONTROLS.findall(text, 0, 100_000))
    if "\0" in text or controls * 50 > min(len(text), 100_000):
        raise UnreadableError("is binary: it holds control characters as no text does", "name a file of text")
    return text, note


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name, "its byte-order mark says"), ""
    declared = _declared(data)
    if declared == "iso-2022-jp":  # the one that is written in ASCII
        return _strictly(data, declared, "it declares"), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        if declared in _KNOWN:
            return _strictly(data, declared, "it declares"), ""
        several = len(_MULTIBYTE.findall(data, 0, 1_000_000)) > 2
        if several and declared not in _WESTERN:
            message = f"is not valid UTF-8: byte {error.start} cannot be read"
            raise UnreadableError(message, _REMEDY) from None
        text = _strictly(data, "windows-1252", "it is not UTF-8, and windows-1252 was tried:")
        return text, "" if declared in _WESTERN else "windows-1252 assumed"


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data, 0, _LOOKED_AT)
    return found[1].decode("ascii", "replace").lower() if found else ""


def _strictly(data: bytes, name: str, why: str) -> str:
    try:
        return data.decode("mac_roman" if name == "macintosh" else name)
    except UnicodeDecodeError as error:
        message = f"cannot be decoded: {why} {name}, but byte {error.start} does not fit"
        raise UnreadableError(message, _REMEDY) from None
