"""What a page that is made of another page has from it."""

from __future__ import annotations

from dataclasses import dataclass

from logdigit.types import Page


@dataclass(frozen=True)
class DerivedPage:
    """A page whose pixels are those of another, changed: where they come from stays as it was."""

    page: Page

    @property
    def dpi(self) -> tuple[float, float] | None:
        """Tagged resolution (x, y) of the page."""
        return self.page.dpi

    @property
    def source(self) -> str:
        """Path of the file."""
        return self.page.source

    @property
    def index(self) -> int:
        """Number of the image in its file, from 0."""
        return self.page.index


@dataclass(frozen=True)
class RecolouredPage(DerivedPage):
    """A page of the same size whose greys or colours are others."""

    @property
    def height(self) -> int:
        """Rows, px."""
        return self.page.height

    @property
    def width(self) -> int:
        """Columns, px."""
        return self.page.width
