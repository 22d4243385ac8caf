"""The File menu: stores as a whole, their models, checks and copies."""

from typing import Final

from gui.actions import ActionSpec, in_session

FILE_ACTIONS: Final = (
    ActionSpec(
        id="new",
        text="New store…",
        menu="File",
        keys=("Ctrl+N",),
        needs_store=False,
        does=lambda it: it.make_copy("new"),
    ),
    ActionSpec(
        id="open",
        text="Open…",
        menu="File",
        keys=("Ctrl+O",),
        needs_store=False,
        does=lambda it: it.choose_store(),
    ),
    ActionSpec(
        id="import",
        text="Import…",
        menu="File",
        keys=("Ctrl+I",),
        needs_store=False,
        does=lambda it: it.choose_import(),
    ),
    ActionSpec(
        id="export",
        text="Export…",
        menu="File",
        keys=("Ctrl+E",),
        does=lambda it: it.work.export(it.open_session()),
    ),
    ActionSpec(
        id="export audit",
        text="Export the audit trail…",
        menu="File",
        does=lambda it: it.work.export_audit(it.open_session()),
    ),
    ActionSpec(
        id="model",
        text="Open a model of your own…",
        menu="File",
        keys=("Ctrl+M",),
        does=lambda it: it.work.choose_model(it.open_session()),
    ),
    ActionSpec(
        id="reload model",
        text="Reload the model",
        menu="File",
        keys=("F5",),
        does=in_session(lambda it: it.model_file.reload()),
    ),
    ActionSpec(
        id="compare models",
        text="Compare the model with what it was",
        menu="File",
        does=lambda it: it.work.compare_models(it.open_session()),
    ),
    ActionSpec(
        id="projection",
        text="Open a projection of your own…",
        menu="File",
        does=lambda it: it.work.choose_projection(it.open_session()),
    ),
    ActionSpec(
        id="change event",
        text="Change an event type…",
        menu="File",
        does=lambda it: it.work.change_event(it.open_session()),
    ),
    ActionSpec(
        id="bundled models",
        text="Use the bundled models only",
        menu="File",
        does=in_session(lambda it: it.model_file.drop()),
    ),
    ActionSpec(
        id="rebuild",
        text="Rebuild views",
        menu="File",
        does=lambda it: it.work.rebuild(it.open_session()),
    ),
    ActionSpec(
        id="certify",
        text="Certify views and snapshots",
        menu="File",
        does=lambda it: it.work.certify(it.open_session()),
    ),
    ActionSpec(
        id="snapshots",
        text="Snapshots…",
        menu="File",
        does=lambda it: it.work.show_snapshots(it.open_session()),
    ),
    ActionSpec(
        id="verify",
        text="Verify store",
        menu="File",
        does=lambda it: it.work.verify(it.open_session()),
    ),
    ActionSpec(
        id="sign",
        text="Sign a checkpoint…",
        menu="File",
        does=lambda it: it.work.show_checkpoint(it.open_session(), "sign"),
    ),
    ActionSpec(
        id="prove",
        text="Verify a checkpoint…",
        menu="File",
        does=lambda it: it.work.show_checkpoint(it.open_session(), "prove"),
    ),
    ActionSpec(
        id="backup",
        text="Back up…",
        menu="File",
        does=lambda it: it.make_copy("backup"),
    ),
    ActionSpec(
        id="compact",
        text="Compact…",
        menu="File",
        does=lambda it: it.make_copy("compact"),
    ),
    ActionSpec(
        id="salvage",
        text="Salvage a damaged store…",
        menu="File",
        needs_store=False,
        does=lambda it: it.make_copy("salvage"),
    ),
    ActionSpec(
        id="migrate",
        text="Migrate to other event types…",
        menu="File",
        does=lambda it: it.make_copy("migrate"),
    ),
    ActionSpec(
        id="close",
        text="Close store",
        menu="File",
        keys=("Ctrl+W",),
        does=lambda it: it.close_store(),
    ),
    ActionSpec(
        id="quit",
        text="Quit",
        menu="File",
        keys=("Ctrl+Q",),
        needs_store=False,
        does=lambda it: it.close(),
    ),
)
