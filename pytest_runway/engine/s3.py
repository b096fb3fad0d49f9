"""Answers as Amazon's storage gives them: XML. That Runway's do is assumed (facts §1.4)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from pytest_runway.wire import Reply

XML_TYPE = "application/xml"


def xml_error(status: int, code: str, message: str, **more: object) -> Reply:
    """Return an error of the storage; ``more`` are further elements, by name."""
    told = {"Code": code, "Message": message, **more}
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()
    headers = (("content-type", XML_TYPE), ("content-length", str(len(body))))
    return Reply(status, headers, body)
