"""Paper: scan files to one strip, its geometry and its layout."""
