"""Commands about enrolments."""
