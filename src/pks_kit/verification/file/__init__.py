"""The file itself: intake, active and concealed content, words and pictures of pages."""
