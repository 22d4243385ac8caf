"""What a person can do to move in time: the Time menu."""

from typing import Final

from gui.action_reasons import NO_CAUSE, no_anchor, no_stream
from gui.actions import ActionSpec, in_session, refused_in_session
from gui.breakpoint_actions import BREAKPOINT_ACTIONS
from gui.words import said

TIME_ACTIONS: Final = (
    ActionSpec(
        id="previous change",
        text=said("Previous event that changed the selected field"),
        menu="Time",
        keys=(",",),
        begins_group=True,
        does=in_session(lambda it: it.blame.previous_change()),
    ),
    ActionSpec(
        id="next change",
        text=said("Next event that changed the selected field"),
        menu="Time",
        keys=(".",),
        does=in_session(lambda it: it.blame.next_change()),
    ),
    ActionSpec(
        id="previous",
        text=said("Previous event"),
        menu="Time",
        keys=("Left",),
        icon="step-back",
        does=in_session(lambda it: it.playback.step_back()),
    ),
    ActionSpec(
        id="next",
        text=said("Next event"),
        menu="Time",
        keys=("Right",),
        icon="step-forward",
        does=in_session(lambda it: it.playback.step_forward()),
    ),
    ActionSpec(
        id="back ten",
        text=said("Ten events back"),
        menu="Time",
        keys=("Shift+Left",),
        does=in_session(lambda it: it.playback.back_ten()),
    ),
    ActionSpec(
        id="forward ten",
        text=said("Ten events forward"),
        menu="Time",
        keys=("Shift+Right",),
        does=in_session(lambda it: it.playback.forward_ten()),
    ),
    ActionSpec(
        id="previous in stream",
        text=said("Previous event of the stream"),
        menu="Time",
        keys=("Ctrl+Left",),
        why_not=refused_in_session(no_stream),
        does=in_session(lambda it: it.goto.previous_in_stream()),
    ),
    ActionSpec(
        id="next in stream",
        text=said("Next event of the stream"),
        menu="Time",
        keys=("Ctrl+Right",),
        why_not=refused_in_session(no_stream),
        does=in_session(lambda it: it.goto.next_in_stream()),
    ),
    ActionSpec(
        id="first",
        text=said("First event"),
        menu="Time",
        keys=("Home",),
        icon="skip-back",
        does=in_session(lambda it: it.playback.to_first()),
    ),
    ActionSpec(
        id="end",
        text=said("Newest event, and follow"),
        menu="Time",
        keys=("End",),
        icon="skip-forward",
        does=in_session(lambda it: it.playback.to_end()),
    ),
    ActionSpec(
        id="play",
        text=said("Play or pause"),
        menu="Time",
        keys=("Space",),
        begins_group=True,
        does=in_session(lambda it: it.playback.toggle()),
    ),
    *BREAKPOINT_ACTIONS,
    ActionSpec(
        id="reverse",
        text=said("Reverse"),
        menu="Time",
        keys=("-",),
        begins_group=True,
        does=in_session(lambda it: it.playback.reverse()),
    ),
    ActionSpec(
        id="cause",
        text=said("Go to the cause"),
        menu="Time",
        keys=("[",),
        why_not=refused_in_session(lambda it: "" if it.goto.has_cause else NO_CAUSE),
        does=in_session(lambda it: it.goto.to_cause()),
    ),
    ActionSpec(
        id="effect",
        text=said("Go to the effect"),
        menu="Time",
        keys=("]",),
        does=in_session(lambda it: it.goto.to_effect()),
    ),
    ActionSpec(
        id="set anchor",
        text=said("Set A here"),
        menu="Time",
        keys=("Shift+X",),
        begins_group=True,
        does=in_session(lambda it: it.selection.anchor_here()),
    ),
    ActionSpec(
        id="swap",
        text=said("Swap cursor and A"),
        menu="Time",
        keys=("X",),
        why_not=refused_in_session(no_anchor),
        icon="arrow-left-right",
        does=in_session(lambda it: it.selection.swap()),
    ),
    ActionSpec(
        id="clear anchor",
        text=said("Remove A"),
        menu="Time",
        why_not=refused_in_session(no_anchor),
        does=in_session(lambda it: it.selection.drop_anchor()),
    ),
)
