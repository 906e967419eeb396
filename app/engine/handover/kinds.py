"""Files of another kind under a name that promises a process: told by how they begin."""

from app.domain.text import N_

_DOCUMENT = N_("这是 Office 文档或者压缩包，不是流程图。请交 .bpmn 文件，整个流程打成 .zip。")
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", _DOCUMENT),
    (b"PK\x05\x06", _DOCUMENT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("这是旧版 Office 文档，不是流程图。请交 .bpmn 文件。")),
    (b"%PDF-", N_("这是 PDF 文档，不是流程图。请交 .bpmn 文件。")),
    (b"\x89PNG\r\n\x1a\n", N_("这是图片，不是流程图。请交 .bpmn 文件。")),
    (b"\xff\xd8\xff", N_("这是照片，不是流程图。请交 .bpmn 文件。")),
    (b"GIF8", N_("这是图片，不是流程图。请交 .bpmn 文件。")),
    (b"BM", N_("这是图片，不是流程图。请交 .bpmn 文件。")),
    (b"\x1f\x8b", N_("这是 gzip 压缩文件。请交 .bpmn 文件，整个流程打成 .zip。")),
    (b"Rar!", N_("这是 RAR 压缩文件。请交 .bpmn 文件，整个流程打成 .zip。")),
    (b"7z\xbc\xaf\x27\x1c", N_("这是 7z 压缩文件。请交 .bpmn 文件，整个流程打成 .zip。")),
    (b"\x7fELF", N_("这是程序，不是流程图。请交 .bpmn 文件。")),
    (b"MZ", N_("这是程序，不是流程图。请交 .bpmn 文件。")),
    (b"SQLite format 3\x00", N_("这是数据库，不是流程图。请交 .bpmn 文件。")),
)


def foreign_kind(content: bytes) -> str | None:
    """Return the sentence for a file that is no text of ours, or None."""
    return next((message for signature, message in _SIGNATURES if content.startswith(signature)), None)
