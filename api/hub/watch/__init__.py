"""What looks like somebody feeling their way through what others hold, and the alarms it raises."""
