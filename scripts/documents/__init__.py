"""What the scripts that write and check documents share."""
