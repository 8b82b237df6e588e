"""What an image carries beside the program: server configuration and health checks."""
