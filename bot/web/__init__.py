"""What a browser or a monitor sees: set-up, status, health and figures. Nothing here knows the analysis."""
