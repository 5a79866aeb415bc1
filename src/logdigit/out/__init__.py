"""The last room: a finished log to files, each written whole or not at all."""
