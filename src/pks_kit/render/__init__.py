"""The tree to PDF, DOCX and text; appearance pictures, covers and reports.

``html*.py`` write the HTML, ``pdf/`` lays it out and assembles the file, ``docx/`` writes the
same words for Word, ``text.py`` the plain text, ``cover/`` the instructions for paper.
"""
