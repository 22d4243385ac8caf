"""What each view shows and asks for; QtCore only."""
