"""Every operation of the document, asked by schemathesis: ``python -m tools.document_fuzz``."""
