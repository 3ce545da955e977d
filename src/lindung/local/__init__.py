"""What Lindung keeps on the machine it runs on: the data folder and the embedded PostgreSQL."""

from lindung.local.server import Server, data_folder

__all__ = ["Server", "data_folder"]
