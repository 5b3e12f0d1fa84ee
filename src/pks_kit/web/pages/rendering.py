"""Templates and words of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from pks_kit.messages import Message, lookup
from pks_kit.templating import in_one_line, page_environment
from pks_kit.visible_text import WIB, format_day, format_wib
from pks_kit.web.covered import covered
from pks_kit.web.pages.at_desk import at_desk
from pks_kit.web.pages.form_layout import place_label
from pks_kit.web.pages.static_files import FOLDER, static_name
from pks_kit.web.scope import AT_DESK
from pks_kit.web.state import holding

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from pks_kit.web.problems import Language

_TEMPLATES = FOLDER.parent / "templates"
_KILO = 1024
_UNITS = ("B", "kB", "MB", "GB")


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Return the environment of the templates of pages."""
    from jinja2 import pass_context

    made = page_environment(
        _TEMPLATES,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=pass_context(_shown),
        cache_size=-1,
    )
    made.globals["static"] = static_name
    made.globals["label_of"] = place_label
    made.filters["covered"] = covered
    made.filters["size"] = size_text
    made.filters["person"] = person_text
    return made


def _shown(context: Mapping[str, Any], value: object) -> object:
    """Return what a page shows of a value: what hides is seen, no command or key is named."""
    if type(value) is str and " " in value:
        value = at_desk(value, context.get("language", "id"))
    return in_one_line(value)


def rendered(template: str, language: Language, values: dict[str, Any]) -> str:
    """Return a page, or a part of one.

    Args:
        template: File in ``templates``.
        language: ``id`` or ``en``.
        values: What the template shows, beside ``t(code)`` for words of ``desk.<code>``, ``say``
            and ``hint`` for messages, ``day`` and ``moment`` for times.
    """
    words = Words(language)
    return (
        environment()
        .get_template(template)
        .render(
            language=language,
            t=words.of,
            say=words.say,
            hint=words.hint,
            both=words.both,
            day=words.day,
            moment=moment_text,
            number=words.number,
            busy_minutes=int(holding.MOST_BUSY.total_seconds()) // 60,
            **values,
        )
    )


class Words:
    """Words, days and numbers in one language.

    Args:
        language: ``id`` or ``en``.
    """

    def __init__(self, language: Language) -> None:
        self.language = language

    def of(self, code: str, /, **params: object) -> str:
        """Return the words of ``desk.<code>``."""
        if not params:
            return _plain(code, self.language)
        return lookup(f"desk.{code}").filled(params, self.language)

    def say(self, message: Message) -> str:
        """Return a message."""
        return message.in_language(self.language)

    def hint(self, code: str, /, **params: object) -> str:
        """Return the advice of ``desk.<code>``; may be empty."""
        if not params:
            return _plain_hint(code, self.language)
        return lookup(f"desk.{code}").fill(params).hint_in_language(self.language)

    def both(self, texts: dict[str, str] | None) -> str:
        """Return a text that stands in both languages, as in the JSON forms; may be empty."""
        return str((texts or {}).get(self.language, ""))

    def day(self, day: date | datetime | str | None) -> str:
        """Return a day as people write it: ``31 Desember 2027``."""
        if not day:
            return ""
        if isinstance(day, str):
            day = date.fromisoformat(day[:10])
        if isinstance(day, datetime):
            day = day.astimezone(WIB).date()
        return format_day(day, self.language)

    def number(self, value: int) -> str:
        """Return a number with marks between the thousands."""
        text = f"{value:,}"
        return text if self.language == "en" else text.replace(",", ".")


@cache
def _plain(code: str, language: Language) -> str:
    return lookup(f"desk.{code}").fill({}).in_language(language)


@cache
def _plain_hint(code: str, language: Language) -> str:
    return lookup(f"desk.{code}").fill({}).hint_in_language(language)


def moment_text(moment: datetime | str) -> str:
    """Return a moment as people read it, in WIB; also one that was written as ISO 8601."""
    return format_wib(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)


def person_text(subject: str) -> str:
    """Return who somebody is as people say it: the name alone of whoever is at a local desk."""
    return subject.removeprefix(AT_DESK)


def size_text(count: int) -> str:
    """Return a size in bytes as people read it."""
    size, unit = float(count), 0
    while size >= _KILO and unit < len(_UNITS) - 1:
        size, unit = size / _KILO, unit + 1
    return f"{size:.0f} {_UNITS[unit]}" if unit == 0 or size >= 10 else f"{size:.1f} {_UNITS[unit]}"
