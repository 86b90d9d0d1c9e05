"""What stands: devices, buses, who holds what, and what was asked for."""
