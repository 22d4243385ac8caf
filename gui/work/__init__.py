"""Work off the GUI thread, and the processes that the window owns."""
