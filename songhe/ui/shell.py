"""What the frame of the console shows around a page. The console door fills a `Shell` and puts it into the context.

The context of `ui/console.html`: `shell` (below) and `today` (a date). Nothing here knows a room or a role.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import LazyObject, empty

from songhe.kernel.told import phrase


@dataclass(frozen=True, slots=True)
class NavItem:
    """One row of the side list or one word of the phone's tab bar; `icon` is a name of the sprite.

    `due` paints the count vermilion: only when something in it must be done now.
    """

    label: str
    url: str
    icon: str
    count: int | None = None
    due: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Rows between two hairlines; the label is read out, not shown."""

    items: tuple[NavItem, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the person at the keyboard works: the levels above, then the own one in bold."""

    own: str
    above: tuple[str, ...] = ()
    below: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """The telephone that is always answered."""

    phone: str
    label: str = phrase("值班")

    @property
    def dialled(self) -> str:
        """The number without what a telephone cannot dial."""
        return "".join(letter for letter in self.phone if letter.isdigit() or letter == "+")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A row of the user menu; `post` for what changes something, such as signing out."""

    label: str
    url: str
    icon: str = ""
    post: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in."""

    name: str
    office: str = ""
    menu: tuple[MenuItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Bell:
    """Notices that were not read yet."""

    count: int
    url: str
    due: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """What was just done and the address that takes it back (POST); shown for ten seconds."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Shell:
    """The whole frame. `tabs` has five words at most; `rail` is the user's choice (cookie `sh-rail`)."""

    home_url: str
    nav: tuple[NavGroup, ...] = ()
    tabs: tuple[NavItem, ...] = ()
    scope: Scope | None = None
    duty: Duty | None = None
    user: User | None = None
    bell: Bell | None = None
    undo: Undo | None = None
    search_url: str = ""
    search_words: str = phrase("找人：姓名、证件后四位、住址")
    place: str = ""
    notice: str = ""
    rail: bool = False


def unwrapped(shell: Shell | LazyObject[Shell]) -> Shell:
    """The shell itself, where the context holds one that is asked for late."""
    if not isinstance(shell, LazyObject):
        return shell
    if shell._wrapped is empty:
        shell._setup()
    found: Shell = shell._wrapped
    return found
