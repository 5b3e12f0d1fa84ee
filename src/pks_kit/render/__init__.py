"""From the Naskah tree to PDF, DOCX and plain text; signature pictures."""
