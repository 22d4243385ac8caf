"""The finish of every widget: thin lines, flat panels, underlined tabs.

A style that paints, and no style sheet: a sheet is matched against every widget whenever one is
made, moved or the theme is switched, which took a second for a window of two thousand.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QStyleOptionToolButton,
    QWidget,
)

from gui.look import style_bars as bars
from gui.look import style_buttons as buttons
from gui.look import style_fields as fields
from gui.look import style_menus as menus
from gui.look import style_tabs as tabs
from gui.look.cut_tips import CutTips
from gui.look.style_dress import dress
from gui.look.tokens import Theme

Draw: TypeAlias = Callable[[Theme, QStyleOption, QPainter, QWidget | None], None]
DrawComplex: TypeAlias = Callable[[Theme, QStyleOptionComplex, QPainter, QWidget | None], None]
Around: TypeAlias = Callable[[QStyleOption, QSize, QWidget | None], QSize]
Recolor: TypeAlias = Callable[[Theme, QStyleOption, QWidget | None], QStyleOption]

_PRIMITIVE: Final = QStyle.PrimitiveElement
_ELEMENT: Final = QStyle.ControlElement
_CONTROL: Final = QStyle.ComplexControl
_CONTENTS: Final = QStyle.ContentsType
_METRIC: Final = QStyle.PixelMetric
_SUB: Final = QStyle.SubElement

PRIMITIVES: Final[dict[QStyle.PrimitiveElement, Draw]] = {
    _PRIMITIVE.PE_PanelLineEdit: fields.draw_line_edit,
    _PRIMITIVE.PE_FrameLineEdit: bars.draw_nothing,
    _PRIMITIVE.PE_Frame: fields.draw_frame,
    _PRIMITIVE.PE_PanelButtonCommand: buttons.draw_push_button,
    _PRIMITIVE.PE_IndicatorCheckBox: buttons.draw_check_box,
    _PRIMITIVE.PE_IndicatorRadioButton: buttons.draw_radio_button,
    _PRIMITIVE.PE_IndicatorItemViewItemCheck: buttons.draw_check_box,
    _PRIMITIVE.PE_Widget: bars.draw_ground,
    _PRIMITIVE.PE_PanelTipLabel: menus.draw_menu_ground,
    _PRIMITIVE.PE_PanelMenu: menus.draw_menu_ground,
    _PRIMITIVE.PE_FrameMenu: bars.draw_nothing,
    _PRIMITIVE.PE_PanelMenuBar: menus.draw_bar_ground,
    _PRIMITIVE.PE_FrameTabWidget: bars.draw_nothing,
    _PRIMITIVE.PE_FrameTabBarBase: bars.draw_nothing,
    _PRIMITIVE.PE_PanelScrollAreaCorner: bars.draw_nothing,
}
ELEMENTS: Final[dict[QStyle.ControlElement, Draw]] = {
    _ELEMENT.CE_PushButtonBevel: buttons.draw_push_button,
    _ELEMENT.CE_TabBarTabShape: tabs.draw_tab,
    _ELEMENT.CE_Splitter: bars.draw_splitter,
    _ELEMENT.CE_HeaderSection: bars.draw_header,
    _ELEMENT.CE_HeaderEmptyArea: bars.draw_header,
    _ELEMENT.CE_ProgressBarGroove: bars.draw_groove,
    _ELEMENT.CE_ProgressBarContents: bars.draw_progress,
    _ELEMENT.CE_MenuBarEmptyArea: menus.draw_bar_ground,
    _ELEMENT.CE_MenuBarItem: menus.draw_bar_item,
}
WORDS: Final[dict[QStyle.ControlElement, Recolor]] = {
    _ELEMENT.CE_PushButtonLabel: buttons.push_button_words,
    _ELEMENT.CE_TabBarTabLabel: tabs.tab_words,
    _ELEMENT.CE_ComboBoxLabel: fields.combo_words,
}
CONTROLS: Final[dict[QStyle.ComplexControl, DrawComplex]] = {
    _CONTROL.CC_ComboBox: fields.draw_combo,
    _CONTROL.CC_SpinBox: fields.draw_spin_box,
    _CONTROL.CC_ScrollBar: bars.draw_scroll_bar,
}
SIZES: Final[dict[QStyle.ContentsType, Around]] = {
    _CONTENTS.CT_LineEdit: fields.line_edit_size,
    _CONTENTS.CT_ComboBox: fields.combo_size,
    _CONTENTS.CT_SpinBox: fields.spin_size,
    _CONTENTS.CT_PushButton: buttons.push_button_size,
    _CONTENTS.CT_ToolButton: buttons.tool_button_size,
    _CONTENTS.CT_MenuBarItem: menus.bar_item_size,
}
METRICS: Final[dict[QStyle.PixelMetric, int]] = {
    _METRIC.PM_DefaultFrameWidth: 1,
    _METRIC.PM_SplitterWidth: 1,
    _METRIC.PM_ScrollBarExtent: bars.SCROLL_PX,
    _METRIC.PM_ScrollBarSliderMin: bars.LEAST_PX,
    _METRIC.PM_ScrollView_ScrollBarSpacing: 0,
    _METRIC.PM_TabBarTabVSpace: 15,
    _METRIC.PM_TabBarTabShiftVertical: 0,
    _METRIC.PM_TabBarTabShiftHorizontal: 0,
    _METRIC.PM_TabBarTabOverlap: 0,
    _METRIC.PM_IndicatorWidth: buttons.BOX_PX,
    _METRIC.PM_IndicatorHeight: buttons.BOX_PX,
    _METRIC.PM_ExclusiveIndicatorWidth: buttons.BOX_PX,
    _METRIC.PM_ExclusiveIndicatorHeight: buttons.BOX_PX,
    _METRIC.PM_ButtonShiftHorizontal: 0,
    _METRIC.PM_ButtonShiftVertical: 0,
    _METRIC.PM_MenuVMargin: 4,
    _METRIC.PM_MenuHMargin: 1,
    _METRIC.PM_MenuPanelWidth: 0,
    _METRIC.PM_MenuBarPanelWidth: 0,
    _METRIC.PM_MenuBarItemSpacing: 0,
    _METRIC.PM_MenuBarHMargin: 6,
    _METRIC.PM_MenuBarVMargin: 0,
}


class FoldlineStyle(QProxyStyle):
    """Qt's Fusion with our finish. `theme` is asked at every paint: set it, then repaint."""

    def __init__(self, theme: Theme, scale: float) -> None:
        super().__init__("Fusion")
        self.setObjectName("foldline")
        self.theme, self.scale = theme, scale
        self._tips = CutTips(self)

    def polish(self, it: Any) -> None:
        super().polish(it)
        if isinstance(it, QWidget):
            dress(it, self.theme)
        if isinstance(it, QComboBox | QLineEdit):
            it.installEventFilter(self._tips)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == _PRIMITIVE.PE_FrameFocusRect and isinstance(widget, QAbstractItemView):
            return
        if (draw := PRIMITIVES.get(element)) is not None:
            draw(self.theme, option, painter, widget)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == _ELEMENT.CE_ShapedFrame and tabs.draw_shaped_frame(
            self.theme, option, painter, widget
        ):
            return
        if element == _ELEMENT.CE_MenuItem and menus.is_separator(option):
            menus.draw_separator(self.theme, option, painter)
        elif (draw := ELEMENTS.get(element)) is not None:
            draw(self.theme, option, painter, widget)
        else:
            recolor = WORDS.get(element)
            words = option if recolor is None else recolor(self.theme, option, widget)
            super().drawControl(element, words, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if isinstance(option, QStyleOptionToolButton):
            buttons.draw_tool_button(self.theme, option, painter, widget)
            words = buttons.tool_button_words(self.theme, option, widget)
            super().drawControl(_ELEMENT.CE_ToolButtonLabel, words, painter, widget)
        elif (draw := CONTROLS.get(control)) is not None:
            draw(self.theme, option, painter, widget)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        if control == _CONTROL.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return bars.scroll_bar_part(option, part)
        if control == _CONTROL.CC_ComboBox and part != QStyle.SubControl.SC_ComboBoxListBoxPopup:
            return fields.combo_part(option.rect, part)
        if control == _CONTROL.CC_SpinBox:
            return fields.spin_part(option.rect, part)
        return self.baseStyle().subControlRect(control, option, part, widget)

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        if element == _SUB.SE_LineEditContents:
            return fields.contents_of(option, widget)
        return self.baseStyle().subElementRect(element, option, widget)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        if (around := SIZES.get(kind)) is not None:
            return around(option, size, widget)
        usual = self.baseStyle().sizeFromContents(kind, option, size, widget)
        return menus.menu_item_size(option, usual) if kind == _CONTENTS.CT_MenuItem else usual

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric == _METRIC.PM_TabBarTabHSpace and widget is not None:
            return 2 * tabs.padding_of(widget)
        own = METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if own is None else own
