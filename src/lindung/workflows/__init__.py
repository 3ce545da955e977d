"""What spans rooms: determinations within the budget, the demo, background jobs."""
