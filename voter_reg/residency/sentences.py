"""What a person reads whose file is not taken: a plain sentence for each reason, and what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from voter_reg.language import Said, said
from voter_reg.residency.refused import Reason

SENTENCES: Final[Mapping[Reason, Said]] = MappingProxyType(
    {
        "empty": said("The file is empty. Choose it again, or take a new photo."),
        "too-large": said("The file is larger than 10 MB. Take a new photo at normal size, or send fewer pages."),
        "too-many-pixels": said("The picture is too big to open. Take a new photo at normal size."),
        "too-small": said("The picture is too small to read. Take a new photo that shows the whole paper up close."),
        "too-many-pages": said("The PDF has more than 10 pages. Send only those that show your name and address."),
        "page-too-large": said("A page of the PDF is too big to open. Take a photo of the page and send that."),
        "locked": said("The PDF needs a password. Save a copy without it, or take a photo of the paper."),
        "broken": said("The file is damaged, or part of it is missing. Send it again, or take a new photo."),
        "too-slow": said("The file takes too long to open. Take a photo of the paper and send that."),
        "busy": said("We can't open files right now. Wait a minute and send the file again."),
        "two-kinds": said("The file is two kinds of file in one. Take a photo of the paper and send that."),
        "animated": said("The picture moves. Send a photo that stands still."),
        "drawing": said("The file is a drawing or a web page. Take a photo of the paper, or save it as a PDF."),
        "phone-format": said("We can't open HEIC or AVIF photos. Take a screenshot of the photo and send that."),
        "scan-format": said("We can't open this kind of scan (TIFF). Save it as a PDF, or take a photo of the paper."),
        "office": said("We can't open Word, Excel, or other office files. Save it as a PDF and send that."),
        "archive": said("We can't open ZIP files or other packed files. Send each photo or PDF by itself."),
        "video": said("We can't open videos. Take a photo of the paper and send that."),
        "other": said("We can't open this kind of file. Send a photo (JPEG, PNG, or WebP) or a PDF."),
        "not-a-photo": said("We can't look for the code in a PDF. Take a photo of the card and send that."),
    }
)  # fmt: skip
