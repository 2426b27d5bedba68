"""Ages and months as the law counts them, and the birth dates at which they change.

An age is reached on the birthday itself (周岁及以上 includes the day). Who was born on 29 February grows older on
1 March in a common year: the day 29 February has not come on 28 February.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def age_on(birth: date, on: date) -> int:
    """Full years of age on the day; negative before birth."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def months_between(start: date, on: date) -> int:
    """Full months from `start` to `on`; negative when `start` lies after `on`."""
    return (on.year - start.year) * 12 + on.month - start.month - (on.day < start.day)


def latest_birth(years: int, on: date) -> date:
    """The last birth date of all who are at least `years` old on the day; ends of the calendar as in latest_start."""
    return latest_start(years * 12, on)


def latest_start(months: int, on: date) -> date:
    """The last start date from which at least `months` full months have passed on the day.

    Beyond the calendar it gives the calendar's end on that side; beyond the first day (`too_long`) nobody qualifies,
    not even who starts on that day.
    """
    if too_long(months, on):
        return date.min
    year, month = divmod(_month_index(months, on), 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def too_long(months: int, on: date) -> bool:
    """Whether `months` full months reach back beyond the first day of the calendar."""
    return _month_index(months, on) < date.min.year * 12


def _month_index(months: int, on: date) -> int:
    return on.year * 12 + (on.month - 1) - months


def birthday_in(years: int, birth: date) -> date:
    """The day on which `years` full years are reached; 29 February gives 1 March in a common year.

    ValueError when that lies outside the calendar.
    """
    return month_day_in(years * 12, birth)


def month_day_in(months: int, start: date) -> date:
    """The day on which `months` full months are reached: the same day of the month, or the first of the next.

    ValueError when that lies outside the calendar.
    """
    year, month = divmod(start.year * 12 + (start.month - 1) + months, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)


def day_after(day: date) -> date:
    """The following day."""
    return day + timedelta(days=1)


def last_day(until: date | None) -> date | None:
    """The last day of a span that ends before `until`, as people say it; None for a span without an end."""
    return None if until is None else until - timedelta(days=1)
