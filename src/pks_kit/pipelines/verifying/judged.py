"""What a verb gives that judged a file: report and pictures, with the name and the moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pks_kit.files import NamedFile
from pks_kit.json_form import HasJsonForm
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import VerifyReport

if TYPE_CHECKING:
    from pks_kit.verification.report.paper_html import LivePage


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedResult(HasJsonForm):
    """A file that was judged.

    Attributes:
        name: Name of the file, for people.
        moment: Moment of the examination.
        examined: Report and pictures.
    """

    name: str
    moment: datetime
    examined: Examined = field(repr=False)

    def json_form(self) -> VerifyReport:
        """Return the report."""
        return self.report

    @property
    def report(self) -> VerifyReport:
        """Return the report: verdict, checks, signatures, notes."""
        return self.examined.report

    def review_page(self, language: str, live: LivePage | None = None) -> NamedFile:
        """Return the page on which a person decides about a scan.

        Args:
            language: ``id`` or ``en``.
            live: For a page that is served and writes at once.
        """
        from pks_kit.verification.report.paper_html import paper_page

        text = paper_page(self.examined, self.name, language, self.moment, live)
        return NamedFile("periksa-kertas.html", text.encode("utf-8"))
