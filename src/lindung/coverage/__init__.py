"""Who is covered, against whom there is to cover, on any date."""
