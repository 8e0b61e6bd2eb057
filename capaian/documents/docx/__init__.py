"""Documents as .docx, to be edited in Word: real styles, fields, captions and repeated table heads."""

from capaian.documents.docx.render import render_docx

__all__ = ["render_docx"]
