"""What every form of ours does: it can be sent twice, and it knows what it was filled from."""
