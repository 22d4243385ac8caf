"""Draw every page and dialog, to be looked at:

    python -m tests.gui.draw_everything FOLDER [--log scripts|empty|STORE] [--sizes 1280x800,…]
        [--themes light,dark,contrast]

QT_SCALE_FACTOR=2 draws at that factor. Pictures that show many at once are made beside the single
ones, a file for each size and theme.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.app import make_app
from gui.look.theme import themes
from gui.main_window import MainWindow
from gui.qt_messages import keep_harmless_messages_off_the_terminal, tell_every_message
from gui.settings import Settings
from gui.work.garbage import GuiThreadCollector
from store.opening import open_store
from store.transfer.ingest import ingest
from tests.gui.every_surface import close_all, dialog_doors, open_dialogs, turn_pages
from tests.gui.many_scripts import fill_with_scripts

SIZES: Final = "1280x800,1600x1000,2560x1440"
THEMES: Final = "light,dark,contrast"
ACROSS: Final = 3  # pictures of a sheet, side by side
CELL_PX: Final = 800
SETTLED: Final = 3  # rounds in which nothing was asked


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--log", default="scripts")
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--themes", default=THEMES)
    asked = parser.parse_args()
    keep_harmless_messages_off_the_terminal()
    app = make_app(sys.argv[:1])
    collector = GuiThreadCollector(app)
    for name in ("getOpenFileName", "getSaveFileName"):
        setattr(QFileDialog, name, lambda *_, **__: ("", ""))
    QMessageBox.about = lambda *_: None  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as made:
        os.environ["XDG_CONFIG_HOME"] = made
        sizes = [tuple(map(int, it.split("x"))) for it in asked.sizes.split(",")]
        Drawing(asked.folder, Path(made), sizes, asked.themes.split(",")).draw(asked.log)
    collector.stop()
    tell_every_message()
    return 0


class Drawing:
    """One window at a time; every size and theme of what is in sight is kept."""

    def __init__(
        self, folder: Path, made: Path, sizes: list[tuple[int, ...]], themes_: list[str]
    ) -> None:
        self._folder, self._made = folder, made
        self._sizes, self._themes = sizes, themes_
        self._kept: dict[str, list[Path]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def draw(self, log: str) -> None:
        """The start page, or all of a log."""
        themes().apply("light")
        window = MainWindow(Settings(self._made / "settings.ini"))
        window.show()
        if log == "start":
            self._pause(2_000)
            self._keep(window, "start")
        else:
            window.open_store(self._store(log))
            self._wait(lambda: _is_whole(window))
            self._draw_log(window)
        window.close()
        for group, files in self._kept.items():
            _sheet(files, self._folder / f"sheet-{group}")

    def _draw_log(self, window: MainWindow) -> None:
        session, workspace = window.open_session(), window.open_workspace()
        if session.selection.head:
            session.bookmarks.add(2, "A bookmark with a rather long name that says a lot")
            session.selection.seek(max(session.selection.head // 2, 1))
            self._rest(window)
            session.selection.anchor_here()
            session.selection.seek(session.selection.head * 3 // 4)
        self._rest(window)
        for name, _ in turn_pages(workspace):
            self._rest(window)
            self._keep(window, name)
        seen: set[str] = set()
        for door in dialog_doors(window):
            door()
            self._rest(window)
            for dialog in open_dialogs():
                name = type(dialog).__name__
                if name not in seen:
                    seen.add(name)
                    self._pause(300)
                    self._keep_themes(dialog, name, "dialogs")
            close_all()

    def _store(self, log: str) -> Path:
        path = self._made / f"{Path(log).stem}.foldline"
        if log == "scripts":
            fill_with_scripts(path)
        elif log == "empty":
            open_store(path, create=True).close()
        elif Path(log).suffix == ".foldline":
            path.write_bytes(Path(log).read_bytes())
        else:
            ingest(Path(log), into=path)
        return path

    def _keep(self, window: MainWindow, name: str) -> None:
        for width, height in self._sizes:
            window.resize(width, height)
            self._pause(120)
            self._rest(window)
            self._keep_themes(window, name, f"{width}x{height}")

    def _keep_themes(self, widget: QWidget, name: str, size: str) -> None:
        for theme in self._themes:
            themes().apply(theme)
            self._pause(20)
            file = self._folder / f"{name}-{size}-{theme}.png"
            widget.grab().save(str(file))
            self._kept.setdefault(f"{size}-{theme}", []).append(file)

    def _rest(self, window: MainWindow) -> None:
        """Until nothing is asked any more, and what was answered is laid out."""
        calm = 0
        while calm < SETTLED:
            self._pause(20)
            calm = calm + 1 if window.session is None or window.session.tasks.is_idle else 0

    def _wait(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._pause(20)

    def _pause(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def _is_whole(window: MainWindow) -> bool:
    session = window.session
    return session is not None and bool(session.status.views) and session.status.lag == 0


def _sheet(files: list[Path], base: Path) -> None:
    """Six pictures to a file, each as wide as the others."""
    for start in range(0, len(files), ACROSS * 2):
        images = [_small(it) for it in files[start : start + ACROSS * 2]]
        height = max(it.height() for it in images)
        sheet = QImage(CELL_PX * ACROSS, height * 2, QImage.Format.Format_RGB32)
        sheet.fill(Qt.GlobalColor.gray)
        painter = QPainter(sheet)
        for at, image in enumerate(images):
            painter.drawImage(QPoint(at % ACROSS * CELL_PX, at // ACROSS * height), image)
        painter.end()
        sheet.save(f"{base}-{start // (ACROSS * 2)}.png")


def _small(file: Path) -> QImage:
    image = QImage(str(file))
    if image.width() <= CELL_PX:
        return image
    return image.scaledToWidth(CELL_PX, Qt.TransformationMode.SmoothTransformation)


if __name__ == "__main__":
    sys.exit(main())
