"""When a window has come to rest, so that its picture is the same at each drawing."""

from typing import Final

from PySide6.QtCore import QAbstractAnimation, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.session import Session

A_WHILE_MS: Final = 1_000  # what is put off for longer is not waited for
FADES: Final = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)


def keep_still(app: QApplication) -> None:
    """From now on no text cursor blinks and nothing fades: neither ever comes to rest."""
    app.styleHints().setCursorFlashTime(0)
    for it in FADES:
        app.setEffectEnabled(it, False)


def is_at_rest(app: QApplication) -> bool:
    """Whether every question has its answer, and nothing is about to ask or to move."""
    shown = [it for it in app.topLevelWidgets() if it.isVisible()]
    windows = [it for it in shown if isinstance(it, MainWindow)]
    return (
        all(_has_answers(it) for it in windows)
        and not any(_is_about_to_act(it) for it in shown)
        and not any(_moves(it) for it in shown)
    )


def has_sizes(session: Session | None) -> bool:
    """Whether the list of views tells how large each is: that is measured now and then."""
    views = session.kept_views.views if session is not None else ()
    return bool(views) and all(it.bytes is not None for it in views)


def has_rates(session: Session | None) -> bool:
    """Whether the speed of each view is known, and all have come to rest: each is measured over
    some seconds, from when the projector first saw it."""
    kept = session.kept_views if session is not None else None
    rates = [kept.rates(it.status.name) for it in kept.views] if kept is not None else []
    return bool(rates) and all(it is not None and not it.coming + it.folded for it in rates)


def _has_answers(window: MainWindow) -> bool:
    session = window.session
    if any(it.is_running for it in window.jobs.running) or not window.start_work.is_idle:
        return False
    return session is None or (
        session.tasks.is_idle
        and _is_up_to_date(session)
        and not any(_is_about_to_act(it) for it in _parts(session))
    )


def _is_up_to_date(session: Session) -> bool:
    """What is shown is of where the cursor is, and of every event; a stopped view stays behind."""
    inspection = session.inspector.inspection
    shown = inspection.position if inspection else 0
    going = [it for it in session.status.views if not it.error]
    return shown == session.selection.as_of and all(
        it.checkpoint == session.selection.head for it in going
    )


def _parts(session: Session) -> list[QObject]:
    return [it for it in session.made.values() if isinstance(it, QObject)]


def _is_about_to_act(it: QObject) -> bool:
    """Whether something is put off there, but not for long."""
    timers = it.findChildren(QTimer)
    return any(it.isActive() and it.isSingleShot() and it.interval() <= A_WHILE_MS for it in timers)


def _moves(it: QObject) -> bool:
    running = QAbstractAnimation.State.Running
    return any(it.state() == running for it in it.findChildren(QAbstractAnimation))
